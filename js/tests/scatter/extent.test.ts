import { describe, expect, it } from "vitest";
import { ExtentMeter, mixExtents, unionExtent } from "../../src/scatter/extent";
import { shuffledOrder } from "../../src/scatter/order";
import { uniform } from "./random";

const measure = (positions: Float32Array) =>
  new ExtentMeter(shuffledOrder(positions.length / 2)).measure(positions);

/** A layout of 100,000 points of which a hundredth has a place. */
const mostlyGaps = (scale: number) =>
  uniform(100_000, 7, scale).map((value, i) => ((i >> 1) % 100 === 0 ? value : Number.NaN));

describe("the extent of a layout", () => {
  it("holds all of an ordinary one", () => {
    const { x, y, halfWidth, halfHeight } = measure(Float32Array.of(0, 0, 4, 0, 4, 2, 0, 2, 1, 1));
    expect([x, y, halfWidth, halfHeight]).toEqual([2, 1, 2, 1]);
  });

  it("is not shrunk by a few outliers", () => {
    const positions = uniform(2000, 1);
    positions.set([1000, 1000, -2000, 500], 0);
    const { halfWidth, halfHeight } = measure(positions);
    expect(halfWidth).toBeLessThan(1.3);
    expect(halfHeight).toBeLessThan(1.3);
  });

  it("holds at least 99.5 % of the points", () => {
    const positions = uniform(100_000, 2).map((v) => v ** 5);
    const { x, y, halfWidth, halfHeight } = measure(positions);
    let inside = 0;
    for (let i = 0; i < positions.length; i += 2) {
      if (Math.abs(positions[i] - x) <= halfWidth && Math.abs(positions[i + 1] - y) <= halfHeight) inside++;
    }
    expect(inside / 100_000).toBeGreaterThanOrEqual(0.995);
  });

  it("survives points that are not finite, equal points, one point and none", () => {
    expect(measure(Float32Array.of(Number.NaN, 1, Infinity, 2, 3, 4, 5, 6)).x).toBe(4);
    for (const positions of [Float32Array.of(3, 3, 3, 3, 3, 3), Float32Array.of(1, 2), new Float32Array(0)]) {
      const values = Object.values(measure(positions));
      expect(values.every((value) => Number.isFinite(value))).toBe(true);
    }
  });

  it("knows the density of an even layout, whatever its scale", () => {
    for (const scale of [1e-4, 1, 100]) {
      const { density } = measure(uniform(50_000, 4, scale));
      expect(density * (2 * scale) ** 2).toBeGreaterThan(0.85 * 50_000);
      expect(density * (2 * scale) ** 2).toBeLessThan(1.15 * 50_000);
    }
  });
});

it("a layout in which few points have a place is measured on those, and again once all have one", () => {
  const meter = new ExtentMeter(shuffledOrder(100_000));
  for (const scale of [1, 3]) {
    const few = meter.measure(mostlyGaps(scale));
    expect(few.placed).toBeCloseTo(1000);
    expect(few.density * (2 * scale) ** 2).toBeGreaterThan(0.85 * 1000);
    expect(few.density * (2 * scale) ** 2).toBeLessThan(1.15 * 1000);
    expect(few.halfWidth).toBeGreaterThan(0.97 * scale);
  }
  const other = mostlyGaps(1).map((_, i, some) => some[(i + 2) % some.length]);
  expect(meter.measure(other).placed).toBeCloseTo(1000);
  expect(meter.measure(uniform(100_000, 8)).placed).toBe(100_000);
  expect(meter.measure(new Float32Array(200_000).fill(Number.NaN)).placed).toBe(0);
});

it("a map in a pose is measured as it is shown", () => {
  const pose = { x: 2, y: 1, turn: [0, -2, 2, 0] as const };
  const meter = new ExtentMeter(shuffledOrder(4));
  const { x, y, halfWidth, halfHeight } = meter.measure(Float32Array.of(2, 1, 4, 1, 4, 2, 2, 2), pose);
  expect([x, y, halfWidth, halfHeight]).toEqual([-1, 2, 1, 2]);
});

it("the union of extents holds them all, and is null for none", () => {
  const box = (x: number, y: number, halfWidth: number) => ({
    x,
    y,
    halfWidth,
    halfHeight: 1,
    density: 3,
    placed: 9,
  });
  expect(unionExtent([box(0, 0, 1), box(5, 2, 3)])).toEqual({
    x: 3.5,
    y: 1,
    halfWidth: 4.5,
    halfHeight: 2,
    density: 0,
    placed: 0,
  });
  expect(unionExtent([])).toBeNull();
});

it("halfway between two extents lies the middle", () => {
  const a = { x: 0, y: 0, halfWidth: 1, halfHeight: 2, density: 100, placed: 9 };
  const b = { x: 4, y: 2, halfWidth: 3, halfHeight: 2, density: 1, placed: 9 };
  expect(mixExtents(a, b, 0.5)).toEqual({ x: 2, y: 1, halfWidth: 2, halfHeight: 2, density: 10, placed: 9 });
  expect(mixExtents(a, b, 1)).toEqual(b);
});
