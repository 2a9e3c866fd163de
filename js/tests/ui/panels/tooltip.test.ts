import { expect, test } from "vitest";
import { spotOf } from "../../../src/ui/panels/Tooltip";

const MAP = { width: 600, height: 300 };
const told = (width: number, height: number, x: number, y: number) => spotOf({ width, height }, MAP, x, y);

test("a tooltip stands above its point, or below it where there is no room", () => {
  expect(told(100, 50, 300, 150)).toEqual({ left: 250, top: 88 });
  expect(told(100, 50, 300, 20)).toEqual({ left: 250, top: 32 });
});

test("a tooltip stays within the sides of the map", () => {
  expect(told(100, 50, 10, 150).left).toBe(0);
  expect(told(100, 50, 590, 150).left).toBe(500);
});

test("a tooltip that fits neither above nor below stands beside its point, whole", () => {
  expect(told(200, 200, 100, 150)).toEqual({ left: 112, top: 50 });
  expect(told(200, 200, 500, 190)).toEqual({ left: 288, top: 90 });
  expect(told(200, 200, 500, 280)).toEqual({ left: 400, top: 68 });
});

test("a tooltip larger than the map shows its beginning", () => {
  expect(told(700, 400, 300, 150)).toEqual({ left: 0, top: 0 });
});
