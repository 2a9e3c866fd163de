/** Where panels lie: side by side, as a table with headers, or one large with the others as thumbnails. */
import type { PanelRect } from "../scatter";
import type { Table } from "./titles";

export interface Cell {
  run: number;
  /** With its bar. */
  box: PanelRect;
  /** The map alone. */
  map: PanelRect;
  thumbnail: boolean;
  /** Lines of the bar: two where one is too short for title, stage and figures, and there is room. */
  lines: 1 | 2;
}

export interface Header {
  text: string;
  box: PanelRect;
  upright: boolean;
}

export interface Grid {
  cells: Cell[];
  headers: Header[];
}

/** CSS pixels. */
const BAR = 24;
const SECOND_LINE = 18;
/** A panel narrower than the first and higher than the second has a bar of two lines. */
const NARROW = 340;
const HIGH = 200;
const HEADER = 20;
const MORPH_BAR = 30;
/** Part of the longer side that thumbnails take. */
const STRIP = 0.24;

interface Room {
  width: number;
  height: number;
  /** The height by which the arrangement is chosen: it should not change as a legend grows and shrinks. */
  steady: number;
}

/** A single map has the whole room and no bar. */
export function arrange(
  runs: readonly number[],
  room: Room,
  table: Table | null,
  focus: number | null,
): Grid {
  const whole = { x: 0, y: 0, width: room.width, height: room.height };
  const ratio = room.steady > 0 ? room.width / room.steady : 1;
  if (runs.length === 1)
    return { cells: [{ run: runs[0], box: whole, map: whole, thumbnail: false, lines: 1 }], headers: [] };
  if (focus !== null && runs.includes(focus)) return enlarge(runs, whole, ratio, focus);
  return table ? asTable(runs, whole, table) : { cells: sideBySide(runs, whole, ratio, false), headers: [] };
}

function enlarge(runs: readonly number[], whole: PanelRect, ratio: number, focus: number): Grid {
  const others = runs.filter((run) => run !== focus);
  const beside = ratio >= 1;
  const length = beside ? whole.width : whole.height;
  const strip = Math.round(STRIP * length);
  const large = beside ? { ...whole, width: length - strip } : { ...whole, height: length - strip };
  const rest = beside
    ? { ...whole, x: length - strip, width: strip }
    : { ...whole, y: length - strip, height: strip };
  const map = below(large, BAR + MORPH_BAR);
  return {
    cells: [
      { run: focus, box: large, map, thumbnail: false, lines: 1 },
      ...sideBySide(others, rest, beside ? ratio * STRIP : ratio / STRIP, true),
    ],
    headers: [],
  };
}

function asTable(runs: readonly number[], whole: PanelRect, { rows, columns }: Table): Grid {
  const inner = { x: HEADER, y: HEADER, width: whole.width - HEADER, height: whole.height - HEADER };
  const cells = fill(runs, inner, columns.length, false);
  const headers = [
    ...columns.map((text, i) => {
      const { x, width } = cells[i].box;
      return { text, upright: false, box: { x, y: 0, width, height: HEADER } };
    }),
    ...rows.map((text, i) => {
      const { y, height } = cells[i * columns.length].box;
      return { text, upright: true, box: { x: 0, y, width: HEADER, height } };
    }),
  ];
  return { cells, headers };
}

/** As many columns as make the maps largest; a place that stays empty counts half against it. */
function sideBySide(runs: readonly number[], area: PanelRect, ratio: number, thumbnail: boolean): Cell[] {
  let best = 1;
  let largest = -Infinity;
  for (let columns = 1; columns <= runs.length; columns++) {
    const rows = Math.ceil(runs.length / columns);
    const used = (1 + runs.length / (rows * columns)) / 2;
    const size = used * Math.min(area.width / columns, area.width / ratio / rows - BAR);
    if (size > largest) [best, largest] = [columns, size];
  }
  return fill(runs, area, best, thumbnail);
}

/** Whole pixels, so that borders are sharp and nothing is left over. */
function fill(runs: readonly number[], area: PanelRect, columns: number, thumbnail: boolean): Cell[] {
  const rows = Math.ceil(runs.length / columns);
  return runs.map((run, i) => {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const x = area.x + Math.round((column * area.width) / columns);
    const y = area.y + Math.round((row * area.height) / rows);
    const right = area.x + Math.round(((column + 1) * area.width) / columns);
    const bottom = area.y + Math.round(((row + 1) * area.height) / rows);
    const box = { x, y, width: right - x, height: bottom - y };
    const lines = !thumbnail && box.width < NARROW && box.height > HIGH ? 2 : 1;
    return { run, box, map: below(box, lines === 2 ? BAR + SECOND_LINE : BAR), thumbnail, lines };
  });
}

function below(box: PanelRect, top: number): PanelRect {
  return { ...box, y: box.y + top, height: Math.max(0, box.height - top) };
}
