import { expect, test } from "vitest";
import { scaleOf } from "../../../src/ui/parts/NumberControl";

test("the slider reaches over its range and gives round numbers", () => {
  const scale = scaleOf([2, 1796 / 3], null, 30);
  expect(scale.value(0)).toBe(2);
  expect(scale.value(1000)).toBeCloseTo(1796 / 3);
  for (let position = 1; position < 1000; position++) {
    expect(scale.value(position)).toBeGreaterThanOrEqual(scale.value(position - 1));
    expect((scale.value(position) * 10) % 1).toBeCloseTo(0);
  }
});

test("the handle is at the value in force", () => {
  for (const applied of [2, 5, 30, 100, 900]) {
    const scale = scaleOf([2, 1796 / 3], null, applied);
    expect(scale.value(scale.position(applied))).toBeCloseTo(applied, -1);
  }
});

test("four rows leave a narrow range within the limits", () => {
  const scale = scaleOf([1.5, 2], null, 1.5);
  for (const position of [0, 500, 1000]) {
    expect(scale.value(position)).toBeGreaterThan(1);
    expect(scale.value(position)).toBeLessThan(3);
  }
});

test("with a step, the slider gives multiples of it", () => {
  const counts = scaleOf([2, 200], 1, 15);
  expect([0, 100, 500, 1000].map((position) => counts.value(position))).toEqual([2, 3, 20, 200]);
  expect(counts.value(counts.position(15))).toBe(15);
});

test("a slider from 0 is even", () => {
  const shares = scaleOf([0, 1], 0.01, 0.1);
  expect([0, 103, 290, 500, 1000].map((position) => shares.value(position))).toEqual([0, 0.1, 0.29, 0.5, 1]);
  expect([0, 0.1, 1].map((value) => shares.position(value))).toEqual([0, 100, 1000]);
});
