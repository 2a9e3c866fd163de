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
    const { taken } = this;
    const before = taken.slice();
    taken.fill(NOWHERE);
    this.shown = [];
    for (const band of this.bands) band.length = 0;
    let tried = 0;
    for (let i = 0; i < order.length && tried < TRIED && this.shown.length < SHOWN; i++) {
      const label = order[i];
      const [x, y] = [anchors[2 * label], anchors[2 * label + 1]];
      if (!(x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height)) continue;
      tried++;
      const wide = width(label);
      if (wide > rect.width) continue;
      const clump = sizes[label] > 1;
      const candidates = clump ? AROUND : BESIDES;
      const reach = clump ? 0 : radius + BESIDE;
      const fits = (candidate: number, apart: readonly [number, number]) => {
        const [ux, uy] = [candidates[2 * candidate], candidates[2 * candidate + 1]];
        const cx = within(x + ux * (wide / 2 + reach), rect.x, rect.width, wide);
        const cy = within(
          y + uy * (NAME_HEIGHT / 2 + reach + (clump ? NAME_HEIGHT / 2 : 0)),
          rect.y,
          rect.height,
          NAME_HEIGHT,
        );
        // At the edge a point's own name would slide over it.
        if (!clump && Math.abs(cx - x) < wide / 2 + radius && Math.abs(cy - y) < NAME_HEIGHT / 2)
          return false;
        if (!this.free(cx, cy, wide, apart)) return false;
        taken[label] = candidate;
        this.occupy(cx, cy, wide);
        this.shown.push({ label, x: cx, y: cy, line: clump ? lineTo(x, y, cx, cy, wide) : null });
        return true;
      };
      const kept = before[label];
      const count = candidates.length / 2;
      // A better candidate is taken only if there is more room than the present one needs.
      let candidate = 0;
      while (candidate < Math.min(kept, count) && !fits(candidate, APART.hidden)) candidate++;
      if (candidate < kept || kept === NOWHERE || fits(kept, APART.shown)) continue;
      candidate++;
      while (candidate < count && !fits(candidate, APART.shown)) candidate++;
    }
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
