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
/** A clump or a spot is left for another one only if it falls below this share of it, so that names stay. */
const LOYALTY = 0.6;
/** How a spot becomes a place within cells: steps of mean shift, and their reach in cells. */
const STEPS = 3;
const REACH = 1.25;

/** Cells, with an empty rim around them. */
const SIDE = CELLS.most + 2;

export class AnchorFinder {
  /** The rows, label by label; those of label i begin at `starts[i]`. */
  private readonly rows: Int32Array;
  private readonly starts: Uint32Array;
  // Used anew for each label; the first three are zero in between.
  private readonly counts = new Uint32Array(SIDE * SIDE);
  private readonly smooth = new Uint32Array(SIDE * SIDE);
  private readonly clump = new Int32Array(SIDE * SIDE);
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
    this.fill(rows.length, part, width, cells);
    const held = before < 0 ? -1 : rows.indexOf(before);
    const at = held >= 0 && this.cellOf[held] >= 0 ? held : -1;
    if (this.touched.length > 0) {
      const largest = this.separate();
      const start = this.choose(largest, at);
      const [place, nearest] = this.climb(rows.length, start, REACH * width);
      found.places.set(toOwn(part.pose, ...place), 2 * label);
      found.rows[label] = rows[nearest];
      found.sizes[label] = this.masses[this.clump[this.cellOf[nearest]]] || 1;
    }
    for (const cell of this.touched) this.counts[cell] = this.smooth[cell] = this.clump[cell] = 0;
    this.touched.length = 0;
  }

  /** Notes where rows are shown; returns how many are in the part. */
  private gather(rows: Int32Array, positions: Float32Array, part: Part): number {
    const { xs, ys, cellOf } = this;
    const { pose, left, bottom, width, height, open } = part;
    const [a, b, c, d] = pose.turn;
    let inside = 0;
    for (let i = 0; i < rows.length; i++) {
      const dx = positions[2 * rows[i]] - pose.x;
      const dy = positions[2 * rows[i] + 1] - pose.y;
      xs[i] = a * dx + b * dy;
      ys[i] = c * dx + d * dy;
      const [u, v] = [xs[i] - left, ys[i] - bottom];
      const within = open ? Number.isFinite(u + v) : u >= 0 && u <= width && v >= 0 && v <= height;
      cellOf[i] = within ? 0 : -1;
      if (within) inside++;
    }
    return inside;
  }

  /** Counts the rows in cells and smooths the counts. */
  private fill(count: number, { left, bottom }: Part, width: number, cells: number): void {
    const { counts, smooth, touched, cellOf, xs, ys } = this;
    for (let i = 0; i < count; i++) {
      if (cellOf[i] < 0) continue;
      const column = 1 + Math.min(cells - 1, Math.max(0, Math.floor((xs[i] - left) / width)));
      const line = 1 + Math.min(cells - 1, Math.max(0, Math.floor((ys[i] - bottom) / width)));
      const cell = line * SIDE + column;
      cellOf[i] = cell;
      if (counts[cell]++ === 0) touched.push(cell);
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

  /** The row to start from: where the anchor was, or else one in the densest cell of the clump that counts. */
  private choose(largest: number, at: number): number {
    const { smooth, clump, touched, masses, cellOf } = this;
    const own = at < 0 ? 0 : clump[cellOf[at]];
    const kept = own !== 0 && masses[own] >= LOYALTY * masses[largest] ? own : largest;
    let peak = -1;
    for (const cell of touched)
      if (clump[cell] === kept && (peak < 0 || smooth[cell] > smooth[peak])) peak = cell;
    if (kept === own && smooth[cellOf[at]] >= LOYALTY * smooth[peak]) return at;
    return cellOf.indexOf(peak);
  }

  /** Moves a place from a row to where rows are densest around it; returns it and the row nearest to it. */
  private climb(count: number, start: number, reach: number): [[number, number], number] {
    const { xs, ys, cellOf } = this;
    let [x, y] = [xs[start], ys[start]];
    for (let step = 0; step < STEPS; step++) {
      let [weights, sumX, sumY] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const [dx, dy] = [xs[i] - x, ys[i] - y];
        const weight = 1 - (dx * dx + dy * dy) / (reach * reach);
        if (!(weight > 0) || cellOf[i] < 0) continue;
        weights += weight;
        sumX += weight * dx;
        sumY += weight * dy;
      }
      if (weights > 0) [x, y] = [x + sumX / weights, y + sumY / weights];
    }
    let [nearest, least] = [start, Number.POSITIVE_INFINITY];
    for (let i = 0; i < count; i++) {
      const distance = (xs[i] - x) ** 2 + (ys[i] - y) ** 2;
      if (cellOf[i] >= 0 && distance < least) [nearest, least] = [i, distance];
    }
    return [[x, y], nearest];
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
