import { describe, expect, it } from "vitest";
import { pointsInPolygon } from "../../src/scatter/polygon";
import { random, uniform } from "./random";

/** By the winding of crossings of a ray upwards, for every point, without a bounding box: slow and obvious. */
function naiveRows(positions: Float32Array, vertices: Float32Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < positions.length / 2; row++) {
    const [x, y] = [positions[2 * row], positions[2 * row + 1]];
    let crossings = 0;
    for (let i = 0; i < vertices.length; i += 2) {
      const j = (i + 2) % vertices.length;
      const [ax, ay, bx, by] = [vertices[i], vertices[i + 1], vertices[j], vertices[j + 1]];
      const [left, right] = [Math.min(ax, bx), Math.max(ax, bx)];
      if (x < left || x >= right) continue;
      if (ay + ((by - ay) * (x - ax)) / (bx - ax) > y) crossings++;
    }
    if (crossings % 2 === 1) rows.push(row);
  }
  return rows;
}

const shapes: Record<string, number[]> = {
  triangle: [-0.5, -0.5, 0.7, -0.3, 0.1, 0.8],
  "concave L": [-0.8, -0.8, 0.8, -0.8, 0.8, -0.2, -0.2, -0.2, -0.2, 0.8, -0.8, 0.8],
  "bow tie": [-0.7, -0.7, 0.7, 0.7, 0.7, -0.7, -0.7, 0.7],
  pentagram: [0, 0.9, 0.53, -0.73, -0.86, 0.28, 0.86, 0.28, -0.53, -0.73],
};

describe("the rows inside a polygon", () => {
  const positions = uniform(5000, 1);
  for (const [name, vertices] of Object.entries(shapes)) {
    it(`are those of the naive rule: ${name}`, () => {
      const polygon = Float32Array.from(vertices);
      const rows = [...pointsInPolygon(positions, polygon)];
      expect(rows.length).toBeGreaterThan(100);
      expect(rows).toEqual(naiveRows(positions, polygon));
    });
  }

  it("are those of the naive rule, for random lassos that cross themselves", () => {
    for (let seed = 2; seed < 12; seed++) {
      const next = random(seed);
      const polygon = Float32Array.from({ length: 60 }, () => 2 * next() - 1);
      expect([...pointsInPolygon(positions, polygon)]).toEqual(naiveRows(positions, polygon));
    }
  });

  it("leave out the middle of a pentagram, which lies inside twice", () => {
    const polygon = Float32Array.from(shapes.pentagram);
    expect(pointsInPolygon(Float32Array.of(0, 0), polygon)).toHaveLength(0);
  });

  it("never hold a point that is not finite", () => {
    const square = Float32Array.of(-1, -1, 1, -1, 1, 1, -1, 1);
    expect([...pointsInPolygon(Float32Array.of(Number.NaN, 0, 0, 0, 0, Number.NaN), square)]).toEqual([1]);
  });

  it("do not depend on the direction in which it was drawn", () => {
    const polygon = Float32Array.from(shapes.triangle);
    const reversed = Float32Array.of(0.1, 0.8, 0.7, -0.3, -0.5, -0.5);
    expect([...pointsInPolygon(positions, reversed)]).toEqual([...pointsInPolygon(positions, polygon)]);
  });
});
