/**
 * Where the name of each label belongs on a layout: at the densest spot of the largest clump of its rows. The mean of
 * all its rows may lie where none of them is.
 */
import { PLAIN, type Pose, toOwn } from "./pose";
import { middleOf } from "./procrustes";

export interface Anchors {
  /** xyxy in the layout's own units, by label; NaN: no row has a place. */
  places: Float32Array;
  /** The row nearest to each place, which leads to the same clump of the next layout; -1: none. */
  rows: Int32Array;
  /** How many rows are in the clump. */
  sizes: Uint32Array;
}

/** A part of a map, in shown units, and the pose in which the map is shown. */
export interface Part {
  pose: Pose;
  left: number;
  bottom: number;
  width: number;
  height: number;
  /** Whether what lies outside counts as at the edge; otherwise it does not count. */
  open: boolean;
}

/** The grid that a label's rows are counted on: as many cells a side as rows can fill, over so many radii of the map. */
const CELLS = { least: 6, most: 40, perRoot: 2 };
const RADII = 2;
/** Cells below this share of the densest one separate clumps, which stray rows would bridge. */
const FLOOR = 0.1;
/** A clump, or a spot in it, is left for another one only if it falls below this share of it, so that names stay. */
const LOYALTY = { clump: 0.6, spot: 0.8 };
/** How a spot becomes a place within cells: steps of mean shift, and their reach in cells. */
const STEPS = 3;
const REACH = 1.25;

/** Of more rows in all, every second one, or third, and so on tells where they are dense. */
const ENOUGH = 50_000;

/** Cells, with an empty rim around them as wide as a step may reach. */
const RIM = 2;
const SIDE = CELLS.most + 2 * RIM;

export class AnchorFinder {
  /** The rows, label by label; those of label i begin at `starts[i]`. Every so manieth is looked at. */
  private readonly rows: Int32Array;
  private readonly stride: number;
  private readonly starts: Uint32Array;
  // Used anew for each label; the first three are zero in between.
  private readonly counts = new Uint32Array(SIDE * SIDE);
  private readonly smooth = new Uint32Array(SIDE * SIDE);
  private readonly clump = new Int32Array(SIDE * SIDE);
  /** The sums of coordinates in each cell, and one row of it; only where there are rows. */
  private readonly sumX = new Float64Array(SIDE * SIDE);
  private readonly sumY = new Float64Array(SIDE * SIDE);
  private readonly someRow = new Int32Array(SIDE * SIDE);
  private readonly touched: number[] = [];
  private readonly stack: number[] = [];
  private readonly masses: number[] = [];
  private readonly cellOf: Int32Array;
  private readonly xs: Float32Array;
  private readonly ys: Float32Array;

  /** Rows whose code is `count` or above have no label. */
  constructor(
    codes: Uint16Array,
    readonly count: number,
  ) {
    const starts = new Uint32Array(count + 1);
    for (const code of codes) if (code < count) starts[code + 1]++;
    let most = 0;
    for (let i = 0; i < count; i++) {
      most = Math.max(most, starts[i + 1]);
      starts[i + 1] += starts[i];
    }
    const next = starts.slice();
    this.rows = new Int32Array(starts[count]);
    codes.forEach((code, row) => {
      if (code < count) this.rows[next[code]++] = row;
    });
    this.starts = starts;
    this.stride = Math.ceil(this.rows.length / ENOUGH) || 1;
    this.cellOf = new Int32Array(most);
    this.xs = new Float32Array(most);
    this.ys = new Float32Array(most);
  }

  /** The rows of a label. */
  rowsOf(label: number): Int32Array {
    return this.rows.subarray(this.starts[label], this.starts[label + 1]);
  }

  /** Whether some labels have several rows. */
  get hasClumps(): boolean {
    return this.cellOf.length > 1;
  }

  /**
   * `before`: the anchors of the layout before, which are kept to. `part`: where clumps are looked for, such as what
   * is in sight; single rows have their places anyway.
   */
  find(positions: Float32Array, before: Anchors | null, part = wholeOf(positions)): Anchors {
    const { count } = this;
    const found = {
      places: new Float32Array(2 * count).fill(Number.NaN),
      rows: new Int32Array(count).fill(-1),
      sizes: new Uint32Array(count),
    };
    for (let label = 0; label < count; label++) {
      const rows = this.rowsOf(label);
      if (rows.length === 1) settle(found, label, rows[0], positions);
      else if (rows.length > 1) this.findOne(found, label, positions, part, before?.rows[label] ?? -1);
    }
    return found;
  }

  private findOne(found: Anchors, label: number, positions: Float32Array, part: Part, before: number): void {
    const rows = this.rowsOf(label);
    const inside = this.gather(rows, positions, part);
    const cells = Math.round(Math.min(CELLS.most, Math.max(CELLS.least, CELLS.perRoot * Math.sqrt(inside))));
    const width = Math.max(part.width, part.height) / cells;
    this.fill(rows, width, cells);
    const held = before < 0 ? -1 : rows.indexOf(before) / this.stride;
    if (this.touched.length > 0) {
      const largest = this.separate();
      const start = this.choose(largest, held < 0 ? -1 : this.cellOf[held]);
      const [x, y, cell] = this.climb(start, width);
      found.places.set(toOwn(part.pose, part.left + x, part.bottom + y), 2 * label);
      found.rows[label] = this.someRow[cell];
      found.sizes[label] = this.masses[this.clump[start]] * this.stride;
    }
    for (const cell of this.touched) this.counts[cell] = this.smooth[cell] = this.clump[cell] = 0;
    this.touched.length = 0;
  }

