import { expect, test } from "vitest";
import { combine, mask } from "../../src/view/rows";

const rows = (...values: number[]) => Int32Array.of(...values);

test("a lasso replaces, adds, removes or intersects, and rows stay sorted by number", () => {
  expect(combine(rows(1, 2), rows(7), "replace")).toEqual(rows(7));
  expect(combine(rows(2, 100), rows(9, 10), "add")).toEqual(rows(2, 9, 10, 100));
  expect(combine(rows(1, 2, 3), rows(2, 9), "remove")).toEqual(rows(1, 3));
  expect(combine(rows(1, 2, 3), rows(2, 9), "intersect")).toEqual(rows(2));
  expect(combine(rows(), rows(), "add")).toEqual(rows());
});

test("an empty selection has no mask, so nothing is dimmed", () => {
  expect(mask(rows(), 3)).toBeNull();
  expect(mask(rows(0, 2), 3)).toEqual(Uint8Array.of(1, 0, 1));
});
