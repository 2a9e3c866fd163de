// @vitest-environment happy-dom
/** A map of the selected rows, or of all others, from the legend. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
const select = (count: number) => page.python.select(...Array.from({ length: count }, (_, i) => i));
const link = (words: string) => page.all(".tw-selected .tw-link").find((each) => each.textContent === words);
const told = () => page.find(".tw-selected").textContent;

beforeEach(async () => {
  page = await FakePage.open({ _runs: [run(0, { perplexity: 10 }), run(1, { perplexity: 30 })] });
});
afterEach(() => page.close());

test("the selected rows and all others are offered a map of their own, with the first map's perplexity", async () => {
  await select(50);
  expect(link("map of these")?.title).toBe("A t-SNE map of these 50 rows alone, beside the others");
  await page.click("map of these");
  expect(link("map without these")?.title).toBe("A t-SNE map of the other 70 rows alone, beside the others");
  await page.click("map without these");
  expect(page.commands()).toEqual([
    { name: "map_selection", without: false, perplexity: null },
    { name: "map_selection", without: true, perplexity: null },
  ]);
  expect(document.activeElement).toBe(page.find(".tw-map"));
});

test("too few rows for the perplexity are offered the largest possible, and the reason", async () => {
  await select(25);
  expect(told()).toContain("perplexity 10 needs 31 rows; these are 25");
  expect(link("map of these")).toBeUndefined();
  await page.click("map of these at perplexity 8");
  expect(page.commands()).toEqual([{ name: "map_selection", without: false, perplexity: 8 }]);
  await select(6);
  expect(told()).toContain("too few for a map of their own");
  expect(link("map without these")).toBeDefined();
});

test("31 rows are enough for perplexity 10", async () => {
  await select(31);
  expect(link("map of these")).toBeDefined();
  expect(told()).not.toContain("needs");
});

test("all rows have a map already, so nothing is offered", async () => {
  await select(120);
  expect([link("map of these"), link("map without these")]).toEqual([undefined, undefined]);
});

test("from an enlarged map one comes back to the grid, where the new map appears", async () => {
  await select(50);
  page.view.enlarge(0);
  await page.click("map of these");
  expect(page.view.focus.value).toBeNull();
});
