import { describe, expect, it } from "vitest";
import { LassoPath, selectOp } from "../../src/scatter/lasso";

const none = { shiftKey: false, altKey: false };
const shift = { shiftKey: true, altKey: false };
const alt = { shiftKey: false, altKey: true };

it("shift adds and alt removes, held at the start or at the release", () => {
  expect(selectOp(none, none)).toBe("replace");
  expect(selectOp(shift, none)).toBe("add");
  expect(selectOp(none, shift)).toBe("add");
  expect(selectOp(alt, none)).toBe("remove");
  expect(selectOp(none, alt)).toBe("remove");
  expect(selectOp(shift, alt)).toBe("remove");
});

describe("a lasso", () => {
  const draw = (shape: "lasso" | "rectangle", points: number[][]) => {
    const path = new LassoPath(shape);
    for (const [x, y] of points) path.add(x, y, x / 10, -y / 10);
    return path;
  };

  it("in a figure of eight is no click, though its areas cancel", () => {
    const eight = draw("lasso", [
      [0, 0],
      [100, 100],
      [100, 0],
      [0, 100],
    ]);
    expect(eight.isClick).toBe(false);
  });

  it("of less than three places, or without an area, is a click", () => {
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

  it("keeps its vertices in data units and leaves out the ones too close to matter", () => {
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
