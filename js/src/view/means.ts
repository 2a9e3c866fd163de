/** Means of measured values: over all points, over some rows, over the rows of each label. */
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

/** The mean over some maps and, if there are several, the mean of each in words. */
export function together(means: number[], titles: string[], ends: { low: number; high: number }) {
  const told = (value: number) => meanInWords(value, ends);
  const each = means.map((value, i) => `${titles[i]}: ${told(value)}`);
  return { text: told(mean(means)), title: means.length > 1 ? each.join(", ") : "" };
}
