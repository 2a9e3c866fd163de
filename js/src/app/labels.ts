/** From labels to colours, names and groups. */
import type { PointsTrait } from "../protocol";
import { floats, unsigned } from "../protocol";
import { CATEGORICAL_LIMIT, categoricalPalette, continuousPalette, MISSING_COLOUR } from "../scatter";

/** Codes of a scale: 0 to 255 for its colours, one more for a missing value. */
const SCALE_STEPS = 256;

export interface Entry {
  code: number;
  name: string;
  count: number;
}

/** What the view knows of the labels. */
export interface Labels {
  kind: "none" | "categories" | "scale";
  /** Colour code of each point. */
  codes: Uint16Array;
  entries: Entry[];
  low: number;
  high: number;
  repeatsColours: boolean;
  palette(dark: boolean): Uint8Array;
  /** The label of a row in words; empty without labels. */
  name(row: number): string;
}

export function readLabels({ n, labels }: PointsTrait): Labels {
  const none = { entries: [], low: 0, high: 0, repeatsColours: false };
  if (labels === null) {
    const palette = (dark: boolean) => categoricalPalette(1, dark);
    return { ...none, kind: "none", codes: new Uint16Array(n), palette, name: () => "" };
  }
  if (labels.kind === "scale") {
    const values = floats(labels.values, n);
    const { low, high } = labels;
    const codes = scaleCodes(values, low, high);
    return {
      ...none,
      kind: "scale",
      codes,
      low,
      high,
      palette: scalePalette,
      name: (row) => number(values[row]),
    };
  }
  const { names, counts, has_missing } = labels;
  const codes = unsigned(labels.codes);
  const coloured = names.length - Number(has_missing);
  return {
    kind: "categories",
    codes,
    entries: names.map((name, code) => ({ code, name, count: counts[code] })),
    low: 0,
    high: 0,
    repeatsColours: coloured > CATEGORICAL_LIMIT,
    palette: (dark) => withMissing(categoricalPalette(coloured, dark), has_missing),
    name: (row) => names[codes[row]],
  };
}

export function scaleCodes(values: Float32Array, low: number, high: number): Uint16Array {
  const span = high - low || 1;
  return Uint16Array.from(values, (value) =>
    Number.isFinite(value)
      ? Math.min(SCALE_STEPS - 1, Math.floor(((value - low) / span) * SCALE_STEPS))
      : SCALE_STEPS,
  );
}

export function scalePalette(dark: boolean): Uint8Array {
  return withMissing(continuousPalette(dark), true);
}

function withMissing(colours: Uint8Array, missing: boolean): Uint8Array {
  return missing ? Uint8Array.of(...colours, ...MISSING_COLOUR) : colours;
}

export function number(value: number): string {
  return Number.isNaN(value) ? "missing" : Number(value.toPrecision(4)).toLocaleString("en");
}

export function cssColour(palette: Uint8Array, code: number): string {
  return `rgb(${palette[3 * code]} ${palette[3 * code + 1]} ${palette[3 * code + 2]})`;
}
