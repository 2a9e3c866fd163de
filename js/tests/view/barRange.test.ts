import { expect, test } from "vitest";
import { BAR_STEPS, rangeOfSteps, stepsOfRange } from "../../src/view/barRange";

const ENDS = { low: 1, high: 1000, least: 0.5, most: 9999 };

test.each(["linear", "log"] as const)("steps of a %s bar come back from their range", (transform) => {
  for (const steps of [
    [0, 40],
    [7, 7],
    [33, 80],
    [60, BAR_STEPS - 1],
  ] as [number, number][]) {
    const range = rangeOfSteps(steps, ENDS, transform);
    expect(stepsOfRange(range, ENDS, transform)).toEqual(steps);
  }
});

test("the ends of the bar stand for all values beyond", () => {
  expect(rangeOfSteps([0, BAR_STEPS - 1], ENDS, "linear")).toEqual([null, null]);
  expect(stepsOfRange([0.5, 9999], ENDS, "linear")).toEqual([0, BAR_STEPS - 1]);
  expect(stepsOfRange([5000, 9999], ENDS, "linear")).toEqual([BAR_STEPS - 1, BAR_STEPS - 1]);
});

test("a bar whose width overflows has finite ranges", () => {
  const ends = { low: -1.5e308, high: 1.5e308, least: -1.5e308, most: 1.5e308 };
  const range = rangeOfSteps([10, 20], ends, "linear");
  expect(range.every((end) => Number.isFinite(end))).toBe(true);
  expect(stepsOfRange(range, ends, "linear")).toEqual([10, 20]);
});
