/** Which names come first: those of large clumps, and among equal ones such as single points, those far apart. */
import type { Anchors } from "./anchors";
import { middleOf } from "./procrustes";

/** How often the map is quartered; from then on names come in any order. */
const LEVELS = 8;
const NEVER = LEVELS;
/** How much larger a name counts that is shown already, so that two of nearly the same size do not take turns. */
const BONUS = 1.25;
/** Codes have 16 bits, levels have 4. */
const CODES = 65_536;
const LEVEL_STEPS = 16;

export class Importance {
  private levels: Uint8Array = new Uint8Array(0);

  /** The labels that have a place, the most important first. `shown`: whether each is shown now. */
  order(anchors: Anchors, shown: (label: number) => boolean): Uint32Array {
    const { places, sizes } = anchors;
    this.levels = spread(places, this.levels.length === sizes.length ? this.levels : null);
    let [most, count] = [0, 0];
    for (const size of sizes) most = Math.max(most, size);
    const keys = new Float64Array(sizes.length);
    for (let label = 0; label < sizes.length; label++) {
      if (sizes[label] === 0) continue;
      const size = sizes[label] > 1 && shown(label) ? Math.ceil(BONUS * sizes[label]) : sizes[label];
      keys[count++] = ((2 * most - size) * LEVEL_STEPS + this.levels[label]) * CODES + label;
    }
    return Uint32Array.from(keys.subarray(0, count).sort(), (key) => key % CODES);
  }
}

/**
 * The level of each place: a map is quartered again and again, and each quarter without a chosen place chooses one,
 * the most central, or one that was chosen `before` at this level. So the first are far apart.
 */
function spread(places: Float32Array, before: Uint8Array | null): Uint8Array {
  const count = places.length / 2;
  const levels = new Uint8Array(count).fill(NEVER);
  const { x, y, rms } = middleOf(places);
  const side = 4 * rms;
  for (let level = 0; level < LEVELS; level++) {
    const cells = 1 << level;
    const best = new Int32Array(cells * cells).fill(-1);
    const scores = new Float32Array(cells * cells);
    for (let i = 0; i < count; i++) {
      const u = ((places[2 * i] - x) / side + 0.5) * cells;
      const v = ((places[2 * i + 1] - y) / side + 0.5) * cells;
      if (!Number.isFinite(u + v)) continue;
      const column = Math.min(cells - 1, Math.max(0, Math.floor(u)));
      const line = Math.min(cells - 1, Math.max(0, Math.floor(v)));
      const cell = line * cells + column;
      const off = (u - column - 0.5) ** 2 + (v - line - 0.5) ** 2;
      const taken = levels[i] < level;
      const score = taken ? -2 : before && before[i] <= level ? off - 1 : off;
      if (best[cell] < 0 || score < scores[cell]) {
        best[cell] = taken ? count : i;
        scores[cell] = score;
      }
    }
    for (const i of best) if (i >= 0 && i < count) levels[i] = level;
  }
  return levels;
}
