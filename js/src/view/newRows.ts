/** New rows, which are no points of the data: how they look, and what there is to say of each. */
import type { SquaresOn } from "../scatter";
import type { MapState } from "../store/map";
import type { Placed } from "../wire/news";
import { colorMode } from "./coloring";
import { cssColor } from "./labels";
import type { View } from "./view";
import { count } from "./words";

/** The new rows on a map, if they lie on the layout that Python told last. */
export function placedOn(view: View, { placed, picture }: MapState): Placed | null {
  const rows = placed.value;
  const layout = picture.value;
  const fits = rows && layout && rows.epoch === layout.epoch && rows.iteration === layout.iteration;
  return fits && rows.number === view.store.newRows.value?.number ? rows : null;
}

/** Squares for each map that shows new rows. */
export function squaresOf(view: View): ReadonlyMap<number, SquaresOn> {
  const squares = new Map<number, SquaresOn>();
  if (!view.showsNewRows.value || !view.store.newRows.value) return squares;
  const { codes, fills } = fillsOf(view);
  for (const map of view.store.maps.value) {
    const placed = placedOn(view, map);
    const token = map.picture.value?.token;
    if (placed && token !== undefined) {
      const selected = view.store.selectedPlaced.value;
      squares.set(map.run, { positions: placed.positions, codes, fills, selected, token });
    }
  }
  return squares;
}

/** The colours of labels if these colour the points and know all labels of the new rows; else none. */
function fillsOf(view: View): { codes: Uint16Array; fills: (string | null)[] } {
  const { newRows } = view.store;
  const { count: n = 0, labels = null } = newRows.value ?? {};
  const neutral = { codes: new Uint16Array(n), fills: [null] };
  if (!labels || view.labels.kind !== "categories" || colorMode(view) !== "labels") return neutral;
  const known = new Map(view.labels.entries.map(({ name, code }) => [name, code + 1]));
  if (labels.some((label) => label !== null && !known.has(label))) return neutral;
  const palette = view.labelPalette.value;
  const fills = view.labels.entries.map(({ code }) => cssColor(palette, code));
  // Code 0 is an outline: a missing label.
  const codes = Uint16Array.from(labels, (label) => (label === null ? 0 : (known.get(label) ?? 0)));
  return { codes, fills: [null, ...fills] };
}

/** The rows of the data nearest to a new row, nearest first; none if they are unknown. */
export function nearestTo({ rows, nearest }: Placed, index: number): Int32Array {
  return rows.slice(index * nearest, (index + 1) * nearest);
}

/** Whether a new row lies beyond the data: farther from its nearest row, or landmark, than any row from its own. */
export function isBeyond({ distances, nearest, reach }: Placed, index: number): boolean {
  return reach !== null && distances[index * Math.max(1, nearest)] > reach;
}

/** Whether the new rows were placed without the data, so that nobody knows which rows are nearest to them. */
export function nearestUnknown(view: View): boolean {
  return view.store.maps.value.some((map) => placedOn(view, map)?.nearest === 0);
}

/** What it means that new rows lie beyond the data. */
export function beyondMeans(view: View): string {
  const what = nearestUnknown(view) ? ["landmark", "row or landmark"] : ["row", "row"];
  return `farther from the nearest ${what[0]} of the data than any ${what[1]} of the data from its own`;
}

/** How many new rows lie beyond the data, in words; empty if none does. Maps in several metrics may disagree. */
export function beyondInWords(view: View): string {
  const counts = view.store.maps.value.flatMap((map) => {
    const placed = placedOn(view, map);
    if (!placed) return [];
    return [Array.from({ length: placed.count }, (_, i) => i).filter((i) => isBeyond(placed, i)).length];
  });
  const most = Math.max(0, ...counts);
  if (most === 0) return "";
  return `${count(most)} ${most === 1 ? "lies" : "lie"} beyond the data`;
}
