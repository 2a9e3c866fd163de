/** Where a layout lies and how dense it is, measured on a fixed sample of its points. */
import { PLAIN, type Pose } from "./pose";

const SAMPLE = 8192;
/** The share cut off each of the four sides, so that the box holds 99.5 % of the points. */
const TAIL = 0.00125;
/** Outliers may widen the box by this share of its width; most maps then show every point. */
const STRETCH = 0.12;
const CELLS = 48;

export interface Extent {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  /** Points per square unit around a typical point. */
  density: number;
  /** About how many points have a place. */
  placed: number;
}

/** Measures layouts of n points; `order` is any random order of the points. Buffers are reused. */
export class ExtentMeter {
  readonly sample: Uint32Array;
  /** The sample where most points have no place, and how many of all were looked at to find it. */
  private few: { sample: Uint32Array; among: number } = { sample: new Uint32Array(0), among: 1 };
  private readonly xs: Float32Array;
  private readonly ys: Float32Array;
  private readonly cells = new Float64Array(CELLS * CELLS);

  constructor(
    private readonly order: Uint32Array,
    private readonly n = order.length,
  ) {
    this.sample = order.slice(0, SAMPLE).sort();
    this.xs = new Float32Array(this.sample.length);
    this.ys = new Float32Array(this.sample.length);
  }

  /** In shown units. */
  measure(positions: Float32Array, pose: Pose = PLAIN): Extent {
    let among = this.sample.length;
    let count = this.gather(this.sample, positions, pose);
    if (2 * count < among && among < this.order.length) {
      if (this.gather(this.few.sample, positions, pose) < Math.max(1, this.few.sample.length)) {
        this.few = this.draw(positions);
      }
      count = this.gather(this.few.sample, positions, pose);
      among = this.few.among;
    }
    if (count === 0) return { x: 0, y: 0, halfWidth: 0, halfHeight: 0, density: 0, placed: 0 };
    const xs = this.xs.subarray(0, count);
    const ys = this.ys.subarray(0, count);
    const extent = box(interval(xs, TAIL), interval(ys, TAIL));
    extent.placed = (this.n / among) * count;
    extent.density = this.density(xs, ys, extent);
    return extent;
  }

  /** Draws a sample of the points that have a place. */
  private draw(positions: Float32Array): { sample: Uint32Array; among: number } {
    const found: number[] = [];
    let among = 0;
    for (; among < this.order.length && found.length < SAMPLE; among++) {
      if (Number.isFinite(positions[2 * this.order[among]])) found.push(this.order[among]);
    }
    return { sample: Uint32Array.from(found).sort(), among };
  }

  private gather(sample: Uint32Array, positions: Float32Array, pose: Pose): number {
    const [a, b, c, d] = pose.turn;
    let count = 0;
    for (const point of sample) {
      const x = positions[2 * point];
      const y = positions[2 * point + 1];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      this.xs[count] = a * (x - pose.x) + b * (y - pose.y);
      this.ys[count++] = c * (x - pose.x) + d * (y - pose.y);
    }
    return count;
  }

  /** The mean number of companions in a point's grid cell, per area of the cell. */
  private density(xs: Float32Array, ys: Float32Array, extent: Extent): number {
    const { x, y, halfWidth, halfHeight } = extent;
    const area = ((2 * halfWidth) / CELLS) * ((2 * halfHeight) / CELLS);
    if (!(area > 0) || xs.length < 2) return 0;
    this.cells.fill(0);
    for (let i = 0; i < xs.length; i++) {
      const column = Math.floor(((xs[i] - x) / halfWidth + 1) * 0.5 * CELLS);
      const row = Math.floor(((ys[i] - y) / halfHeight + 1) * 0.5 * CELLS);
      if (column < 0 || column >= CELLS || row < 0 || row >= CELLS) continue;
      this.cells[row * CELLS + column]++;
    }
    let pairs = 0;
    for (const c of this.cells) pairs += c * (c - 1);
    return ((pairs / xs.length) * (extent.placed / xs.length)) / area;
  }
}

/** The range without a share `cut` at either end, widened to the whole range as far as that costs little room. */
export function interval(values: Float32Array, cut: number): [number, number] {
  const tail = Math.floor(cut * values.length);
  const [least, low] = ends(values, tail, 1);
  const [most, high] = ends(values, tail, -1);
  const room = STRETCH * (high - low);
  return [Math.max(least, low - room), Math.min(most, high + room)];
}

/** An extent without what is measured of the points in it. */
export function box([left, right]: [number, number], [bottom, top]: [number, number]): Extent {
  return {
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    halfWidth: (right - left) / 2,
    halfHeight: (top - bottom) / 2,
    density: 0,
    placed: 0,
  };
}

/** Evenly spaced indices, as many as the measurement needs. */
export function thinned(rows: Int32Array): Int32Array {
  const step = Math.max(1, rows.length / SAMPLE);
  return Int32Array.from({ length: Math.ceil(rows.length / step) }, (_, i) => rows[Math.floor(i * step)]);
}

/**
 * The smallest value, and the smallest after dropping `tail` others; with a sign of -1 the largest. Only a few are
 * kept and most just compared: sorting all of them took most of a frame.
 */
function ends(values: Float32Array, tail: number, sign: 1 | -1): [number, number] {
  const kept = new Float32Array(tail + 1).fill(Infinity);
  for (let i = 0; i < values.length; i++) {
    const value = sign * values[i];
    if (value >= kept[tail]) continue;
    let at = tail;
    for (; at > 0 && kept[at - 1] > value; at--) kept[at] = kept[at - 1];
    kept[at] = value;
  }
  return [sign * kept[0], sign * kept[tail]];
}

export function mixExtents(a: Extent, b: Extent, t: number): Extent {
  if (t >= 1) return b;
  const mix = (from: number, to: number) => from + (to - from) * t;
  return {
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    halfWidth: mix(a.halfWidth, b.halfWidth),
    halfHeight: mix(a.halfHeight, b.halfHeight),
    // Density falls with the square of the size; between two sizes it is interpolated in log scale.
    density: a.density > 0 && b.density > 0 ? a.density ** (1 - t) * b.density ** t : b.density,
    placed: b.placed,
  };
}

/** The union of extents, without a density. */
export function unionExtent(extents: readonly Extent[]): Extent | null {
  if (extents.length === 0) return null;
  const left = Math.min(...extents.map(({ x, halfWidth }) => x - halfWidth));
  const right = Math.max(...extents.map(({ x, halfWidth }) => x + halfWidth));
  const bottom = Math.min(...extents.map(({ y, halfHeight }) => y - halfHeight));
  const top = Math.max(...extents.map(({ y, halfHeight }) => y + halfHeight));
  return box([left, right], [bottom, top]);
}
