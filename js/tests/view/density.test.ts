// @vitest-environment happy-dom
/** The density of all rows: what is asked of Python and when, and what the panel and the legend say of it. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TileKey } from "../../src/scatter";
import type { DensityReply } from "../../src/wire/replies";
import type { DensityTrait } from "../../src/wire/traits";
import { layoutOf, news } from "../fakes/model";
import { FakePage } from "../fakes/page";

const SAMPLE = "a sample of 120 of 2,000,000 rows";
const SHADE = "the shade is the density of all";
const ELSEWHERE = "the density of 2,000,000 rows belongs to the map as it was fitted";
const DENSITY: DensityTrait = {
  ...{ rows: 2_000_000, corner: [0, 0], side: 8, bins: 256, levels: 12 },
  ...{ run: 0, epoch: 0, iteration: 1000, words: [SAMPLE, SHADE], elsewhere: ELSEWHERE },
};
const ROOT: TileKey = [0, 0, 0];

let page: FakePage;

beforeEach(async () => {
  page = await FakePage.open({ _density: DENSITY });
  page.view.size.value = { width: 800, height: 400 };
});

afterEach(() => {
  page.close();
  vi.useRealTimers();
});

const asked = () => page.python.asked.flatMap((query) => (query.name === "density" ? [query.tiles] : []));
const want = (...tiles: TileKey[]) => act(() => page.view.density.take(tiles));
const told = () => page.texts(".tw-density-key");

/** Replies that the first of some tiles has a row in its last bin. */
async function answer(...tiles: TileKey[]): Promise<void> {
  const result: DensityReply = {
    tiles: tiles.map(([level, column, row], i) => ({ level, column, row, filled: Number(i === 0) })),
    ...{ full: 1, unlike: "12 rows are unlike the sample", far: "farther than 4.2" },
  };
  const buffers = [Uint16Array.of(65_535), Uint32Array.of(1)].map(({ buffer }) => new DataView(buffer));
  await page.python.answerTo("density", result, ...buffers);
  await act(() => vi.waitFor(() => expect(page.view.density.shown.value?.tileOf(tiles[0])).toBeDefined()));
}

test("the coarsest tile is asked for at once, others once the view rests, a few at a time, then what is left", async () => {
  await want(ROOT, [3, 1, 1]);
  expect(asked()).toEqual([[ROOT, [3, 1, 1]]]);
  await answer(ROOT, [3, 1, 1]);
  const opacities = page.view.density.shown.value?.tileOf(ROOT);
  expect(opacities?.[255]).toBeGreaterThan(0); // the last bin is at the top right
  expect(page.view.density.shown.value?.tileOf([3, 1, 1])?.every((one) => one === 0)).toBe(true);

  vi.useFakeTimers();
  for (const column of [0, 1, 2]) await want([4, column, 0]);
  expect(asked()).toHaveLength(1);
  const many = Array.from({ length: 11 }, (_, column): TileKey => [4, column, 3]);
  await want(...many);
  await act(() => void vi.advanceTimersByTime(200));
  expect(asked()).toHaveLength(2);
  expect(asked()[1]).toEqual(many.slice(0, 8));
  await want();
  await act(() => void vi.advanceTimersByTime(1000));
  expect(asked()).toHaveLength(2); // nothing at rest
});

test("panel and legend say what is to be seen, and a switch hides it", async () => {
  expect(told()).toEqual([SAMPLE]);
  await want(ROOT);
  await answer(ROOT);
  expect(told()).toEqual([`${SAMPLE}; ${SHADE}`]);
  const legend = page.find(".tw-of-all-rows");
  expect(legend.textContent).toBe("all rows2,000,00012 rows are unlike the sample");
  expect(legend.querySelector("p")?.title).toContain("farther than 4.2");
  const menu = await page.openMenu("How points look");
  const [choice] = [...menu.querySelectorAll("label")].filter(({ textContent }) =>
    textContent?.includes("density of all rows"),
  );
  await act(() => choice.querySelector("input")?.click());
  expect(page.view.density.shown.value).toBe(null);
  expect(told()).toEqual([SAMPLE]);
  await page.click(legend.querySelector("button") as HTMLElement);
  expect(page.view.density.shown.value).not.toBe(null);
});

test("a map that has moved hides it and says so", async () => {
  const moved = { run: 0, epoch: 1, iteration: 1010, playing: true };
  const layout = layoutOf(...Array.from({ length: 240 }, (_, i) => i % 5));
  await act(() => page.python.model.say(news(2, moved), layout));
  expect(page.view.density.shown.value).toBe(null);
  expect(told()).toEqual([ELSEWHERE]);
  expect(page.find(".tw-of-all-rows").textContent).toContain(ELSEWHERE);
});

test("in the history, the map as it was fitted has it again", async () => {
  const moved = { run: 0, epoch: 1, iteration: 1010, playing: false };
  await act(() => page.python.model.say(news(2, moved), layoutOf(...new Array(240).fill(1))));
  expect(page.view.density.shown.value).toBe(null);
  await act(() => page.view.playback.seek(0));
  await page.python.answerTo("keyframes", { iterations: [1000] });
  const kept = { run: 0, epoch: 0, iteration: 1000, words: {} };
  const placed = { offset: [0, 0] as [number, number], scale: 1, gaps: false };
  const points = new DataView(new ArrayBuffer(480));
  await page.python.answerTo("keyframes_at", { runs: [{ ...kept, ...placed }] }, points);
  expect(page.view.density.shown.value?.panel).toBe(0);
  expect(told()).toEqual([SAMPLE]);
  await act(() => page.view.playback.live());
  expect(told()).toEqual([ELSEWHERE]);
});

test("why there is none is said, and nothing is asked again", async () => {
  await want(ROOT);
  await page.python.refuse("rows are missing", "density");
  expect(page.find(".tw-of-all-rows").textContent).toContain("the density cannot be shown: rows are missing");
  expect(asked()).toHaveLength(1);
});

test("a widget without one has none of all this", async () => {
  page.close();
  page = await FakePage.open();
  expect(page.all(".tw-density-key, .tw-of-all-rows")).toEqual([]);
  expect((await page.openMenu("How points look")).textContent).not.toContain("density");
});
