/** Means of measured values: over all points, over some rows, over the rows of each label. */
import { type Measured, named } from "./coloring";
import { meanInWords } from "./figures";
import type { Labels } from "./labels";

/** The mean of the finite values, of all rows or some; NaN if there are none. */
export function mean(values: ArrayLike<number>, rows: ArrayLike<number> | null = null): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < (rows ?? values).length; i++) {
    const value = values[rows ? rows[i] : i];
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

export function meansByLabel(values: ArrayLike<number>, { codes, entries }: Labels): number[] {
  const [sums, counts] = [new Float64Array(entries.length), new Float64Array(entries.length)];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    sums[codes[i]] += values[i];
    counts[codes[i]]++;
  }
  return entries.map(({ code }) => sums[code] / counts[code]);
}

/** The mean of each part, in words: "0.25", or "missing 0.18, false 0.25". */
export function meansInWords(means: readonly number[], measured: Measured): string {
  return named(
    measured.about,
    means.map((value) => meanInWords(value, measured)),
  );
}

/** Where there is no room for the names of parts. */
export function meansInShort(means: readonly number[], measured: Measured): string {
  return means.map((value) => meanInWords(value, measured)).join(" · ");
}

/**
 * The means over some maps in short and, if there are several maps or parts, which is which. `means`: those of the
 * parts on each map.
 */
export function together(means: number[][], titles: string[], measured: Measured) {
  const overall = means[0].map((_, part) => mean(means.map((each) => each[part])));
  const text = meansInShort(overall, measured);
  const each = means.map((one, i) => `${titles[i]}: ${meansInWords(one, measured)}`);
  if (means.length > 1) return { text, title: each.join(overall.length > 1 ? "; " : ", ") };
  return { text, title: overall.length > 1 ? meansInWords(overall, measured) : "" };
}
