import { PLAIN, type Pose } from "./pose";

/** The point nearest to (x, y) within `radius`, all in shown units, or -1. No index: the points move. */
export function nearestPoint(
  positions: Float32Array,
  x: number,
  y: number,
  radius: number,
  pose: Pose = PLAIN,
): number {
  const [a, b, c, d] = pose.turn;
  let best = radius * radius;
  let index = -1;
  for (let p = 0; p < positions.length; p += 2) {
    const px = positions[p] - pose.x;
    const py = positions[p + 1] - pose.y;
    const dx = a * px + b * py - x;
    const dy = c * px + d * py - y;
    const distance = dx * dx + dy * dy;
    if (distance <= best) {
      best = distance;
      index = p >> 1;
    }
  }
  return index;
}
