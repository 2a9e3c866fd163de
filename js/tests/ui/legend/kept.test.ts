// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
afterEach(() => page.close());

const positions = Array.from({ length: 10 }, (_, i) => i);
const reply = { row: 77, positions, distances: positions, kept: { "0": 7, "1": 4 } };
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
