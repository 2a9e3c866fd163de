/** What surrounds the maps in a saved picture: their titles, their state, what colours mean. */
import type { MapState } from "../../store/map";
import { colorMode, type Measured, measuredShown, paletteOf, rangeMeasured } from "../../view/coloring";
import { meanInWords } from "../../view/figures";
import { cssColor, type Range } from "../../view/labels";
import { mean } from "../../view/means";
import type { View } from "../../view/view";
import { count, percent } from "../../view/words";

/** CSS pixels. */
const HEADER = 46;
const FOOTER = 26;
const KEY = 190;
const LINE = 20;
const MARGIN = 10;
/** Letters that fit on one line for both ends of a colour bar, and in a line of text. */
const LETTERS = 22;
const LINE_LETTERS = 28;

type Ink = "plain" | "muted" | "warning";

export interface Text {
  x: number;
  /** The middle of the line. */
  y: number;
  text: string;
  ink: Ink;
  bold?: boolean;
  right?: boolean;
  /** Text that does not fit is cut off, with a mark. */
  room: number;
}

export interface Swatch {
  x: number;
  y: number;
  width: number;
  height: number;
  /** One, or a run of them from left to right. */
  colors: string[];
}

export interface Scene {
  width: number;
  height: number;
  /** Where the maps begin, from the top. */
  top: number;
  texts: Text[];
  swatches: Swatch[];
}

interface Key {
  title: string;
  entries: { color: string; name: string; count: number }[];
  bar: { colors: string[]; range: Range; ends?: [string, string] } | null;
  /** Below the bar. */
  notes?: string[];
}

export function sceneOf(view: View): Scene {
  const { width, height } = view.size.peek();
  const key = keyOf(view);
  const single = view.single.peek();
  const top = single ? HEADER : 0;
  const texts = single ? alone(view, single, width) : amongOthers(view);
  const swatches: Swatch[] = [];
  if (key) drawKey(key, width, top + height, texts, swatches);
  const marked = view.store.maps.peek().some((map) => !single && !finished(view, map));
  const note = `${marked ? "* NOT SETTLED. " : ""}${view.store.caption.peek()}`;
  const whole = width + (key ? KEY : 0);
  texts.push({
    x: MARGIN,
    y: top + height + FOOTER / 2,
    text: note,
    ink: marked ? "warning" : "muted",
    room: whole - 2 * MARGIN,
  });
  return { width: whole, height: top + height + FOOTER, top, texts, swatches };
}

/** Above a single map. */
function alone(view: View, map: MapState, width: number): Text[] {
  const ready = finished(view, map);
  const room = width - 2 * MARGIN;
  const state = `${ready ? "" : "NOT SETTLED: "}${stageOf(view, map)}${figuresOf(view, map)}`;
  return [
    { x: MARGIN, y: 15, text: view.title(map.run), ink: "plain", bold: true, room },
    { x: MARGIN, y: 34, text: state, ink: ready ? "muted" : "warning", bold: !ready, room },
  ];
}

/** In the bars of panels, and the headers of a table. */
function amongOthers(view: View): Text[] {
  const { cells, headers } = view.grid.peek();
  const bars = cells.flatMap(({ run, box, bar }): Text[] => {
    const map = view.store.mapOf(run);
    if (!map || box.width === 0) return [];
    const ready = finished(view, map);
    const title = `${view.shortTitle(run)}${ready ? "" : " *"}`;
    const figures = figuresOf(view, map);
    const first = { x: box.x + MARGIN, y: box.y + 12, ink: ready ? "plain" : "warning", bold: true } as const;
    const room = box.width - 2 * MARGIN;
    if (bar !== "two lines") return [{ ...first, text: `${title} · ${figures}`, room }];
    const second = { ...first, y: box.y + 32, ink: ready ? "muted" : "warning", bold: false } as const;
    return [
      { ...first, text: title, room },
      { ...second, text: figures, room },
    ];
  });
  const heads = headers
    .filter(({ upright }) => !upright)
    .map(({ text, box }): Text => {
      return { x: box.x + MARGIN, y: box.y + box.height / 2, text, ink: "muted", room: box.width };
    });
  return [...bars, ...heads];
}

/** Whether the history or the present is shown, and the state of the present. */
function stageOf(view: View, map: MapState): string {
  if (view.playback.shown.peek().has(map.run)) return "history, as it was at ";
  const begun = map.status.peek() !== null && map.possible.peek();
  return begun ? `${map.stage.peek().replace(", not settled", "")} at ` : "";
}

