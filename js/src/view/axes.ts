/** How maps differ: which axes vary among them, and the table they make. */
import type { AxisTrait, AxisValue, MethodTrait, RunTrait } from "../wire/traits";

/** A table of maps: one axis varies by row, one by column. */
export interface Table {
  rows: string[];
  columns: string[];
  /** The row and column of each map; cells may be empty. */
  places: [number, number][];
}

/** The distinct values of an axis among the t-SNE maps, in their order. */
export function distinct(runs: readonly RunTrait[], axis: string): AxisValue[] {
  return [...new Set(concerned(runs, axis).map(({ values }) => values[axis]))];
}

/** The same values as Python writes them. */
export function wordsOf(runs: readonly RunTrait[], axis: string): string[] {
  const told = concerned(runs, axis).map(({ values, words }) => [values[axis], words[axis]] as const);
  return [...new Map(told).values()];
}

/** The values of maps beside t-SNE are their own. */
function concerned(runs: readonly RunTrait[], axis: string): RunTrait[] {
  return runs.filter(({ beside, values }) => !beside && axis in values);
}

/** The axes in which the t-SNE maps differ. */
function varied(axes: readonly AxisTrait[], runs: readonly RunTrait[]): AxisTrait[] {
  return axes.filter(({ name }) => distinct(runs, name).length > 1);
}

/** The table of the maps if exactly two axes vary and at least half of its cells are taken. */
export function tableOf(axes: readonly AxisTrait[], runs: readonly RunTrait[]): Table | null {
  const differing = varied(axes, runs);
  if (differing.length !== 2) return null;
  const [rows, columns] = differing.map(({ name }) => distinct(runs, name));
  const count = rows.length * columns.length;
  if (2 * runs.length < count || runs.some(({ beside }) => beside)) return null;
  // With empty cells, the values no longer appear in the order in which the user gave them.
  if (runs.length < count) for (const values of [rows, columns]) values.sort(ascending);
  const [byRow, byColumn] = differing;
  return {
    rows: rows.map((value) => header(byRow, value, runs)),
    columns: columns.map((value) => header(byColumn, value, runs)),
    places: runs.map(({ values }) => [
      rows.indexOf(values[byRow.name]),
      columns.indexOf(values[byColumn.name]),
    ]),
  };
}

function ascending(a: AxisValue, b: AxisValue): number {
  return a < b ? -1 : Number(a > b);
}

function header({ name, head }: AxisTrait, value: AxisValue, runs: readonly RunTrait[]): string {
  const written = runs.find(({ values }) => values[name] === value)?.words[name] ?? "";
  return head.replace("{}", () => written);
}

/** How many maps a row can hold to make rows and columns meaningful when three axes vary. */
export function rhythm(axes: readonly AxisTrait[], runs: readonly RunTrait[]): number[] | null {
  const differing = varied(axes, runs);
  if (differing.length !== 3) return null;
  const [slow, middle, fast] = differing.map(({ name }) => distinct(runs, name).length);
  return slow * middle * fast === runs.length ? [fast, fast * middle] : null;
}

/** The axes of a map, in order: its own, or else its method's, or else those of all methods. */
export function axesOf(run: RunTrait, { axes, own }: MethodTrait, all: readonly AxisTrait[]): AxisTrait[] {
  return axes.flatMap((name) => [...run.own, ...own, ...all].find((axis) => axis.name === name) ?? []);
}

/** The axes with a control, in the order in which titles name them: choices come last. */
export function offering(axes: readonly AxisTrait[]): AxisTrait[] {
  return axes
    .filter(({ kind, in_toolbar, offered }) => kind !== "choice" || in_toolbar || offered.length > 1)
    .sort((a, b) => Number(a.kind === "choice") - Number(b.kind === "choice"));
}
