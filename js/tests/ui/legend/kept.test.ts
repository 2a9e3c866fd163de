// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
afterEach(() => page.close());

const positions = Array.from({ length: 10 }, (_, i) => i);
/** `kept`: how many of the nearest each run keeps. */
const nearest = (sentence: string, kept: Record<string, number>) => ({
  ...{ sentence, positions, distances: positions, runs: Object.keys(kept).map(Number) },
  kept: Object.fromEntries(Object.entries(kept).map(([run, most]) => [run, positions.map((i) => i < most)])),
});
const SENTENCE = "of its 10 nearest in the original space are also nearest on the map";
const reply = { row: 77, by_metric: [nearest(SENTENCE, { "0": 7, "1": 4 })] };
const told = () => page.find("[data-kept]");

test("the legend tells how many neighbours of one selected row the map keeps, not of several rows", async () => {
  page = await FakePage.open();
  await page.python.select(77);
  await page.python.answerTo("neighbors", reply);
  expect(told().dataset.kept).toBe("77");
  expect(told().textContent).toBe("7 of its 10 nearest in the original space are also nearest on the map");
  await page.python.select(77, 78);
  expect(told()).toBeNull();
});

test("each of several maps has its own count", async () => {
  page = await FakePage.open({ _runs: [run(0, { perplexity: 5 }), run(1, { perplexity: 30 })] });
  await page.python.select(77);
  await page.python.answerTo("neighbors", reply);
  expect(page.texts("[data-kept] .tw-share")).toEqual(["7", "4"]);
});

test("maps in other metrics have their own sentence, and their own lines", async () => {
  page = await FakePage.open({ _runs: [0, 1, 2].map((id) => run(id, { perplexity: id + 5 })) });
  await page.python.select(77);
  const by_metric = [
    nearest("by <b> distance", { "0": 7, "2": 4 }),
    nearest("by cosine distance", { "1": 3 }),
  ];
  await page.python.answerTo("neighbors", { row: 77, by_metric });
  expect(page.texts("[data-kept] > span")).toEqual(["by <b> distance", "by cosine distance"]);
  expect(page.texts("[data-kept] .tw-kept")).toHaveLength(3);
  expect(page.made()).toBe(0);
  expect(page.texts("[data-kept] .tw-share")).toEqual(["7", "4", "3"]);
});

test("lines to neighbours can be switched off, and then nothing is asked", async () => {
  page = await FakePage.open();
  const menu = await page.openMenu("How points look");
  const join = [...menu.querySelectorAll<HTMLLabelElement>("label")].find((label) =>
    label.textContent?.includes("join a selected point"),
  );
  const box = join?.querySelector("input") as HTMLInputElement;
  await page.click(box);
  await page.python.select(77);
  expect([page.python.asked, told()]).toEqual([[], null]);
  await page.click(box);
  await page.python.answerTo("neighbors", reply);
  expect(told().dataset.kept).toBe("77");
});
