/** What surrounds the maps in a saved picture: their titles, their state, what colours mean. */
import { type Measure, measuring } from "../../scatter";
import type { MapState } from "../../store/map";
import type { Cell } from "../../view/grid";
import { squaresOf } from "../../view/newRows";
import { gapsDrawn, kindsOf } from "../../view/traces";
import type { View } from "../../view/view";
import { count, percent, rowsInWords } from "../../view/words";
import { drawImageLegend, imageLegendOf, LEGEND_WIDTH } from "./imageLegend";
import { type Ink, LINE, MARGIN, type Sheet, type Text, wrapped } from "./sheet";

/** CSS pixels. */
const GAP = 8;

export interface Scene extends Pick<Sheet, "texts" | "swatches"> {
  width: number;
  height: number;
  /** Where the maps begin, from the top. */
  top: number;
}

export function sceneOf(view: View): Scene {
  const { width, height } = view.size.peek();
  const sheet: Sheet = { texts: [], swatches: [], measure: measuring() };
  const single = view.single.peek();
  const legend = imageLegendOf(view);
  const whole = width + (legend ? LEGEND_WIDTH : 0);
  const top = single ? alone(view, single, width, sheet) : 0;
  const left = single ? [] : amongOthers(view, sheet);
  const bottom = legend ? drawImageLegend(legend, width + GAP, top + height, sheet) : 0;
  const marked = !single && view.store.maps.peek().some((map) => !finished(view, map));
  const ink = marked ? "warning" : "muted";
  const caption = `${marked ? "* NOT SETTLED. " : ""}${view.store.caption.peek()}${densityInWords(view)}${squaresInWords(view)}${linesInWords(view)}`;
  let below = Math.max(top + height, bottom);
  for (const text of left) below = write(sheet, below, { text, ink: "plain" }, whole);
  below = write(sheet, below, { text: caption, ink }, whole) + GAP;
  return { ...sheet, width: whole, height: below, top };
}

/** What the shade below the points is; empty if there is none. */
function densityInWords({ density, store }: View): string {
  const words = store.density.peek()?.words.join("; ");
  return words && density.seen.peek() ? ` ${words[0].toUpperCase()}${words.slice(1)}.` : "";
}

/** What the squares are; empty if there are none. */
function squaresInWords(view: View): string {
  const rows = view.store.newRows.peek();
  return rows && squaresOf(view).size > 0 ? ` Squares: ${rows.name}, ${rowsInWords(rows.count)}.` : "";
}

/** What the lines along gaps mean; empty if there are none. */
function linesInWords(view: View): string {
  const kinds = kindsOf(gapsDrawn(view)).map(({ style, words }) => `${style}, ${words}`);
  return kinds.length > 0 ? ` Lines along gaps: ${kinds.join("; ")}.` : "";
}

/** Writes in as many lines as that takes; returns where they end. */
function write(sheet: Sheet, top: number, text: Pick<Text, "text" | "ink" | "bold">, width: number): number {
  const room = width - 2 * MARGIN;
  const lines = wrapped(text.text, room, (words) => sheet.measure(words, text.bold));
  lines.forEach((line, i) => {
    sheet.texts.push({ ...text, text: line, x: MARGIN, y: top + 14 + LINE * i, room });
  });
  return top + LINE * lines.length;
}

/** Writes above a single map; returns where the map begins. */
function alone(view: View, map: MapState, width: number, sheet: Sheet): number {
  const ready = finished(view, map);
  const text = `${ready ? "" : "NOT SETTLED: "}${stageOf(view, map)}${figuresOf(view, map).join(", ")}`;
  const title = write(sheet, 0, { text: view.title(map.run), ink: "plain", bold: true }, width);
  return write(sheet, title, { text, ink: ready ? "muted" : "warning", bold: !ready }, width) + MARGIN;
}

/** Writes into the bars of panels, and the headers of a table; returns what has no room there. */
function amongOthers(view: View, { texts, measure }: Sheet): string[] {
  const { cells, headers } = view.grid.peek();
  const left: string[] = [];
  for (const cell of cells) {
    const map = view.store.mapOf(cell.run);
    if (!map || cell.box.width === 0) continue;
    const figures = figuresOf(view, map);
    const ready = finished(view, map);
    const title = `${view.shortTitle(cell.run)}${ready ? "" : " *"}`;
    const bar = inBar(cell, title, figures, ready ? "muted" : "warning", measure);
    if (bar.length === 0) left.push(`${view.title(cell.run)}: ${figures.join(", ")}`);
    const { x, y, width } = cell.box;
    const room = width - 2 * MARGIN;
    texts.push({ x: x + MARGIN, y: y + 12, text: title, ink: ready ? "plain" : "warning", bold: true, room });
    texts.push(...bar);
  }
  for (const { text, box, upright } of headers) {
    if (upright) continue;
    texts.push({ x: box.x + MARGIN, y: box.y + box.height / 2, text, ink: "muted", room: box.width });
  }
  return left;
}

/** As many figures as have room behind the title, the others on a second line; none if not all fit. */
function inBar({ box, bar }: Cell, title: string, figures: string[], ink: Ink, measure: Measure): Text[] {
  const room = box.width - 2 * MARGIN;
  const wide = measure(title, true) + GAP;
  const [x, y] = [box.x + MARGIN, box.y + 12];
  for (let behind = bar === "two lines" ? 0 : figures.length; behind <= figures.length; behind++) {
    const first = figures.slice(0, behind).join(", ");
    const second = figures.slice(behind).join(", ");
    if (wide + measure(first) > room || measure(second) > room) continue;
    const told: Text[] = [
      { x: x + wide, y, text: first, ink, room: room - wide },
      { x, y: y + LINE, text: second, ink, room },
    ];
    return told.filter(({ text }) => text);
  }
  return [];
}

/** Whether the history or the present is shown, and the state of the present. */
function stageOf(view: View, map: MapState): string {
  if (view.playback.shown.peek().has(map.run)) return "history, as it was at ";
  const begun = map.status.peek() !== null && map.possible.peek();
  return begun ? `${map.stage.peek().replace("not settled yet", "stopped")} at ` : "";
}

/** Whether the shown layout is one where the map came to rest by itself. */
function finished(view: View, map: MapState): boolean {
  const past = view.playback.shown.peek().has(map.run);
  return !past && (map.status.peek()?.settled === true || !map.possible.peek());
}

function figuresOf(view: View, map: MapState): string[] {
  const morph = view.morphing.peek();
  if (morph?.panel === map.run && morph.t > 0) {
    return [`${percent(morph.t)} of the way to ${view.title(morph.other)}`];
  }
  const past = view.playback.shown.peek().get(map.run);
  const status = map.status.peek();
  const shown = past ?? status;
  if (!shown || !map.possible.peek()) return [map.stage.peek()];
  const told = map.method.live ? [`iteration ${count(shown.iteration)}`] : [];
  told.push(...map.figures(shown).map(({ name, text }) => `${name} ${text}`));
  if (!past && status?.neighbors_kept != null)
    told.push(`${percent(status.neighbors_kept)} of neighbours kept`);
  return told;
}
