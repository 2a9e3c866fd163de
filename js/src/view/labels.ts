/** Turns labels into colours, names and groups. */

import { CATEGORICAL_LIMIT, categoricalPalette, continuousPalette, MISSING_COLOR } from "../scatter";
import { floatsOf, unsigned } from "../wire/bytes";
import type * as wire from "../wire/traits";
import { toWords } from "./figures";
import { rowsWhere } from "./rows";

/** Codes of a scale: 0 to 255 for its colours, then one for a missing value. */
export const SCALE_STEPS = 256;

export interface Entry {
  code: number;
  name: string;
  count: number;
}

/** The column that colours, as the view uses it. */
export interface Labels {
  /** The column's name; empty if there is no column. */
  column: string;
  kind: "none" | "categories" | "scale";
  /** The colour code of each point. */
  codes: Uint16Array;
  entries: Entry[];
  /** The ends of the colour bar in words. */
  range: Range;
  /** How many labels share how many colours; null if each has its own. */
  sharing: { labels: number; colors: number } | null;
  palette(dark: boolean): Uint8Array;
  /** A row's label in words; empty without labels. */
  name(row: number): string;
}

/** The ends of the colours, and of the values. */
export interface Ends {
  low: number;
  high: number;
  least: number;
  most: number;
}

/** The ends in words. */
export interface Range {
  low: string;
  /** The value at the middle of a bar that is not linear; else empty. */
  middle: string;
  high: string;
  /** The smallest and largest value beyond the colours; empty if there are none. */
  beyond: string;
  /** Whether there are values beyond either end. */
  below: boolean;
  above: boolean;
}

/** The range of colours from low to high. */
export function rangeOf(
  { low, high, least, most }: Ends,
  told: (value: number) => string,
  transform: wire.Transform = "linear",
): Range {
  const [below, above] = [least < low, most > high];
  const beyond = below || above ? `all from ${told(least)} to ${told(most)}` : "";
  // Not the root of the product, which may overflow.
  const middle = transform === "log" ? told(Math.sqrt(low) * Math.sqrt(high)) : "";
  return { low: told(low), middle, high: told(high), beyond, below, above };
}

/** `transform`: how the numbers of a scale become colours. */
export function readLabels(
  n: number,
  labels: wire.Labels | null,
  transform: wire.Transform = "linear",
): Labels {
  if (labels === null) return withoutLabels(n);
  return labels.kind === "scale" ? readScale(n, labels, transform) : readCategories(labels);
}

const NO_RANGE: Range = { low: "", middle: "", high: "", beyond: "", below: false, above: false };

function withoutLabels(n: number): Labels {
  return {
    column: "",
    kind: "none",
    codes: new Uint16Array(n),
    entries: [],
    range: NO_RANGE,
    sharing: null,
    palette: (dark) => categoricalPalette(1, dark),
    name: () => "",
  };
}

function readScale(n: number, labels: wire.Scale, wanted: wire.Transform): Labels {
  const values = floatsOf(labels.values, n);
  const { name, low, high, least, colors } = labels;
  const told = toWords(labels);
  // For a moment the transform may still be the previous column's.
  const transform = least > 0 ? wanted : "linear";
  return {
    column: name,
    kind: "scale",
    codes: scaleCodes(values, low, high, transform),
    entries: [],
    range: rangeOf(labels, told, transform),
    sharing: null,
    palette: (dark) => scalePalette(dark, colors),
    name: (row) => told(values[row]),
  };
}

function readCategories(labels: wire.Categories): Labels {
  const { name, names, counts, has_missing, colors, codes: wire } = labels;
  const codes = unsigned(wire);
  const colored = names.length - Number(has_missing);
  const distinct = colors.length > 0 ? new Set(colors).size : Math.min(colored, CATEGORICAL_LIMIT);
  return {
    column: name,
    kind: "categories",
    codes,
    entries: names.map((name, code) => ({ code, name, count: counts[code] })),
    range: NO_RANGE,
    sharing: distinct < colored ? { labels: colored, colors: distinct } : null,
    palette: (dark) => withMissing(categoricalPalette(colored, dark, colors), has_missing),
    name: (row) => names[codes[row]],
  };
}

/** The rows of an entry. */
export function rowsOf({ codes }: Labels, code: number): Int32Array {
  return rowsWhere(codes.length, (row) => codes[row] === code);
}

/** How many of some rows each entry has. */
export function countRows({ codes, entries }: Labels, rows: Int32Array): Uint32Array {
  const counts = new Uint32Array(entries.length);
  for (const row of rows) counts[codes[row]]++;
  return counts;
}

/** "own": that of the column. */
export type LabelOrder = "own" | "count" | "name";

const collator = new Intl.Collator("en", { numeric: true });

/** Entries in order; equal ones stay as they are. */
export function inOrder(entries: readonly Entry[], order: LabelOrder): Entry[] {
  if (order === "own") return [...entries];
  return [...entries].sort((a, b) =>
    order === "count" ? b.count - a.count : collator.compare(a.name, b.name),
  );
}

/** The rows that share a label with one of these rows. */
export function rowsLike({ codes }: Labels, rows: Int32Array): Int32Array {
  const wanted = new Set<number>();
  for (const row of rows) wanted.add(codes[row]);
  return rowsWhere(codes.length, (row) => wanted.has(codes[row]));
}

/**
 * Infinite values have the colours of the ends. A plain loop, because it runs at each move: for a million points it is
 * twenty times as fast as mapping.
 */
export function scaleCodes(
  values: Float32Array | Float64Array,
  low: number,
  high: number,
  transform: wire.Transform = "linear",
): Uint16Array {
  const codes = new Uint16Array(values.length);
  const log = transform === "log";
  // The difference of two distant numbers may overflow.
  const shrink = Number.isFinite(high - low) ? 1 : 0.5;
  const start = log ? Math.log(low) : low * shrink;
  const span = (log ? Math.log(high) : high * shrink) - start || 1;
  for (let i = 0; i < codes.length; i++) {
    const value = values[i];
    const step = Math.floor((((log ? Math.log(value) : value * shrink) - start) / span) * SCALE_STEPS);
    codes[i] = Number.isNaN(value) ? SCALE_STEPS : Math.max(0, Math.min(SCALE_STEPS - 1, step));
  }
  return codes;
}

export function scalePalette(dark: boolean, own: readonly string[] = []): Uint8Array {
  return withMissing(continuousPalette(dark, own), true);
}

function withMissing(colors: Uint8Array, missing: boolean): Uint8Array {
  return missing ? withGray(colors) : colors;
}

/** The colours, and one more for missing values. */
export function withGray(colors: ArrayLike<number>): Uint8Array {
  const palette = new Uint8Array(colors.length + MISSING_COLOR.length);
  palette.set(colors);
  palette.set(MISSING_COLOR, colors.length);
  return palette;
}

export function cssColor(palette: Uint8Array, code: number): string {
  return `rgb(${palette[3 * code]} ${palette[3 * code + 1]} ${palette[3 * code + 2]})`;
}
