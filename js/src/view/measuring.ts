/** Asks Python for the numbers that a view shows, and again when the maps have moved on. */
import { computed, effect } from "@preact/signals";
import type { Question } from "../store/latest";
import type { MeasureTrait } from "../wire/traits";
import { measureChosen } from "./coloring";
import type { View } from "./view";

/** Milliseconds between two measurements of moving maps. */
export const INTERVAL = 2000;

/** Asks for the measure that colours the points. */
export function watchMeasure(view: View): () => void {
  const { store, measurements } = view;
  // A string, so that it changes only with the question.
  const wanted = computed(() => JSON.stringify(questionOf(view)));
  // The data are those of the reference map, which may change, and so may its settings.
  const reference = computed(() => {
    const { run, values } = store.reference.value.settings.value;
    return JSON.stringify([run, values]);
  });
  let timer = 0;
  /** The reference of each measure's last question. */
  const measured = new Map<string, string>();
  const stop = effect(() => {
    clearInterval(timer);
    const measure = measureChosen(view);
    const question: Question<"measure"> | null = JSON.parse(wanted.value);
    if (!measure || !question) return;
    const { latest } = measurements.of(question.measure);
    const ask = () => latest.ask(question);
    if (measure.needs === "data") {
      // The neighbours must be known first, so it asks again as the maps are prepared.
      for (const map of store.maps.value) map.prepared.value;
      const before = measured.get(measure.name);
      measured.set(measure.name, reference.value);
      if (!latest.answer.peek() || latest.error.peek() || reference.value !== before) ask();
      return;
    }
    ask();
    if (measure.needs === "row") reference.value;
    else if (view.rest.value === null) timer = window.setInterval(ask, INTERVAL);
  });
  return () => {
    stop();
    clearInterval(timer);
    measurements.dispose();
  };
}

/** null: nobody to ask, or nothing to measure yet. */
function questionOf(view: View): Question<"measure"> | null {
  const measure = measureChosen(view);
  if (!measure || !view.store.tellsRows.value) return null;
  const [runs, row] = [runsOf(view, measure), measure.needs === "row" ? rowOf(view) : null];
  if (runs === null || (measure.needs === "row" && row === null)) return null;
  return { name: "measure", measure: measure.name, runs, row, view: view.number };
}

/** The maps to measure; null if there are too few. */
function runsOf(view: View, { needs }: MeasureTrait): number[] | null {
  if (needs === "data" || needs === "row") return [];
  const runs = needs === "maps" ? view.compared.value : view.possible.value;
  return runs.length < (needs === "maps" ? 2 : 1) ? null : runs;
}

/** The row under the pointer, else the only selected one. */
function rowOf({ store, hover }: View): number | null {
  const selection = store.selection.value;
  return hover.value?.index ?? (selection.length === 1 ? selection[0] : null);
}

/** Asks for the neighbours of the joined row, and how many of them the maps keep whenever those come to rest. */
export function watchNeighbors(view: View): () => void {
  const { store, neighbors } = view;
  const settings = computed(() => JSON.stringify(view.runs.value.map(({ run, values }) => [run, values])));
  const stop = effect(() => {
    const joined = measureChosen(view)?.joined ?? 0;
    const row = (joined > 0 ? pointedAndJoined(view) : null) ?? view.joined.value ?? listed(view);
    const k = Math.min(joined || store.limits.neighbors_listed, store.points.n - 1);
    if (row !== neighbors.answer.peek()?.result.row) neighbors.forget();
    view.rest.value;
    settings.value; // a map's metric is one of them
    if (row !== null) neighbors.ask({ name: "neighbors", row, k });
  });
  return () => {
    stop();
    neighbors.dispose();
  };
}

/** The row whose nearest rows the drawer lists. */
function listed({ store, drawer }: View): number | null {
  const alone = store.selection.value.length === 1 && store.reachable.value;
  return alone && drawer.value === "rows" ? store.selection.value[0] : null;
}

/** The row under the pointer, if lines may join it. */
function pointedAndJoined({ store, hover, joining }: View): number | null {
  return joining.value && store.reachable.value ? (hover.value?.index ?? null) : null;
}
