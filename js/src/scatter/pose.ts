/** From a layout's own units to shown units: shown = `turn` times (point - centre). */

/** 2 x 2, row by row. */
export type Matrix = readonly [number, number, number, number];

export interface Pose {
  /** The point shown at the origin, in the layout's own units. */
  x: number;
  y: number;
  turn: Matrix;
}

/** Shown as computed. */
export const PLAIN: Pose = { x: 0, y: 0, turn: [1, 0, 0, 1] };

export function toShown({ x: cx, y: cy, turn: [a, b, c, d] }: Pose, x: number, y: number): [number, number] {
  return [a * (x - cx) + b * (y - cy), c * (x - cx) + d * (y - cy)];
}

export function toOwn(pose: Pose, x: number, y: number): [number, number] {
  const [a, b, c, d] = pose.turn;
  const det = determinant(pose.turn);
  return [pose.x + (d * x - b * y) / det, pose.y + (a * y - c * x) / det];
}

export function determinant([a, b, c, d]: Matrix): number {
  return a * d - b * c;
}

/** Writes all points of a layout as they are shown into `out`. */
export function showAll(pose: Pose, positions: Float32Array, out: Float32Array): void {
  const { x, y } = pose;
  const [a, b, c, d] = pose.turn;
  for (let p = 0; p < positions.length; p += 2) {
    const dx = positions[p] - x;
    const dy = positions[p + 1] - y;
    out[p] = a * dx + b * dy;
    out[p + 1] = c * dx + d * dy;
  }
}