  /** Notes where rows are shown, from the part's corner; returns how many are in it. */
  private gather(rows: Int32Array, positions: Float32Array, part: Part): number {
    const { xs, ys, cellOf } = this;
    const { pose, left, bottom, width, height, open } = part;
    const [a, b, c, d] = pose.turn;
    let inside = 0;
    for (let i = 0, at = 0; at < rows.length; i++, at += this.stride) {
      const dx = positions[2 * rows[at]] - pose.x;
      const dy = positions[2 * rows[at] + 1] - pose.y;
      const u = a * dx + b * dy - left;
      const v = c * dx + d * dy - bottom;
      const within = open ? Number.isFinite(u + v) : u >= 0 && u <= width && v >= 0 && v <= height;
      xs[i] = u;
      ys[i] = v;
      cellOf[i] = within ? 0 : -1;
      if (within) inside++;
    }
    return inside;
  }

  /** Counts the rows in cells and smooths the counts. */
  private fill(rows: Int32Array, width: number, cells: number): void {
    const { counts, smooth, touched, cellOf, xs, ys, sumX, sumY } = this;
    const last = cells - 1;
    for (let i = 0; i * this.stride < rows.length; i++) {
      if (cellOf[i] < 0) continue;
      const column = Math.min(last, Math.max(0, Math.floor(xs[i] / width)));
      const line = Math.min(last, Math.max(0, Math.floor(ys[i] / width)));
      const cell = (line + RIM) * SIDE + column + RIM;
      cellOf[i] = cell;
      if (counts[cell]++ === 0) {
        touched.push(cell);
        sumX[cell] = sumY[cell] = 0;
        this.someRow[cell] = rows[i * this.stride];
      }
      sumX[cell] += xs[i];
      sumY[cell] += ys[i];
    }
    for (const cell of touched) {
      const [up, down] = [cell - SIDE, cell + SIDE];
      const sides = counts[cell - 1] + counts[cell + 1] + counts[up] + counts[down];
      const corners = counts[up - 1] + counts[up + 1] + counts[down - 1] + counts[down + 1];
      smooth[cell] = 4 * counts[cell] + 2 * sides + corners;
    }
  }

  /** Finds the clumps, which are numbered from 1; returns the largest. */
  private separate(): number {
    const { counts, smooth, clump, touched, stack, masses } = this;
    let floor = 0;
    for (const cell of touched) floor = Math.max(floor, FLOOR * smooth[cell]);
    masses.length = 1;
    let largest = 0;
    for (const first of touched) {
      if (clump[first] !== 0 || smooth[first] < floor) continue;
      const number = masses.push(0) - 1;
      clump[first] = number;
      stack.push(first);
      while (stack.length > 0) {
        const cell = stack.pop() as number;
        masses[number] += counts[cell];
        for (let dy = -SIDE; dy <= SIDE; dy += SIDE) {
          for (let near = cell + dy - 1; near <= cell + dy + 1; near++) {
            if (counts[near] === 0 || clump[near] !== 0 || smooth[near] < floor) continue;
            clump[near] = number;
            stack.push(near);
          }
        }
      }
      if (largest === 0 || masses[number] > masses[largest]) largest = number;
    }
    return largest;
  }

  /** The cell to start from: where the anchor was, or else the densest of the clump that counts. */
  private choose(largest: number, at: number): number {
    const { smooth, clump, touched, masses } = this;
    const own = at < 0 ? 0 : clump[at];
    const kept = own !== 0 && masses[own] >= LOYALTY.clump * masses[largest] ? own : largest;
    let peak = -1;
    for (const cell of touched)
      if (clump[cell] === kept && (peak < 0 || smooth[cell] > smooth[peak])) peak = cell;
    return kept === own && smooth[at] >= LOYALTY.spot * smooth[peak] ? at : peak;
  }

  /** Moves from a cell's mean to where rows are densest around it; returns the place, and the cell nearest to it. */
  private climb(start: number, width: number): [x: number, y: number, cell: number] {
    const { counts, sumX, sumY } = this;
    let x = sumX[start] / counts[start];
    let y = sumY[start] / counts[start];
    let nearest = start;
    for (let step = 0; step < STEPS; step++) {
      let [weights, towardsX, towardsY, least] = [0, 0, 0, Number.POSITIVE_INFINITY];
      const middle = nearest;
      for (let line = -RIM; line <= RIM; line++) {
        for (let cell = middle + line * SIDE - RIM; cell <= middle + line * SIDE + RIM; cell++) {
          const count = counts[cell];
          if (count === 0) continue;
          const dx = sumX[cell] / count - x;
          const dy = sumY[cell] / count - y;
          const distance = (dx * dx + dy * dy) / (REACH * width) ** 2;
          if (distance < least) [least, nearest] = [distance, cell];
          if (distance >= 1) continue;
          weights += count * (1 - distance);
          towardsX += count * (1 - distance) * dx;
          towardsY += count * (1 - distance) * dy;
        }
      }
      x += towardsX / weights;
      y += towardsY / weights;
    }
    return [x, y, nearest];
  }
}

function settle(found: Anchors, label: number, row: number, positions: Float32Array): void {
  const [x, y] = [positions[2 * row], positions[2 * row + 1]];
  if (!Number.isFinite(x + y)) return;
  found.places[2 * label] = x;
  found.places[2 * label + 1] = y;
  found.rows[label] = row;
  found.sizes[label] = 1;
}

/** All of a layout as it was computed; far outliers count as at its edge. */
function wholeOf(positions: Float32Array): Part {
  const { x, y, rms } = middleOf(positions);
  const [width, left, bottom] = [2 * RADII * rms, x - RADII * rms, y - RADII * rms];
  return { pose: PLAIN, left, bottom, width, height: width, open: true };
}
