import { expect, test } from "vitest";
import { readLabels } from "../../src/view/labels";
import { mean, meansByLabel, meansInWords, together } from "../../src/view/means";
import type { MeasureTrait } from "../../src/wire/traits";
import { MEASURES, measured } from "../fakes/model";

const values = Float32Array.of(1, 0.5, 0, 0.25, Number.NaN);
const labels = readLabels(5, {
  kind: "categories",
  name: "kind",
  names: ["a", "b", "c"],
  counts: [2, 2, 1],
  has_missing: false,
  colors: [],
  codes: new DataView(Uint16Array.of(0, 1, 1, 0, 2).buffer),
});

function shownBy(name: string) {
  const about = MEASURES.find((measure) => measure.name === name) as MeasureTrait;
  return { ...measured(name), values: [], about };
}

test("means of all rows, of some, and by label leave out missing values", () => {
  expect(mean(values)).toBeCloseTo(0.4375);
  expect(mean(values, Int32Array.of(1, 2, 4))).toBeCloseTo(0.25);
  expect(mean(values, Int32Array.of())).toBeNaN();
  expect(meansByLabel(values, labels)).toEqual([0.625, 0.25, Number.NaN]);
});

test("the mean over several maps names that of each", () => {
  const shown = shownBy("fit");
  expect(together([[0.2], [0.6]], ["seed 0", "seed 1"], shown)).toEqual({
    text: "0.40",
    title: "seed 0: 0.20, seed 1: 0.60",
  });
  expect(together([[0.2]], ["seed 0"], shown)).toEqual({ text: "0.20", title: "" });
});

test("of two numbers each mean has its name, where there is room for it", () => {
  const shown = shownBy("faults");
  expect(meansInWords([0.2, 0.6], shown)).toBe("lost 0.20, wrong 0.60");
  expect(together([[0.2, 0.6]], ["seed 0"], shown)).toEqual({
    text: "0.20 · 0.60",
    title: "lost 0.20, wrong 0.60",
  });
  const both = [
    [0.2, 0.6],
    [0.4, 0],
  ];
  expect(together(both, ["seed 0", "seed 1"], shown)).toEqual({
    text: "0.30 · 0.30",
    title: "seed 0: lost 0.20, wrong 0.60; seed 1: lost 0.40, wrong 0.00",
  });
});