/** Whether the shown layout is one where the map came to rest by itself. */
function finished(view: View, map: MapState): boolean {
  const past = view.playback.shown.peek().has(map.run);
  return !past && (map.status.peek()?.settled === true || !map.possible.peek());
}

function figuresOf(view: View, map: MapState): string {
  const morph = view.morphing.peek();
  if (morph?.panel === map.run && morph.t > 0) {
    return `${percent(morph.t)} of the way to ${view.title(morph.other)}`;
  }
  const past = view.playback.shown.peek().get(map.run);
  const status = map.status.peek();
  const shown = past ?? status;
  if (!shown || !map.possible.peek()) return map.stage.peek();
  const told = map.method.live ? [`iteration ${count(shown.iteration)}`] : [];
  told.push(...map.figures(shown).map(({ name, text }) => `${name} ${text}`));
  if (!past && status?.neighbors_kept != null) told.push(`10-NN ${percent(status.neighbors_kept)}`);
  return told.join(", ");
}

/** null: nothing colours. */
function keyOf(view: View): Key | null {
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
  const bar = { colors: ramp(paletteOf(view, about)), range: rangeMeasured(measured), ends: about.ends };
  return { title: mode, entries: [], bar, notes: notesOf(view, measured) };
}

/** What the numbers are, and their means where these say something. */
function notesOf(view: View, measured: Measured): string[] {
  const { about, runs, values, sentence, caution } = measured;
  const notes = [...wrapped(sentence), ...wrapped(caution?.text ?? "")];
  if (!about.by_label) return notes;
  const told = values.map((one) => meanInWords(mean(one), measured));
  const one = values.length === 1;
  return [...notes, ...told.map((text, i) => `mean ${text}${one ? "" : `, ${view.title(runs[i])}`}`)];
}

/** A text in lines that have room. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last && last.length + word.length < LINE_LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function ramp(palette: Uint8Array): string[] {
  const colors = palette.length / 3 - 1; // the last one is for missing values
  return Array.from({ length: 32 }, (_, i) => cssColor(palette, Math.round((i * (colors - 1)) / 31)));
}

function drawKey(key: Key, left: number, height: number, texts: Text[], swatches: Swatch[]): void {
  const room = KEY - 2 * MARGIN;
  texts.push({ x: left + 8, y: 15, text: key.title, ink: "plain", bold: true, room });
  if (key.bar) {
    const { colors, range, ends } = key.bar;
    swatches.push({ x: left + 8, y: 30, width: room, height: 10, colors });
    const low = `${range.below ? "≤ " : ""}${range.low}`;
    const high = `${range.above ? "≥ " : ""}${range.high}`;
    texts.push({ x: left + 8, y: 52, text: low, ink: "plain", room: room });
    // Each on its own line if one of them is long.
    const y = low.length + high.length > LETTERS ? 52 + LINE : 52;
    texts.push({ x: left + 8 + room, y, text: high, ink: "plain", right: true, room: room });
    const below = y + LINE;
    if (range.middle) {
      const text = `log scale, ${range.middle} in the middle`;
      texts.push({ x: left + 8, y: below, text, ink: "muted", room });
    }
    const [first = "", last = ""] = ends ?? [];
    if (first || last) {
      texts.push({ x: left + 8, y: below, text: first, ink: "plain", room });
      texts.push({ x: left + 8 + room, y: below, text: last, ink: "plain", right: true, room });
    }
    const [from, notes] = [below + (first || last ? LINE : 0), key.notes ?? []];
    const lines = Math.max(1, Math.floor((height - from) / LINE));
    const fitting = notes.length > lines ? [...notes.slice(0, lines - 1), "…"] : notes;
    fitting.forEach((text, i) => {
      texts.push({ x: left + 8, y: from + LINE * i, text, ink: "muted", room });
    });
  }
  const lines = Math.floor((height - 20) / LINE) - 1;
  const shown = key.entries.length > lines ? key.entries.slice(0, lines - 1) : key.entries;
  shown.forEach(({ color, name, count: rows }, i) => {
    const y = 15 + LINE * (i + 1);
    swatches.push({ x: left + 8, y: y - 5, width: 10, height: 10, colors: [color] });
    texts.push({ x: left + 24, y, text: name, ink: "plain", room: room - 62 });
    texts.push({ x: left + 8 + room, y, text: count(rows), ink: "muted", right: true, room: 60 });
  });
  const missing = key.entries.length - shown.length;
  if (missing > 0) {
    const y = 15 + LINE * (shown.length + 1);
    texts.push({ x: left + 24, y, text: `and ${count(missing)} more`, ink: "muted", room });
  }
}
