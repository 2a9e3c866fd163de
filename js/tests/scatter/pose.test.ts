import { expect, it } from "vitest";
import { carryView } from "../../src/scatter/camera";
import { PLAIN, type Pose, showAll, toOwn, toShown } from "../../src/scatter/pose";
import { uniform } from "./random";

const pose: Pose = { x: 3, y: -2, turn: [0.6, -0.8, -0.8, -0.6] };

it("a place on the map and its place on the screen are inverses", () => {
  const [x, y] = toOwn(pose, ...toShown(pose, 1.25, 7.5));
  expect(x).toBeCloseTo(1.25, 12);
  expect(y).toBeCloseTo(7.5, 12);
  expect(toShown(pose, 3, -2)).toEqual([0, -0]);
  expect(toShown(PLAIN, 1.25, 7.5)).toEqual([1.25, 7.5]);
});

it("a whole map is shown as its points are, even in place", () => {
  const positions = uniform(20, 1);
  const out = new Float32Array(40);
  showAll(pose, positions, out);
  for (let i = 0; i < 20; i++) {
    const [x, y] = toShown(pose, positions[2 * i], positions[2 * i + 1]);
    expect(out[2 * i]).toBeCloseTo(x, 5);
    expect(out[2 * i + 1]).toBeCloseTo(y, 5);
  }
  showAll(pose, positions, positions);
  expect(positions).toEqual(out);
});

it("a view carried to another pose shows the same place at the same size", () => {
  const after: Pose = { x: 1, y: 1, turn: [0, -0.1, 0.1, 0] };
  const view = { x: 2, y: 5, k: 30 };
  const carried = carryView(view, pose, after);
  const [x, y] = toOwn(after, carried.x, carried.y);
  const [x0, y0] = toOwn(pose, view.x, view.y);
  expect(x).toBeCloseTo(x0, 9);
  expect(y).toBeCloseTo(y0, 9);
  expect(carried.k).toBeCloseTo(300, 9);
});
