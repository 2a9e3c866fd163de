import { expect, test } from "vitest";
import { readLabels } from "../../src/view/labels";
import { mean, meansByLabel, together } from "../../src/view/means";

const values = Float32Array.of(1, 0.5, 0, 0.25, Number.NaN);
const labels = readLabels(5, {
  kind: "categories",
  name: "kind",
  names: ["a", "b", "c"],
  counts: [2, 2, 1],
  has_missing: false,
  codes: new DataView(Uint16Array.of(0, 1, 1, 0, 2).buffer),
});

test("means of all rows, of some, and by label leave out missing values", () => {
  expect(mean(values)).toBeCloseTo(0.4375);
  expect(mean(values, Int32Array.of(1, 2, 4))).toBeCloseTo(0.25);
  expect(mean(values, Int32Array.of())).toBeNaN();
  expect(meansByLabel(values, labels)).toEqual([0.625, 0.25, Number.NaN]);
});

test("the mean over several maps names that of each", () => {
  const ends = { low: 0, high: 1 };
  expect(together([0.2, 0.6], ["seed 0", "seed 1"], ends)).toEqual({
    text: "0.40",
    title: "seed 0: 0.20, seed 1: 0.60",
  });
  expect(together([0.2], ["seed 0"], ends)).toEqual({ text: "0.20", title: "" });
});
