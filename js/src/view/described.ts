/** What the map shows and how it is doing, in words for those who do not see it. */
import type { MapState } from "../store/map";
import { colorMode } from "./coloring";
import type { View } from "./view";
import { count, rowsInWords, tally } from "./words";

/** "1,797 points on 3 maps, coloured by digit, 12 rows selected" */
export function described(view: View): string {
  const { points, maps, selection } = view.store;
  const several = maps.value.length > 1 ? ` on ${maps.value.length} maps` : "";
  const selected = selection.value.length > 0 ? `${rowsInWords(selection.value.length)} selected` : "";
  const isolated = view.isolated.value.size > 0 ? `${namesOf(view)} isolated` : "";
  const parts = [`${count(points.n)} points${several}`, coloredBy(view), selected, isolated];
  return parts.filter(Boolean).join(", ");
}

function coloredBy(view: View): string {
  const mode = colorMode(view);
  const column = view.store.color.value.column;
  if (mode === "labels") return column === null ? "not coloured" : `coloured by ${column}`;
  return `coloured by ${mode}`;
}

function namesOf({ isolated, labels }: View): string {
  const names = labels.entries.filter(({ code }) => isolated.value.has(code)).map(({ name }) => name);
  return names.length > 3 ? `${names.length} labels` : names.join(", ");
}

/** Whether the maps are prepared, moving or at rest; changes a few times per run. */
export function spoken(maps: readonly MapState[]): string {
  return tally(maps.map(words));
}

/** To announce each stage would be chatter. */
function words({ kind, stage, status }: MapState): string {
  const begun = (status.value?.iteration ?? 0) > 0;
  if (kind.value === "preparing") return begun ? "running" : "being prepared";
  return kind.value === "moving" ? "running" : stage.value;
}
