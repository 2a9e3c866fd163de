/** What colours the points: their labels, or how much the maps agree about them. */
import type { Stability } from "../protocol";
import { type Labels, scaleCodes, scalePalette } from "./labels";
import { sameMembers } from "./sets";
import type { View } from "./view";

export interface Colouring {
  /** Colour code of each point. */
  codes: Uint16Array;
  palette: Uint8Array;
}

export function colouring(view: View): Colouring {
  const stability = stabilityShown(view);
  if (!stability) return { codes: view.labels.codes, palette: view.labelPalette.value };
  return {
    codes: scaleCodes(stability.values, 0, 1),
    palette: scalePalette(view.theme.value?.dark ?? false),
  };
}

/** The measured stability, where the points are coloured by it and it is of the maps that are compared. */
export function stabilityShown(view: View): Stability | null {
  if (view.colour.value !== "stability" || view.single.value) return null;
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
