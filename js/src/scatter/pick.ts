/** The point nearest to (x, y) within `radius`, all in data units, or -1. No index: the points move. */
export function nearestPoint(positions: Float32Array, x: number, y: number, radius: number): number {
  let best = radius * radius;
  let index = -1;
  for (let p = 0; p < positions.length; p += 2) {
    const dx = positions[p] - x;
    const dy = positions[p + 1] - y;
    const d = dx * dx + dy * dy;
    if (d <= best) {
      best = d;
      index = p >> 1;
    }
  }
  return index;
}
