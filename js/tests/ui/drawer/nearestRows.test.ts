// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Nearest } from "../../../src/wire/replies";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
beforeEach(async () => {
  page = await FakePage.open({ _runs: [run(0, { perplexity: 5 }), run(1, { perplexity: 30 })] });
});
afterEach(() => page.close());

const nearest = (changes: Partial<Nearest> = {}): Nearest => ({
  sentence: "of its 3 nearest in the original space are also nearest on the map",
  runs: [0, 1],
  positions: [9, 5, 40],
  distances: [0.5, 1.25, 2],
  kept: { 0: [true, true, false], 1: [true, false, false] },
  ...changes,
});
const neighbors = () => page.all(".tw-neighbor");

async function open(...by_metric: Nearest[]): Promise<void> {
  await page.openDrawer("rows");
  await page.python.select(77);
  await page.python.answerTo("neighbors", { row: 77, by_metric });
  await page.python.answerBatches();
}

test("the one selected row shows its nearest in the data, with distance and whether maps keep them", async () => {
  await open(nearest());
  expect(page.find(".tw-near").dataset.near).toBe("77");
  expect(neighbors().map(({ textContent }) => textContent)).toEqual([
    "species 90.5kept on 2 of 2",
    "species 51.25kept on 1 of 2",
    "species 402kept on 0 of 2",
  ]);
  expect(neighbors()[1].title).toContain("id 5, at distance 1.25; among the 3 nearest on 1 of 2 maps");
});

test("of a single map each is kept or not", async () => {
  await open(nearest({ runs: [0], kept: { 0: [true, true, false] } }));
  expect(neighbors().map(({ dataset }) => dataset.kept)).toEqual(["1", "1", "0"]);
  expect(neighbors()[2].textContent).toContain("not kept");
});

test("a click goes there", async () => {
  await open(nearest());
  const reveal = vi.fn();
  Object.assign(page.view.scatter ?? {}, { reveal });
  await page.click(neighbors()[1]);
  expect([...page.store.selection.value]).toEqual([5]);
  expect(reveal).toHaveBeenCalledWith(5);
});

test("they are called by the column that the user chooses", async () => {
  await open(nearest());
  const menu = await page.openMenu("Column that names the nearest rows: species");
  await page.click(menu.querySelector("[data-value='width']") as HTMLElement);
  await page.python.answerBatches();
  expect(neighbors()[0].textContent).toContain("2.25");
});

test("maps in several metrics have a list for each", async () => {
  const sentence = (metric: string) => `of its 3 nearest by ${metric} distance are also nearest on the map`;
  await open(
    nearest({ sentence: sentence("euclidean"), runs: [0] }),
    nearest({ sentence: sentence("<b>"), runs: [1] }),
  );
  expect(page.texts(".tw-near-head > span:first-child")).toEqual([
    "the 3 nearest in the data by euclidean distance, nearest first",
    "the 3 nearest in the data by <b> distance, nearest first",
  ]);
  expect(page.made()).toBe(0);
});

test("they are listed also if no lines join them, and of several rows nothing is", async () => {
  page.view.joining.value = false;
  await open(nearest());
  expect(neighbors()).toHaveLength(3);
  await page.python.select(77, 78);
  expect(neighbors()).toHaveLength(0);
});
