/** What tells one map from another, in words. */
import type { RunTrait } from "../protocol";

type Axis = "perplexity" | "init" | "random_state";

/** In the order in which they vary along the panels, the slowest first. */
const AXES: Axis[] = ["perplexity", "init", "random_state"];

/** In the order in which a title names them. */
const SPOKEN: Axis[] = ["perplexity", "random_state", "init"];

/** A table of maps: one varies by row, one by column. */
export interface Table {
  rows: string[];
  columns: string[];
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
  return told(runs, "perplexity");
}

/** The same for where there is little room: 'perp 5, seed 1'. */
export function shortTitles(runs: readonly RunTrait[]): string[] {
  return told(runs, varied(runs).length > 1 ? "perp" : "perplexity");
}

function told(runs: readonly RunTrait[], perplexity: string): string[] {
  const axes = SPOKEN.filter((axis) => varied(runs).includes(axis));
  return runs.map((run) =>
    (axes.length > 0 ? axes : SPOKEN.slice(0, 1)).map((axis) => inWords(axis, run, perplexity)).join(", "),
  );
}

/** The table that the maps fill, where exactly two parameters vary and no map is missing. */
export function tableOf(runs: readonly RunTrait[]): Table | null {
  const axes = varied(runs);
  if (axes.length !== 2) return null;
  const [rows, columns] = axes.map((axis) => distinct(runs, axis));
  const full = runs.every(
    (run, i) =>
      run[axes[0]] === rows[Math.floor(i / columns.length)] && run[axes[1]] === columns[i % columns.length],
  );
  if (!full || runs.length !== rows.length * columns.length) return null;
  return {
    rows: rows.map((_, i) => header(axes[0], runs[i * columns.length])),
    columns: columns.map((_, i) => header(axes[1], runs[i])),
  };
}

function header(axis: Axis, run: RunTrait): string {
  return axis === "init" ? `${initName(run.init)} init` : inWords(axis, run);
}

/** Whether the maps differ by seed alone and start from one given layout: then they agree by construction. */
export function agreeByConstruction(runs: readonly RunTrait[]): boolean {
  const axes = varied(runs);
  return axes.length === 1 && axes[0] === "random_state" && runs[0].init !== "random";
}
