/** What tells one map from another, in words. */
import type { RunTrait } from "../wire/traits";

type Axis = "perplexity" | "init" | "random_state";

/** In the order in which they vary along the panels, the slowest first. */
const AXES: Axis[] = ["perplexity", "init", "random_state"];

/** In the order in which a title names them. */
const SPOKEN: Axis[] = ["perplexity", "random_state", "init"];

/** A table of maps: one parameter varies by row, one by column. */
export interface Table {
  rows: string[];
  columns: string[];
  /** Row and column of each map; places may be empty. */
  places: [number, number][];
}

export function initName(init: string): string {
  return init === "pca" ? "PCA" : init;
}

/** A number as it was typed. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function inWords(axis: Axis, run: RunTrait, perplexity = "perplexity"): string {
  if (axis === "init") return initName(run.init);
  return axis === "perplexity" ? `${perplexity} ${plain(run.perplexity)}` : `seed ${run.random_state}`;
}

/** The different values of an axis, in order of the maps. */
export function distinct<K extends Axis>(runs: readonly RunTrait[], axis: K): RunTrait[K][] {
  return [...new Set(runs.map((run) => run[axis]))];
}

export function varied(runs: readonly RunTrait[]): Axis[] {
  return AXES.filter((axis) => distinct(runs, axis).length > 1);
}

/** The title of each map: what varies among them, as Python says it; of a single one its perplexity. */
export function titles(runs: readonly RunTrait[]): string[] {
  const axes = SPOKEN.filter((axis) => varied(runs).includes(axis));
  const told = axes.length > 0 ? axes : SPOKEN.slice(0, 1);
  return runs.map((run) => told.map((axis) => inWords(axis, run)).join(", "));
}

/** The same for where there is little room: '5 · s1 · PCA'. */
export function shortTitles(runs: readonly RunTrait[]): string[] {
  const axes = SPOKEN.filter((axis) => varied(runs).includes(axis));
  if (axes.length < 2) return titles(runs);
  const short = (axis: Axis, run: RunTrait) =>
    axis === "random_state" ? `s${run.random_state}` : inWords(axis, run, "").trim();
  return runs.map((run) => axes.map((axis) => short(axis, run)).join(" · "));
}

/** The table of the maps, where exactly two parameters vary and at least half of the places are taken. */
export function tableOf(runs: readonly RunTrait[]): Table | null {
  const axes = varied(runs);
  if (axes.length !== 2) return null;
  const [rows, columns] = axes.map((axis) => distinct(runs, axis) as (string | number)[]);
  const count = rows.length * columns.length;
  if (2 * runs.length < count) return null;
  // With places empty, the order in which the values come is no longer that in which they were given.
  if (runs.length < count) for (const values of [rows, columns]) values.sort(ascending);
  const [byRow, byColumn] = axes;
  return {
    rows: rows.map((value) => header(byRow, value)),
    columns: columns.map((value) => header(byColumn, value)),
    places: runs.map((run) => [rows.indexOf(run[byRow]), columns.indexOf(run[byColumn])]),
  };
}

function ascending(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b);
}

/** How many maps may stand in a row so that rows and columns mean something: where three parameters vary. */
export function rhythm(runs: readonly RunTrait[]): number[] | null {
  const axes = varied(runs);
  if (axes.length !== 3) return null;
  const [slow, middle, fast] = axes.map((axis) => distinct(runs, axis).length);
  return slow * middle * fast === runs.length ? [fast, fast * middle] : null;
}

function header(axis: Axis, value: string | number): string {
  return axis === "init" ? `${initName(String(value))} init` : inWords(axis, { [axis]: value } as never);
}

/** Whether the maps differ by seed alone and start from one given layout: then they agree by construction. */
export function agreeByConstruction(runs: readonly RunTrait[]): boolean {
  const axes = varied(runs);
  return axes.length === 1 && axes[0] === "random_state" && runs[0].init !== "random";
}
