/** What the colours of a saved picture mean, to the right of the maps. */
import { SQUARE_SIDE } from "../../scatter";
import { colorMode, type Measured, measuredShown, paletteOf, rangeMeasured } from "../../view/coloring";
import { cssColor, type Range } from "../../view/labels";
import { mean, meansInWords } from "../../view/means";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import { type Ink, LINE, MARGIN, type Sheet, wrapped } from "./sheet";

/** CSS pixels. */
export const LEGEND_WIDTH = 190;
const ROOM = LEGEND_WIDTH - 2 * MARGIN;
const GAP = 8;

export interface ImageLegend {
  title: string;
  entries: { color: string; name: string; count: number }[];
  bar: { colors: string[]; range: Range; ends?: [string, string] } | null;
  /** The colours of two numbers, row by row from the top, and what they are. */
  square?: { colors: string[][]; range: Range; parts: string[] };
  /** Below the bar. */
  notes?: string[];
}

/** null: nothing colours. */
export function imageLegendOf(view: View): ImageLegend | null {
  const { labels, store } = view;
  const mode = colorMode(view);
  if (mode === "labels") {
    const palette = view.labelPalette.peek();
    if (labels.kind === "none") return null;
    const bar = labels.kind === "scale" ? { colors: ramp(palette), range: labels.range } : null;
    const entries = labels.entries.map((entry) => ({ ...entry, color: cssColor(palette, entry.code) }));
    return { title: labels.column, entries, bar };
  }
  if (mode === "groups") {
    const entries = store.groups.peek().map(({ name, color, rows }) => {
      return { name, color, count: rows.length };
    });
    return { title: "groups", entries, bar: null };
  }
  const measured = measuredShown(view);
  if (!measured) return { title: mode, entries: [], bar: null };
  const { about } = measured;
  const [palette, range, notes] = [paletteOf(view, about), rangeMeasured(measured), notesOf(view, measured)];
  if (about.parts.length > 0) {
    const square = { colors: squareOf(palette), range, parts: about.parts };
    return { title: mode, entries: [], bar: null, square, notes };
  }
  return { title: mode, entries: [], bar: { colors: ramp(palette), range, ends: about.ends }, notes };
}

/** What the numbers are, and their means where these say something. */
function notesOf(view: View, measured: Measured): string[] {
  const { about, runs, values, sentence, caution } = measured;
  const notes = [sentence, caution?.text ?? ""];
  if (!about.by_label) return notes;
  const told = values.map((parts) =>
    meansInWords(
      parts.map((part) => mean(part)),
      measured,
    ),
  );
  const one = values.length === 1;
  return [...notes, ...told.map((text, i) => `mean ${text}${one ? "" : `, ${view.title(runs[i])}`}`)];
}

function ramp(palette: Uint8Array): string[] {
  const colors = palette.length / 3 - 1; // the last one is for missing values
  return Array.from({ length: 32 }, (_, i) => cssColor(palette, Math.round((i * (colors - 1)) / 31)));
}

/** The colours of a square in rows, the row of the largest second number first. */
function squareOf(palette: Uint8Array): string[][] {
  const steps = Array.from({ length: SQUARE_SIDE }, (_, i) => i);
  return steps.reverse().map((y) => steps.map((_, x) => cssColor(palette, SQUARE_SIDE * y + x)));
}

/** Draws from `x` on beside maps that high; returns where it ends, which may be below them. */
export function drawImageLegend(
  { title, entries, bar, square, notes = [] }: ImageLegend,
  x: number,
  height: number,
  sheet: Sheet,
): number {
  const { texts, swatches } = sheet;
  texts.push({ x, y: 15, text: title, ink: "plain", bold: true, room: ROOM });
  if (bar) return drawNotes(notes, x, drawBar(bar, x, sheet), sheet);
  if (square) return drawNotes(notes, x, drawSquare(square, x, sheet), sheet);
  const lines = Math.floor((height - 20) / LINE) - 1;
  const shown = entries.length > lines ? entries.slice(0, lines - 1) : entries;
  shown.forEach(({ color, name, count: rows }, i) => {
    const y = 15 + LINE * (i + 1);
    swatches.push({ x, y: y - 5, width: 10, height: 10, colors: [color] });
    texts.push({ x: x + 16, y, text: name, ink: "plain", room: ROOM - 62 });
    texts.push({ x: x + ROOM, y, text: count(rows), ink: "muted", right: true, room: 60 });
  });
  const missing = entries.length - shown.length;
  if (missing > 0) {
    const y = 15 + LINE * (shown.length + 1);
    texts.push({ x: x + 16, y, text: `and ${count(missing)} more`, ink: "muted", room: ROOM });
  }
  return 0;
}

function drawBar({ colors, range, ends }: NonNullable<ImageLegend["bar"]>, x: number, sheet: Sheet): number {
  const { texts, swatches, measure } = sheet;
  swatches.push({ x, y: 30, width: ROOM, height: 10, colors });
  let y = 52;
  const atEnds = (low: string, high: string) => {
    texts.push({ x, y, text: low, ink: "plain", room: ROOM });
    if (measure(low) + GAP + measure(high) > ROOM) y += LINE;
    texts.push({ x: x + ROOM, y, text: high, ink: "plain", right: true, room: ROOM });
    y += LINE;
  };
  atEnds(atEnd("≤ ", range.below, range.low), atEnd("≥ ", range.above, range.high));
  if (ends?.some(Boolean)) atEnds(...ends);
  if (!range.middle) return y;
  return drawNotes([`log scale, ${range.middle} in the middle`], x, y, sheet);
}

function atEnd(sign: string, beyond: boolean, value: string): string {
  return beyond ? sign + value : value;
}

/** CSS pixels. */
const SQUARE = 64;

/** The first number rises to the right, the second upwards. */
function drawSquare(
  { colors, range, parts: [right, up] }: NonNullable<ImageLegend["square"]>,
  x: number,
  sheet: Sheet,
): number {
  const height = SQUARE / colors.length;
  colors.forEach((row, i) => {
    sheet.swatches.push({ x, y: 30 + i * height, width: SQUARE, height, colors: row });
  });
  const beside = (y: number, text: string) =>
    sheet.texts.push({ x: x + SQUARE + GAP, y, text, ink: "plain", room: ROOM - SQUARE - GAP });
  beside(38, atEnd("≥ ", range.above, range.high));
  beside(24 + SQUARE, atEnd("≤ ", range.below, range.low));
  const below = [`upwards: ${up}`, `to the right: ${right}`];
  return drawNotes(below, x, 30 + SQUARE + LINE, sheet, "plain");
}

function drawNotes(notes: string[], x: number, y: number, sheet: Sheet, ink: Ink = "muted"): number {
  const lines = notes.flatMap((note) => wrapped(note, ROOM, sheet.measure));
  lines.forEach((text, i) => {
    sheet.texts.push({ x, y: y + LINE * i, text, ink, room: ROOM });
  });
  return y + LINE * lines.length;
}
