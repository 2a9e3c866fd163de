import { expect, test } from "vitest";
import { rhythm, tableOf, wordsOf } from "../../src/view/axes";
import { AXES, run } from "../fakes/model";

const perplexities = [5, 30, 100].map((perplexity, i) => run(i, { perplexity }));
const seedsByInit = ["pca", "random"].flatMap((init, i) =>
  [0, 1, 2].map((random_state) => run(3 * i + random_state, { init, random_state })),
);

test("values are written as Python writes them, each once", () => {
  expect(wordsOf(seedsByInit, "init")).toEqual(["PCA", "random"]);
  expect(wordsOf(perplexities, "perplexity")).toEqual(["5", "30", "100"]);
});

test("two that vary make a table, rows by the slower one", () => {
  expect(tableOf(AXES, seedsByInit)).toEqual({
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
  const table = tableOf(
    AXES,
    seedsByInit.filter((_, i) => i !== 1),
  );
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
  expect(tableOf(AXES, runs)).toBeNull();
});

test("if three axes vary, rows hold as many maps as make rows and columns meaningful", () => {
  const all = [5, 30].flatMap((perplexity) =>
    seedsByInit.map(({ run: id, values }) => run(id, { ...values, perplexity })),
  );
  expect(rhythm(AXES, all)).toEqual([3, 6]);
  expect(rhythm(AXES, all.slice(1))).toBeNull();
  expect(rhythm(AXES, seedsByInit)).toBeNull();
});
