/** From labels to colours, names and groups. */
import type * as protocol from "../protocol";
import { floats, unsigned } from "../protocol";
import { CATEGORICAL_LIMIT, categoricalPalette, continuousPalette, MISSING_COLOUR } from "../scatter";
import { rowsWhere } from "./rows";

/** Codes of a scale: 0 to 255 for its colours, one more for a missing value. */
const SCALE_STEPS = 256;

export interface Entry {
  code: number;
  name: string;
  count: number;
}

/** What the view knows of the column that colours. */
export interface Labels {
  /** The column's name; empty without one. */
  column: string;
  kind: "none" | "categories" | "scale";
  /** Colour code of each point. */
  codes: Uint16Array;
  entries: Entry[];
  /** The ends of the colour bar in words, and what lies beyond them. */
  range: Range;
  repeatsColours: boolean;
  palette(dark: boolean): Uint8Array;
  /** The label of a row in words; empty without labels. */
  name(row: number): string;
}

export interface Range {
  low: string;
  high: string;
  /** The least and the most, where the colours do not reach them; empty where they do. */
  beyond: string;
  /** Whether there are values below and above. */
  below: boolean;
  above: boolean;
}

/** Of colours that go from low to high. */
export function rangeOf(
  { low, high, least, most }: { low: number; high: number; least: number; most: number },
  told: (value: number) => string,
): Range {
  const [below, above] = [least < low, most > high];
  const beyond = below || above ? `all from ${told(least)} to ${told(most)}` : "";
  return { low: told(low), high: told(high), beyond, below, above };
}

export function readLabels(n: number, labels: protocol.Labels | null): Labels {
  if (labels === null) return withoutLabels(n);
  return labels.kind === "scale" ? readScale(n, labels) : readCategories(labels);
}

const NO_RANGE: Range = { low: "", high: "", beyond: "", below: false, above: false };

function withoutLabels(n: number): Labels {
  return {
    column: "",
    kind: "none",
    codes: new Uint16Array(n),
    entries: [],
    range: NO_RANGE,
    repeatsColours: false,
    palette: (dark) => categoricalPalette(1, dark),
    name: () => "",
  };
}

function readScale(n: number, labels: protocol.Scale): Labels {
  const values = floats(labels.values, n);
  const { name, low, high, least, most, origin } = labels;
  const told = (value: number) => (origin === null ? number(value) : time(value, origin, most - least));
  return {
    column: name,
    kind: "scale",
    codes: scaleCodes(values, low, high),
    entries: [],
    range: rangeOf(labels, told),
    repeatsColours: false,
    palette: scalePalette,
    name: (row) => told(values[row]),
  };
}

function readCategories({ name, names, counts, has_missing, codes: wire }: protocol.Categories): Labels {
  const codes = unsigned(wire);
  const coloured = names.length - Number(has_missing);
  return {
    column: name,
    kind: "categories",
    codes,
    entries: names.map((name, code) => ({ code, name, count: counts[code] })),
    range: NO_RANGE,
    repeatsColours: coloured > CATEGORICAL_LIMIT,
    palette: (dark) => withMissing(categoricalPalette(coloured, dark), has_missing),
    name: (row) => names[codes[row]],
  };
}

/** The rows of an entry. */
export function rowsOf({ codes }: Labels, code: number): Int32Array {
  return rowsWhere(codes.length, (row) => codes[row] === code);
}

/** The rows whose label is that of one of these rows. */
export function rowsLike({ codes }: Labels, rows: Int32Array): Int32Array {
  const wanted = new Set<number>();
  for (const row of rows) wanted.add(codes[row]);
  return rowsWhere(codes.length, (row) => wanted.has(codes[row]));
}

/** A plain loop: for a million points it is twenty times as fast as mapping, and is done at each move. */
export function scaleCodes(values: Float32Array, low: number, high: number): Uint16Array {
  const steps = SCALE_STEPS / (high - low || 1);
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i];
    const step = Math.floor((value - low) * steps);
    codes[i] = Number.isFinite(value) ? Math.max(0, Math.min(SCALE_STEPS - 1, step)) : SCALE_STEPS;
  }
  return codes;
}

export function scalePalette(dark: boolean): Uint8Array {
  return withMissing(continuousPalette(dark), true);
}

function withMissing(colours: Uint8Array, missing: boolean): Uint8Array {
  return missing ? withGrey(colours) : colours;
}

/** The colours and one more, for what has none. */
export function withGrey(colours: ArrayLike<number>): Uint8Array {
  const palette = new Uint8Array(colours.length + MISSING_COLOUR.length);
  palette.set(colours);
  palette.set(MISSING_COLOUR, colours.length);
  return palette;
}

export function number(value: number): string {
  return Number.isNaN(value) ? "missing" : Number(value.toPrecision(4)).toLocaleString("en");
}

const DAY = 86_400;

/** A time in the zone of `origin`, from which seconds count, as exactly as a range of so many asks for. */
export function time(seconds: number, origin: string, span: number): string {
  const local = origin.replace(/(Z|[+-]\d\d:?\d\d)$/, "");
  const date = new Date(Date.parse(local.includes("T") ? `${local}Z` : local) + 1000 * seconds);
  if (Number.isNaN(date.getTime())) return "missing";
  const text = date.toISOString();
  if (span >= 3 * DAY) return text.slice(0, 10);
  return span >= 60 ? text.slice(0, 16).replace("T", " ") : text.slice(11, 23);
}

export function cssColour(palette: Uint8Array, code: number): string {
  return `rgb(${palette[3 * code]} ${palette[3 * code + 1]} ${palette[3 * code + 2]})`;
}
