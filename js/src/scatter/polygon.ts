/** Points in a polygon, by the even-odd rule. */

/**
 * Even-odd test. The expression, in float64 on the float32 coordinates, is the contract: the same lines in NumPy
 * return the same rows.
 */
function insidePolygon(vertices: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false;
  const m = vertices.length;
  for (let i = 0, j = m - 2; i < m; j = i, i += 2) {
    const yi = vertices[i + 1];
    const yj = vertices[j + 1];
    if (yi > y !== yj > y && x < ((vertices[j] - vertices[i]) * (y - yi)) / (yj - yi) + vertices[i]) {
      inside = !inside;
    }
  }
  return inside;
}

/** The rows, ascending, of the `positions` (xyxy) inside the polygon `vertices` (xyxy, not closed). */
export function pointsInPolygon(positions: Float32Array, vertices: Float32Array): Int32Array {
  const [left, right, bottom, top] = boundingBox(vertices);
  const polygon = Float64Array.from(vertices);
  const rows: number[] = [];
  for (let p = 0, row = 0; p < positions.length; p += 2, row++) {
    const x = positions[p];
    const y = positions[p + 1];
    if (x < left || x > right || y < bottom || y > top) continue;
    if (insidePolygon(polygon, x, y)) rows.push(row);
  }
  return Int32Array.from(rows);
}

function boundingBox(vertices: Float32Array): [number, number, number, number] {
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (let i = 0; i < vertices.length; i += 2) {
    left = Math.min(left, vertices[i]);
    right = Math.max(right, vertices[i]);
    bottom = Math.min(bottom, vertices[i + 1]);
    top = Math.max(top, vertices[i + 1]);
  }
  return [left, right, bottom, top];
}
