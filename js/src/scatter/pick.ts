import { PLAIN, type Pose } from "./pose";

/** Which points can be picked. */
interface Candidates {
  /** null: all. */
  rows: Uint32Array | null;
  /** One byte per point; points with 1 cannot be picked. null: all can. */
  muted: Uint8Array | null;
}

const ALL: Candidates = { rows: null, muted: null };

/**
 * The point nearest to (x, y) within `radius`, all in shown units, or -1. There is no index because the points
 * move.
 */
export function nearestPoint(
  positions: Float32Array,
  x: number,
  y: number,
  radius: number,
  pose: Pose = PLAIN,
  { rows, muted } = ALL,
): number {
  const [a, b, c, d] = pose.turn;
  const count = rows ? rows.length : positions.length / 2;
  let best = radius * radius;
  let index = -1;
  for (let i = 0; i < count; i++) {
    const point = rows ? rows[i] : i;
    const px = positions[2 * point] - pose.x;
    const py = positions[2 * point + 1] - pose.y;
    const dx = a * px + b * py - x;
    const dy = c * px + d * py - y;
    const distance = dx * dx + dy * dy;
    if (distance <= best && !muted?.[point]) {
      best = distance;
      index = point;
    }
  }
  return index;
}
