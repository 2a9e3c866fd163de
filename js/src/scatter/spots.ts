/** Where names go on the screen so that no two overlap; one that has no room is left out. */
import type { PanelRect } from "./types";

/** CSS pixels: the height of a name, and how far it stays from others, the second number while it is not yet shown. */
export const NAME_HEIGHT = 16;
const APART = { shown: [1, 0], hidden: [9, 4] } as const;
/** How far the name of a point stands from the point. */
const BESIDE = 3;
/** An anchor that far from its name is joined to it by a line. */
const NEAR = 14;
/** How many names are tried on a panel, and how many shown. */
const TRIED = 2000;
const SHOWN = 400;
/** Names that are not shown. */
const NOWHERE = 255;

/** Around an anchor in a clump: half widths and heights of a name; the last ones need a line. */
const AROUND = [
  ...[0, 0, 0, -1.3, 0, 1.3, 1.2, 0, -1.2, 0, 0.9, -1.3, -0.9, -1.3, 0.9, 1.3, -0.9, 1.3],
  ...[0, -2.6, 0, 2.6, 1.3, -2.6, -1.3, -2.6, 1.3, 2.6, -1.3, 2.6, 2.4, 0, -2.4, 0, 2.4, -1.3, -2.4, -1.3],
  ...[2.4, 1.3, -2.4, 1.3, 0, -3.9, 0, 3.9, 2.6, -2.6, -2.6, -2.6, 2.6, 2.6, -2.6, 2.6],
];
/** Beside a point. */
const BESIDES = [1, 0, -1, 0, 0, -1, 0, 1];

/** A name on the screen; lengths on the canvas. */
export interface Spot {
  label: number;
  /** The middle of the name. */
  x: number;
  y: number;
  /** Where a line from its anchor begins and ends; null: it needs none. */
  line: [number, number, number, number] | null;
}

export interface Wanted {
  rect: PanelRect;
  /** The labels, the most important first. */
  order: ArrayLike<number>;
  /** xyxy on the canvas, by label. */
  anchors: Float32Array;
  sizes: ArrayLike<number>;
  /** The width of a label's name. */
  width: (label: number) => number;
  /** The radius of a point. */
  radius: number;
}

/** A name that looks for its place. */
interface Name {
  label: number;
  /** Its anchor. */
  x: number;
  y: number;
  wide: number;
  /** Whether it is that of a single point. */
  alone: boolean;
  radius: number;
  rect: PanelRect;
}

/** The names of one panel. */
export class Spots {
  shown: Spot[] = [];
  /** The candidate that each name has taken. */
  private taken = new Uint8Array(0);
  private readonly bands: number[][] = [];

  shows(label: number): boolean {
    return label < this.taken.length && this.taken[label] !== NOWHERE;
  }

  clear(): void {
    this.shown = [];
    this.taken.fill(NOWHERE);
  }

  /** A name that is shown stays at its candidate while it fits there and no better one has much room. */
  place({ rect, order, anchors, sizes, width, radius }: Wanted): void {
    if (this.taken.length !== sizes.length) this.taken = new Uint8Array(sizes.length).fill(NOWHERE);
    const before = this.taken.slice();
    this.clear();
    for (const band of this.bands) band.length = 0;
    let tried = 0;
    for (let i = 0; i < order.length && tried < TRIED && this.shown.length < SHOWN; i++) {
      const label = order[i];
      const [x, y] = [anchors[2 * label], anchors[2 * label + 1]];
      if (!(x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height)) continue;
      tried++;
      const wide = width(label);
      const alone = sizes[label] === 1;
      if (wide <= rect.width) this.find({ label, x, y, wide, alone, radius, rect }, before[label]);
    }
  }

  /** A better candidate than the one that was `kept` is taken only if there is more room than that one needs. */
  private find(name: Name, kept: number): void {
    const count = (name.alone ? BESIDES : AROUND).length / 2;
    for (let candidate = 0; candidate < count; candidate++)
      if (this.take(name, candidate, candidate < kept ? APART.hidden : APART.shown)) return;
  }

  /** Returns whether a name fits at a candidate, which it then has. */
  private take(name: Name, candidate: number, apart: readonly [number, number]): boolean {
    const { label, x, y, wide, alone, radius, rect } = name;
    const candidates = alone ? BESIDES : AROUND;
    const across = candidates[2 * candidate] * (wide / 2 + (alone ? radius + BESIDE : 0));
    const down = candidates[2 * candidate + 1] * (alone ? NAME_HEIGHT / 2 + radius + BESIDE : NAME_HEIGHT);
    const cx = within(x + across, rect.x, rect.width, wide);
    const cy = within(y + down, rect.y, rect.height, NAME_HEIGHT);
    // At the edge a point's own name would slide over it.
    if (alone && Math.abs(cx - x) < wide / 2 + radius && Math.abs(cy - y) < NAME_HEIGHT / 2) return false;
    if (!this.free(cx, cy, wide, apart)) return false;
    this.taken[label] = candidate;
    this.occupy(cx, cy, wide);
    this.shown.push({ label, x: cx, y: cy, line: alone ? null : lineTo(x, y, cx, cy, wide) });
    return true;
  }

  private free(x: number, y: number, wide: number, [across, down]: readonly [number, number]): boolean {
    const [left, right] = [x - wide / 2 - across, x + wide / 2 + across];
    const [top, bottom] = [y - NAME_HEIGHT / 2 - down, y + NAME_HEIGHT / 2 + down];
    for (let b = Math.max(0, bandOf(top)); b <= bandOf(bottom); b++) {
      const band = this.bands[b];
      if (!band) continue;
      for (let i = 0; i < band.length; i += 4)
        if (band[i] < right && band[i + 1] > left && band[i + 2] < bottom && band[i + 3] > top) return false;
    }
    return true;
  }

  private occupy(x: number, y: number, wide: number): void {
    const [top, bottom] = [y - NAME_HEIGHT / 2, y + NAME_HEIGHT / 2];
    for (let b = Math.max(0, bandOf(top)); b <= bandOf(bottom); b++) {
      while (this.bands.length <= b) this.bands.push([]);
      this.bands[b].push(x - wide / 2, x + wide / 2, top, bottom);
    }
  }
}

function bandOf(y: number): number {
  return Math.floor(y / NAME_HEIGHT);
}

/** The middle of something `size` long, moved as far as it takes to lie within. */
function within(middle: number, from: number, room: number, size: number): number {
  return Math.min(from + room - size / 2, Math.max(from + size / 2, middle));
}

function lineTo(x: number, y: number, cx: number, cy: number, wide: number): Spot["line"] {
  const ex = Math.min(cx + wide / 2, Math.max(cx - wide / 2, x));
  const ey = Math.min(cy + NAME_HEIGHT / 2 - 1, Math.max(cy - NAME_HEIGHT / 2 + 1, y));
  return Math.hypot(x - ex, y - ey) > NEAR ? [x, y, ex, ey] : null;
}
