/** What colours the points: a column, groups, or a number that was measured for each. */

import { hexToRgb } from "../scatter";
import type { Group } from "../store/store";
import type { Stability } from "../wire/protocol";
import type { ColorMode } from "../wire/traits";
import { number } from "./figures";
import {
  type Labels,
  type Measured,
  type Range,
  rangeOf,
  scaleCodes,
  scalePalette,
  withGray,
} from "./labels";
import { sameMembers } from "./sets";
import type { View } from "./view";

export interface Coloring {
  /** Colour code of each point. */
  codes: Uint16Array;
  palette: Uint8Array;
}

/** What colours now: while its key is held, the distance in the original space. */
export function colorMode(view: View): ColorMode {
  const { mode } = view.store.color.value;
  if (view.holding.value) return "distance";
  return mode === "stability" && view.single.value ? "labels" : mode;
}

export function coloring(view: View): Coloring {
  if (colorMode(view) === "groups") return byGroups(view.store.groups.value, view.store.points.n);
  const measured = measuredShown(view);
  if (!measured) return { codes: view.labels.codes, palette: view.labelPalette.value };
  const palette = scalePalette(view.theme.value?.dark ?? false);
  return {
    codes: scaleCodes(measured.values, measured.low, measured.high),
    // A small radius is a high density, which is bright everywhere else.
    palette: colorMode(view) === "density" ? brightFirst(palette) : palette,
  };
}

/** The colours the other way round; the last one stays, which is for what is missing. */
function brightFirst(palette: Uint8Array): Uint8Array {
  const count = palette.length / 3 - 1;
  const turned = palette.slice();
  for (let i = 0; i < count; i++) turned.set(palette.subarray(3 * i, 3 * i + 3), 3 * (count - 1 - i));
  return turned;
}

/** The numbers that colour, once they are known. */
export function measuredShown(view: View): Measured | null {
  switch (colorMode(view)) {
    case "stability": {
      const stability = stabilityShown(view);
      return stability && { values: stability.values, low: 0, high: 1, least: 0, most: 1 };
    }
    case "density":
      return view.space.density.value;
    case "distance":
      return view.space.distances.value;
    default:
      return null;
  }
}

export function rangeMeasured(measured: Measured): Range {
  return rangeOf(measured, (value) => number(value, measured.most - measured.least));
}

/** The last group that a point is in; grey for none. */
function byGroups(groups: readonly Group[], n: number): Coloring {
  const codes = new Uint16Array(n).fill(groups.length);
  groups.forEach(({ rows }, code) => {
    for (const row of rows) codes[row] = code;
  });
  return { codes, palette: withGray(groups.flatMap(({ color }) => hexToRgb(color))) };
}

/** The measured stability, where the points are coloured by it and it is of the maps that are compared. */
export function stabilityShown(view: View): Stability | null {
  if (colorMode(view) !== "stability") return null;
  const measured = view.store.stability.value;
  return measured && sameMembers(measured.runs, view.compared.value) ? measured : null;
}

/** The mean over all points, those of each label, and those of rows. */
export function meanStability(values: Float32Array, rows: ArrayLike<number> | null): number {
  let sum = 0;
  const count = rows?.length ?? values.length;
  for (let i = 0; i < count; i++) sum += values[rows ? rows[i] : i];
  return count > 0 ? sum / count : Number.NaN;
}

export function stabilityByLabel(values: Float32Array, { codes, entries }: Labels): number[] {
  const sums = new Float64Array(entries.length);
  for (let i = 0; i < values.length; i++) sums[codes[i]] += values[i];
  return entries.map(({ code, count }) => sums[code] / count);
}
