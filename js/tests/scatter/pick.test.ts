import { expect, it } from "vitest";
import { nearestPoint } from "../../src/scatter/pick";
import { random, uniform } from "./random";

it("picks the nearest point, or none when all are too far", () => {
  const positions = uniform(500, 1);
  const next = random(2);
  for (let trial = 0; trial < 200; trial++) {
    const [x, y] = [2 * next() - 1, 2 * next() - 1];
    const distances = Array.from({ length: 500 }, (_, i) =>
      Math.hypot(positions[2 * i] - x, positions[2 * i + 1] - y),
    );
    const nearest = Math.min(...distances);
    const index = nearestPoint(positions, x, y, 0.05);
    if (nearest > 0.05) expect(index).toBe(-1);
    else expect(distances[index]).toBe(nearest);
  }
});

it("never picks a point that is not finite", () => {
  expect(nearestPoint(Float32Array.of(Number.NaN, 0), 0, 0, 10)).toBe(-1);
  expect(nearestPoint(new Float32Array(0), 0, 0, 10)).toBe(-1);
});
