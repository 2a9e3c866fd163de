import { expect, test } from "vitest";
import { agreeByConstruction, shortTitles, tableOf, titles } from "../src/app/titles";
import { run } from "./model";

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
  expect(shortTitles(both)).toEqual(["perp 5, seed 0", "perp 30, seed 3"]);
  expect(shortTitles(perplexities)).toEqual(titles(perplexities));
});

test("two that vary make a table, rows by the slower one", () => {
  expect(tableOf(seedsByInit)).toEqual({
    rows: ["PCA init", "random init"],
    columns: ["seed 0", "seed 1", "seed 2"],
  });
});

test.each([
  ["one varies", perplexities],
  ["one is missing", seedsByInit.slice(1)],
  ["the last is missing", seedsByInit.slice(0, 5)],
  ["three vary", [...seedsByInit, run(9, { perplexity: 5 })]],
  ["they stand in another order", [seedsByInit[1], seedsByInit[0], ...seedsByInit.slice(2)]],
])("no table where %s", (_, runs) => {
  expect(tableOf(runs)).toBeNull();
});

test("maps that differ by seed alone and start alike agree by construction", () => {
  expect(agreeByConstruction(seedsByInit.slice(0, 3))).toBe(true);
  expect(agreeByConstruction(seedsByInit.slice(3))).toBe(false);
  expect(agreeByConstruction(seedsByInit)).toBe(false);
  expect(agreeByConstruction(perplexities)).toBe(false);
  expect(agreeByConstruction([run(0)])).toBe(false);
});
