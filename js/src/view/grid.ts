/** Where panels lie: side by side, as a table with headers, or one enlarged beside thumbnails. */
import type { PanelRect } from "../scatter";
import type { Table } from "./axes";

/** What a panel's bar shows, which depends on the room; in a table the headers already name the map. */
export type Bar = "one line" | "two lines" | "title" | "headed" | "none";

export interface Cell {
  run: number;
  /** Including the bar. */
  box: PanelRect;
  /** Without the bar. */
  map: PanelRect;
  bar: Bar;
}

interface Header {
  text: string;
  box: PanelRect;
  upright: boolean;
}

export interface Grid {
  cells: Cell[];
  headers: Header[];
}

/** What determines the arrangement. */
export interface Plan {
  width: number;
  height: number;
  /** The height that determines the arrangement: it does not change when the legend grows or shrinks. */
  steady: number;
  table: Table | null;
  /** How many panels a row may hold; null: any number. */
  rhythm: number[] | null;
  /** The enlarged run. */
  focus: number | null;
  /** Further runs, in small panels beside the others. */
  small: readonly number[];
}

/** CSS pixels. */
const LINE = 24;
const SECOND_LINE = 18;
const HEADER = 20;
const MORPH_BAR = 30;
/** A panel narrower than the first and higher than the second has a bar with two lines. */
const NARROW = 340;
const HIGH = 150;
/** The share of the longer side for the thumbnails. */
const STRIP = 0.24;

/** A single map fills the area and has no bar. */
export function arrange(runs: readonly number[], plan: Plan): Grid {
  const { width, height, steady, focus, small } = plan;
  const whole = { x: 0, y: 0, width, height };
  const shape = { width, height: steady };
  const all = [...runs, ...small];
  if (all.length === 1) return { cells: [cell(all[0], whole, "none")], headers: [] };
  if (focus !== null && all.includes(focus)) return enlarge(all, whole, shape, focus);
  if (small.length === 0) return fill(runs, whole, shape, plan);
  const { large, largeShape, thumbnails } = withStrip(small, whole, shape);
  const { cells, headers } = fill(runs, large, largeShape, plan);
  return { cells: [...cells, ...thumbnails], headers };
}

interface Shape {
  width: number;
  height: number;
}

function fill(
  runs: readonly number[],
  area: PanelRect,
  shape: Shape,
  { table, rhythm }: Pick<Plan, "table" | "rhythm">,
): Grid {
  if (table) return asTable(runs, area, table);
  return { cells: sideBySide(runs, area, columnsFor(runs.length, shape, rhythm), true), headers: [] };
}

/** Thumbnails in a strip along the shorter side, and the room that they leave. */
function withStrip(runs: readonly number[], whole: PanelRect, shape: Shape) {
  const beside = shape.width >= shape.height;
  const side = beside ? "width" : "height";
  const strip = Math.round(STRIP * whole[side]);
  const large = { ...whole, [side]: whole[side] - strip };
  const rest = { ...whole, [side]: strip, [beside ? "x" : "y"]: whole[side] - strip };
  const columns = columnsFor(runs.length, { ...shape, [side]: STRIP * shape[side] }, null);
  return {
    large,
    largeShape: { ...shape, [side]: (1 - STRIP) * shape[side] },
    thumbnails: sideBySide(runs, rest, columns, false),
  };
}

function enlarge(runs: readonly number[], whole: PanelRect, shape: Shape, focus: number): Grid {
  const others = runs.filter((run) => run !== focus);
  const { large, thumbnails } = withStrip(others, whole, shape);
  const enlarged = { ...cell(focus, large, "one line"), map: below(large, LINE + MORPH_BAR) };
  return { cells: [enlarged, ...thumbnails], headers: [] };
}

function asTable(runs: readonly number[], whole: PanelRect, { rows, columns, places }: Table): Grid {
  const inner = { x: HEADER, y: HEADER, width: whole.width - HEADER, height: whole.height - HEADER };
  const box = (row: number, column: number) => part(inner, row, rows.length, column, columns.length);
  const headers = [
    ...columns.map((text, column) => {
      const { x, width } = box(0, column);
      return { text, upright: false, box: { x, y: 0, width, height: HEADER } };
    }),
    ...rows.map((text, row) => {
      const { y, height } = box(row, 0);
      return { text, upright: true, box: { x: 0, y, width: HEADER, height } };
    }),
  ];
  return { cells: runs.map((run, i) => cell(run, box(...places[i]), "headed")), headers };
}

/** The number of columns that makes the maps largest; empty places count against it by half. */
function columnsFor(count: number, { width, height }: Shape, allowed: number[] | null): number {
  let best = 1;
  let largest = -Infinity;
  for (const columns of allowed ?? Array.from({ length: count }, (_, i) => i + 1)) {
    const rows = Math.ceil(count / columns);
    const used = (1 + count / (rows * columns)) / 2;
    const size = used * Math.min(width / columns, height / rows - LINE);
    if (size > largest) [best, largest] = [columns, size];
  }
  return best;
}

function sideBySide(runs: readonly number[], area: PanelRect, columns: number, full: boolean): Cell[] {
  const rows = Math.ceil(runs.length / columns);
  return runs.map((run, i) => {
    const box = part(area, Math.floor(i / columns), rows, i % columns, columns);
    const bar = box.width < NARROW && box.height > HIGH ? "two lines" : "one line";
    return cell(run, box, full ? bar : "title");
  });
}

/** Whole pixels, which keeps borders sharp and leaves no gap. */
function part(area: PanelRect, row: number, rows: number, column: number, columns: number): PanelRect {
  const x = area.x + Math.round((column * area.width) / columns);
  const y = area.y + Math.round((row * area.height) / rows);
  const right = area.x + Math.round(((column + 1) * area.width) / columns);
  const bottom = area.y + Math.round(((row + 1) * area.height) / rows);
  return { x, y, width: right - x, height: bottom - y };
}

function cell(run: number, box: PanelRect, bar: Bar): Cell {
  const heights = { none: 0, title: LINE, headed: LINE, "one line": LINE, "two lines": LINE + SECOND_LINE };
  return { run, box, map: below(box, heights[bar]), bar };
}

function below(box: PanelRect, top: number): PanelRect {
  return { ...box, y: box.y + top, height: Math.max(0, box.height - top) };
}
