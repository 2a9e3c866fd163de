import { describe, expect, it } from "vitest";
import { type Pose, showAll } from "../../src/scatter/pose";
import { middleOf, mixMiddles, procrustes, turnMatrix } from "../../src/scatter/procrustes";
import { cloud as cloudOf, copy } from "./maps";
import { random, uniform } from "./random";

const cloud = (seed: number) => cloudOf(300, seed);

const all = (positions: Float32Array) => Array.from({ length: positions.length / 2 }, (_, i) => i);

/** How a map is shown once it is turned by the better of its fits. */
function shown(map: Float32Array, onto: Float32Array): Float32Array {
  const fits = procrustes(map, onto, all(map));
  if (!fits) throw new Error("no fit");
  const mirrored = fits.reflection.correlation > fits.rotation.correlation;
  const turn = turnMatrix((mirrored ? fits.reflection : fits.rotation).angle, mirrored);
  return centered(map, turn);
}

function centered(map: Float32Array, turn: Pose["turn"] = [1, 0, 0, 1]): Float32Array {
  const { x, y, rms } = middleOf(map);
  const out = new Float32Array(map.length);
  showAll({ x, y, turn: turn.map((value) => value / rms) as unknown as Pose["turn"] }, map, out);
  return out;
}

describe("the middle of a map", () => {
  it("is the mean, with the root mean square distance from it", () => {
    expect(middleOf(Float32Array.of(1, 1, 3, 1, 3, 3, 1, 3))).toEqual({ x: 2, y: 2, rms: Math.SQRT2 });
  });

  it("ignores points that are not finite, and exists for a map without size or points", () => {
    expect(middleOf(Float32Array.of(Number.NaN, 0, 1, 0, 3, 0, 2, Infinity))).toEqual({ x: 2, y: 0, rms: 1 });
    expect(middleOf(Float32Array.of(5, 6, 5, 6))).toEqual({ x: 5, y: 6, rms: 1 });
    expect(middleOf(new Float32Array(0))).toEqual({ x: 0, y: 0, rms: 1 });
  });

  it("keeps the digits of a small map far from the origin", () => {
    const small = uniform(1000, 1, 0.01).map((v) => v + 100);
    expect(middleOf(small).rms).toBeCloseTo(0.00816, 4);
  });

  it("halfway between two is the middle of both", () => {
    const [a, b] = [cloud(1), cloud(1).map((v) => 5 * v)];
    const between = a.map((v, i) => (v + b[i]) / 2);
    const mixed = mixMiddles(middleOf(a), middleOf(b), 0.5);
    expect(mixed.x).toBeCloseTo(middleOf(between).x, 5);
    expect(mixed.rms).toBeCloseTo(middleOf(between).rms, 5);
  });
});

describe("procrustes", () => {
  it("turns rotated, mirrored, scaled and moved copies back onto the map", () => {
    const next = random(7);
    for (let trial = 0; trial < 40; trial++) {
      const map = cloud(trial);
      const moved = copy(map, 7 * next(), trial % 2 === 1, 10 ** (4 * next() - 2), next(), next());
      const [back, original] = [shown(moved, map), centered(map)];
      for (let p = 0; p < map.length; p++) expect(Math.abs(back[p] - original[p])).toBeLessThan(1e-5);
    }
  });

  it("knows the angle, the hand, and that a copy is one", () => {
    const map = cloud(3);
    const turned = procrustes(map, copy(map, 0.7, false, 3), all(map));
    expect(turned?.rotation.angle).toBeCloseTo(0.7, 6);
    expect(turned?.rotation.correlation).toBeCloseTo(1, 9);
    expect(turned?.reflection.correlation).toBeLessThan(0.95);
    const mirrored = procrustes(map, copy(map, -2, true, 0.1), all(map));
    expect(mirrored?.reflection.angle).toBeCloseTo(-2, 6);
    expect(mirrored?.reflection.correlation).toBeCloseTo(1, 9);
  });

  it("finds no worse turn than any other, of either hand, and their true correlations", () => {
    const [map, onto] = [centered(cloud(4)), centered(cloud(5))];
    const fits = procrustes(map, onto, all(map));
    for (const mirrored of [false, true]) {
      const best = mirrored ? fits?.reflection : fits?.rotation;
      const along = (angle: number) => {
        const turned = centered(map, turnMatrix(angle, mirrored));
        return turned.reduce((sum, value, p) => sum + value * onto[p], 0) / (map.length / 2);
      };
      expect(along(best?.angle ?? Number.NaN)).toBeCloseTo(best?.correlation ?? Number.NaN, 5);
      for (let angle = 0; angle < 6.3; angle += 0.1)
        expect(along(angle)).toBeLessThanOrEqual((best?.correlation ?? 0) + 1e-5);
    }
  });

  it("fits only the given rows, about their own means", () => {
    const map = cloud(6);
    const other = cloud(8);
    const rows = [3, 10, 20, 50, 110, 200];
    const part = copy(map, 1.2, false, 2, 5, -3);
    for (const row of rows) other.set(part.subarray(2 * row, 2 * row + 2), 2 * row);
    expect(procrustes(map, other, rows)?.rotation.angle).toBeCloseTo(1.2, 5);
    expect(procrustes(map, other, rows)?.rotation.correlation).toBeCloseTo(1, 6);
    expect(procrustes(map, other, all(map))?.rotation.correlation).toBeLessThan(0.5);
  });

  it("ignores points that are not finite in either map", () => {
    const map = cloud(9);
    const turned = copy(map, 0.4, false, 1);
    map[0] = Number.NaN;
    turned[7] = Infinity;
    expect(procrustes(map, turned, all(map))?.rotation.angle).toBeCloseTo(0.4, 6);
  });

  it("has no answer for one row, for none, and for rows that coincide", () => {
    const map = cloud(1);
    for (const rows of [[], [4], [4, 4, 4], [1e6, 2e6]]) expect(procrustes(map, map, rows)).toBeNull();
  });
});
