import { expect, test } from "vitest";
import { agreeByConstruction, rhythm, shortTitles, tableOf, titles } from "../../src/view/titles";
import { run } from "../model";

const perplexities = [5, 30, 100].map((perplexity, i) => run(i, { perplexity }));
const seedsByInit = ["pca", "random"].flatMap((init, i) =>
  [0, 1, 2].map((random_state) => run(3 * i + random_state, { init, random_state })),
);

test("a title names what varies; of a single map its perplexity", () => {
  expect(titles(perplexities)).toEqual(["perplexity 5", "perplexity 30", "perplexity 100"]);
  expect(titles(seedsByInit.slice(2, 4))).toEqual(["seed 2, PCA", "seed 0, random"]);
  expect(titles([run(0, { perplexity: 2.5 })])).toEqual(["perplexity 2.5"]);
});

test("where there is little room a title is shorter, but not where one word is enough", () => {
  const both = [run(0, { perplexity: 5 }), run(1, { random_state: 3 })];
  expect(shortTitles(both)).toEqual(["5 · s0", "30 · s3"]);
  expect(shortTitles(perplexities)).toEqual(titles(perplexities));
});

test("two that vary make a table, rows by the slower one", () => {
  expect(tableOf(seedsByInit)).toEqual({
    rows: ["PCA init", "random init"],
    columns: ["seed 0", "seed 1", "seed 2"],
    places: [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ],
  });
});

test("a table keeps its places when a map is removed", () => {
  const table = tableOf(seedsByInit.filter((_, i) => i !== 1));
  expect(table?.columns).toEqual(["seed 0", "seed 1", "seed 2"]);
  expect(table?.places).toEqual([
    [0, 0],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test.each([
  ["one varies", perplexities],
  ["three vary", [...seedsByInit, run(9, { perplexity: 5 })]],
  ["most places would be empty", [0, 1, 2].map((i) => run(i, { perplexity: 5 + i, random_state: i }))],
])("no table where %s", (_, runs) => {
  expect(tableOf(runs)).toBeNull();
});

test("where three vary, so many stand in a row that rows and columns mean something", () => {
  const all = [5, 30].flatMap((perplexity) => seedsByInit.map((each) => ({ ...each, perplexity })));
  expect(rhythm(all)).toEqual([3, 6]);
  expect(rhythm(all.slice(1))).toBeNull();
  expect(rhythm(seedsByInit)).toBeNull();
});

test("maps that differ by seed alone and start alike agree by construction", () => {
  expect(agreeByConstruction(seedsByInit.slice(0, 3))).toBe(true);
  expect(agreeByConstruction(seedsByInit.slice(3))).toBe(false);
  expect(agreeByConstruction(seedsByInit)).toBe(false);
  expect(agreeByConstruction(perplexities)).toBe(false);
  expect(agreeByConstruction([run(0)])).toBe(false);
});
