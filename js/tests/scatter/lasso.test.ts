import { describe, expect, it } from "vitest";
import { LassoPath, selectOp } from "../../src/scatter/lasso";

const none = { shiftKey: false, altKey: false };
const shift = { shiftKey: true, altKey: false };
const alt = { shiftKey: false, altKey: true };

const both = { shiftKey: true, altKey: true };

it("Shift adds, Alt removes, both intersect, held at the start or at the release, whatever the default", () => {
  for (const without of ["replace", "add", "remove", "intersect"] as const) {
    const op = (start: typeof none, end: typeof none) => selectOp(start, end, without);
    expect(op(none, none)).toBe(without);
    expect([op(shift, none), op(none, shift), op(shift, shift)]).toEqual(["add", "add", "add"]);
    expect([op(alt, none), op(none, alt), op(alt, alt)]).toEqual(["remove", "remove", "remove"]);
    expect([op(both, none), op(none, both), op(shift, alt)]).toEqual(Array(3).fill("intersect"));
  }
});

describe("a lasso", () => {
  const draw = (shape: "lasso" | "rectangle", points: number[][]) => {
    const path = new LassoPath(shape);
    for (const [x, y] of points) path.add(x, y, x / 10, -y / 10);
    return path;
  };

  it("that crosses itself is no click, although its areas cancel", () => {
    const eight = draw("lasso", [
      [0, 0],
      [100, 100],
      [100, 0],
      [0, 100],
    ]);
    expect(eight.isClick).toBe(false);
  });

  it("with fewer than three vertices, or without an area, is a click", () => {
    expect(draw("lasso", [[5, 5]]).isClick).toBe(true);
    expect(
      draw("lasso", [
        [5, 5],
        [6, 6],
        [5, 6],
        [6, 5],
      ]).isClick,
    ).toBe(true);
    expect(
      draw("lasso", [
        [0, 0],
        [50, 50],
        [100, 100],
      ]).isClick,
    ).toBe(true);
    expect(
      draw("lasso", [
        [0, 0],
        [50, 0],
        [50, 50],
      ]).isClick,
    ).toBe(false);
  });

  it("keeps its vertices in data units and skips those too close to matter", () => {
    const path = draw("lasso", [
      [0, 0],
      [1, 1],
      [50, 0],
      [50, 50],
    ]);
    expect([...path.vertices()]).toEqual([0, -0, 5, -0, 5, -5]);
  });

  it("as a rectangle follows the pointer with its far corner", () => {
    const path = draw("rectangle", [
      [10, 10],
      [20, 90],
      [60, 30],
    ]);
    expect([...path.vertices()]).toEqual([1, -1, 6, -1, 6, -3, 1, -3]);
    expect(path.isClick).toBe(false);
    expect(
      draw("rectangle", [
        [10, 10],
        [12, 12],
      ]).isClick,
    ).toBe(true);
  });
});
