import { expect, test } from "vitest";
import { LogScale } from "../../../src/ui/parts/NumberControl";

test("the slider reaches over its range and gives round numbers", () => {
  const scale = new LogScale([2, 1796 / 3], 30);
  expect(scale.value(0)).toBe(2);
  expect(scale.value(1000)).toBeCloseTo(1796 / 3);
  for (let position = 1; position < 1000; position++) {
    expect(scale.value(position)).toBeGreaterThanOrEqual(scale.value(position - 1));
    expect((scale.value(position) * 10) % 1).toBeCloseTo(0);
  }
});

test("the handle is at the value in force", () => {
  for (const applied of [2, 5, 30, 100, 900]) {
    const scale = new LogScale([2, 1796 / 3], applied);
    expect(scale.value(scale.position(applied))).toBeCloseTo(applied, -1);
  }
});

test("four rows leave a narrow range within the limits", () => {
  const scale = new LogScale([1.5, 2], 1.5);
  for (const position of [0, 500, 1000]) {
    expect(scale.value(position)).toBeGreaterThan(1);
    expect(scale.value(position)).toBeLessThan(3);
  }
});
