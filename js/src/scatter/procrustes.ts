/** How to lay two maps of the same points on one another: translate, scale, turn, mirror, but never stretch. */
import type { Matrix } from "./pose";

export interface Middle {
  x: number;
  y: number;
  /** Root mean square distance from the mean; 1 if all points coincide. */
  rms: number;
}

/** The best turn of one handedness. */
interface Fit {
  /** Radians, counterclockwise; for a mirrored map after it was mirrored left to right. */
  angle: number;
  /** 1: the turned map is a copy of the other, up to place and size. */
  correlation: number;
}

export interface Fits {
  rotation: Fit;
  reflection: Fit;
}

/** Over all points with finite coordinates. */
export function middleOf(positions: Float32Array): Middle {
  // Sums are relative to a point of the map, which keeps the digits of a small map far from the origin.
  let origin = 0;
  while (origin < positions.length && !isPoint(positions, origin)) origin += 2;
  const [x0, y0] = [positions[origin] ?? 0, positions[origin + 1] ?? 0];
  let count = 0;
  let x = 0;
  let y = 0;
  let squares = 0;
  for (let p = origin; p < positions.length; p += 2) {
    if (!isPoint(positions, p)) continue;
    const dx = positions[p] - x0;
    const dy = positions[p + 1] - y0;
    count++;
    x += dx;
    y += dy;
    squares += dx * dx + dy * dy;
  }
  if (count === 0) return { x: 0, y: 0, rms: 1 };
  x /= count;
  y /= count;
  const rms = Math.sqrt(Math.max(0, squares / count - x * x - y * y));
  return { x: x0 + x, y: y0 + y, rms: rms || 1 };
}

export function mixMiddles(a: Middle, b: Middle, t: number): Middle {
  if (t >= 1) return b;
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, rms: a.rms + (b.rms - a.rms) * t };
}

/**
 * Orthogonal Procrustes (Schönemann 1966): the rotation and the reflection that lay the given rows of `map`, about
 * their own mean, closest to those of `onto`. The larger correlation is the sum of the singular values of their
 * cross covariance divided by the product of their norms. null: fewer than two rows are finite, or they coincide.
 */
export function procrustes(map: Float32Array, onto: Float32Array, rows: ArrayLike<number>): Fits | null {
  const mean = meanOfRows(map, onto, rows);
  if (!mean) return null;
  const [ax, ay, bx, by] = mean;
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  let [aa, bb] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    const p = 2 * rows[i];
    if (!isPoint(map, p) || !isPoint(onto, p)) continue;
    const x = map[p] - ax;
    const y = map[p + 1] - ay;
    const u = onto[p] - bx;
    const v = onto[p + 1] - by;
    xx += x * u;
    xy += x * v;
    yx += y * u;
    yy += y * v;
    aa += x * x + y * y;
    bb += u * u + v * v;
  }
  const norms = Math.sqrt(aa) * Math.sqrt(bb);
  if (!(norms > 0)) return null;
  return {
    rotation: best(xx + yy, xy - yx, norms),
    reflection: best(yy - xx, -xy - yx, norms),
  };
}

/** The turned map's product with the other is cos(angle) * along + sin(angle) * across. */
function best(along: number, across: number, norms: number): Fit {
  return { angle: Math.atan2(across, along), correlation: Math.min(1, Math.hypot(along, across) / norms) };
}

/** Turns by an angle, after mirroring left to right if `mirrored`. */
export function turnMatrix(angle: number, mirrored: boolean): Matrix {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return mirrored ? [-c, -s, -s, c] : [c, -s, s, c];
}

function meanOfRows(
  map: Float32Array,
  onto: Float32Array,
  rows: ArrayLike<number>,
): [number, number, number, number] | null {
  let count = 0;
  let [ax, ay, bx, by] = [0, 0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const p = 2 * rows[i];
    if (!isPoint(map, p) || !isPoint(onto, p)) continue;
    count++;
    ax += map[p];
    ay += map[p + 1];
    bx += onto[p];
    by += onto[p + 1];
  }
  return count < 2 ? null : [ax / count, ay / count, bx / count, by / count];
}

function isPoint(positions: Float32Array, p: number): boolean {
  return Number.isFinite(positions[p]) && Number.isFinite(positions[p + 1]);
}
