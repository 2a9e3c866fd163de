// @vitest-environment happy-dom
/** New rows in the view: the legend, the tooltip, what a panel says, and what a click selects. */
import { act } from "preact/test-utils";
import { afterEach, expect, test } from "vitest";
import { sceneOf } from "../../../src/ui/picture/scene";
import { squaresOf } from "../../../src/view/newRows";
import type { NewRowsTrait } from "../../../src/wire/traits";
import { layoutOf, status } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const HOSTILE = "<b>tomorrow</b>";
const ROWS: NewRowsTrait = { number: 4, count: 2, name: HOSTILE, names: ["r1", "r2"], labels: ["a", null] };
const TOLD = { run: 0, epoch: 0, iteration: 1000, number: 4, count: 2, nearest: 2, reach: 2.5 };
const CATEGORIES = {
  kind: "categories" as const,
  name: "kind",
  names: ["a", "b"],
  counts: [60, 60],
  has_missing: false,
  colors: [],
  codes: new DataView(Uint16Array.from({ length: 120 }, (_, i) => i % 2).buffer),
};

let page: FakePage;
let seq = 1;
afterEach(() => page.close());

async function open(rows: NewRowsTrait | null = ROWS): Promise<void> {
  page = await FakePage.open({
    _new_rows: rows,
    _labels: CATEGORIES,
    _color: { mode: "labels", column: "kind", kinds: ["categories"], transforms: [] },
  });
  seq = 1;
}

const buffers = (far = 1) => [
  layoutOf(1, 2, 3, 4),
  new DataView(Int32Array.of(7, 3, 20, 9).buffer),
  layoutOf(far, 2, 3, 4),
];

const placed = (changes: Partial<typeof TOLD> = {}, far = 1) =>
  act(() =>
    page.python.model.say(
      { type: "news", seq: ++seq, runs: [], placed: [{ ...TOLD, ...changes }] },
      ...buffers(far),
    ),
  );
const pointAt = (index: number) =>
  act(() => {
    page.view.newRow.value = { panel: 0, index, x: 9, y: 9 };
  });

test("squares have the colours of their labels, and a missing label is an outline", async () => {
  await open();
  expect(squaresOf(page.view).size).toBe(0);
  await placed();
  const squares = squaresOf(page.view).get(0);
  expect([...(squares?.positions ?? [])]).toEqual([1, 2, 3, 4]);
  const fills = [...(squares?.codes ?? [])].map((code) => squares?.fills[code]);
  expect(fills[0]).toMatch(/^rgb/);
  expect(fills[1]).toBe(null);
});

test("labels that the colours do not know leave all squares in one colour", async () => {
  await open({ ...ROWS, labels: ["a", "other"] });
  await placed();
  expect([...(squaresOf(page.view).get(0)?.codes ?? [])]).toEqual([0, 0]);
  await page.set("_new_rows", { ...ROWS, labels: null });
  expect(squaresOf(page.view).get(0)?.fills).toEqual([null]);
});

test("squares of other rows, or of another layout, are not shown", async () => {
  await open();
  await placed({ number: 3 });
  expect(squaresOf(page.view).size).toBe(0);
  await placed({ iteration: 999 });
  expect(squaresOf(page.view).size).toBe(0);
  await placed();
  expect(squaresOf(page.view).size).toBe(1);
  await page.set("_new_rows", null);
  expect(squaresOf(page.view).size).toBe(0);
  expect(page.find(".tw-new-rows")).toBe(null);
});

test("the legend counts them, says how many lie beyond the data, and hides them", async () => {
  await open();
  await placed({ reach: 9 });
  expect(page.find(".tw-new-rows").textContent).toBe(`${HOSTILE}2`);
  await placed({}, 3);
  expect(page.find(".tw-new-rows").textContent).toContain("2 lie beyond the data");
  expect(sceneOf(page.view).texts.some(({ text }) => text.includes("2 rows"))).toBe(true);
  await page.click(page.find(".tw-new-rows button"));
  expect(page.find(".tw-new-rows button").getAttribute("aria-pressed")).toBe("false");
  expect(squaresOf(page.view).size).toBe(0);
  expect(page.made()).toBe(0);
});

test("a tooltip names a new row and the rows nearest to it, and says that it lies beyond the data", async () => {
  await open();
  await placed();
  await pointAt(0);
  const tooltip = page.find("[data-new-row='0']").textContent;
  expect(tooltip).toContain("anew row 0 · r1");
  expect(tooltip).toContain("row 7 · b at 1");
  expect(tooltip).toContain("row 3 · b at 2");
  expect(tooltip).not.toContain("beyond");
  await pointAt(1);
  expect(page.find("[data-new-row='1']").textContent).toContain("beyond the data");
});

test("a panel says what new rows wait for, or why it shows none", async () => {
  await open();
  const why = "no new rows: given coordinates have no way to place new rows";
  const told = status({ iteration: 1000, playing: false, placing: why });
  await act(() =>
    page.python.model.say({ type: "news", seq: ++seq, runs: [{ status: told, layout: null }], placed: [] }),
  );
  expect(page.find(".tw-panel .tw-placing").textContent).toBe(why);
});
