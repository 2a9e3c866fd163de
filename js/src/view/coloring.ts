/** What colours the points: a column, groups, or a measure. */

import { hexToRgb } from "../scatter";
import type { Group } from "../store/store";
import type { ColorMode, MeasureTrait } from "../wire/traits";
import { number } from "./figures";
import { type Range, rangeOf, SCALE_STEPS, scaleCodes, scalePalette, withGray } from "./labels";
import type { Found } from "./measurements";
import { sameMembers } from "./sets";
import type { View } from "./view";

export interface Coloring {
  /** The colour code of each point. */
  codes: Uint16Array;
  palette: Uint8Array;
  /** By run, the codes of maps that have their own. */
  own?: ReadonlyMap<number, Uint16Array>;
}

export interface Measured extends Found {
  about: MeasureTrait;
}

/** What colours now: while its key is held, the measure from the row under the pointer. */
export function colorMode(view: View): ColorMode {
  const { mode } = view.store.color.value;
  const fromRow = view.store.measures.value.find(({ needs }) => needs === "row");
  if (view.holding.value && fromRow) return fromRow.name;
  if (mode === "labels" || mode === "groups") return mode;
  return offered(view).some(({ name }) => name === mode) ? mode : "labels";
}

/** The measures that make sense for these maps. */
export function offered({ store, single }: View): MeasureTrait[] {
  return store.measures.value.filter(({ needs }) => needs !== "maps" || !single.value);
}

export function measureChosen(view: View): MeasureTrait | null {
  const mode = colorMode(view);
  return view.store.measures.value.find(({ name }) => name === mode) ?? null;
}

/** The values that colour, once they are known. */
export function measuredShown(view: View): Measured | null {
  const about = measureChosen(view);
  const found = about && view.measurements.of(about.name).found.value;
  if (!found) return null;
  const others = about.needs === "maps" && !sameMembers(found.runs, view.compared.value);
  return others ? null : { ...found, about };
}

export function coloring(view: View): Coloring {
  const { n } = view.store.points;
  if (colorMode(view) === "groups") return byGroups(view.store.groups.value, n);
  const measured = measuredShown(view);
  if (!measured) return { codes: view.labels.codes, palette: view.labelPalette.value };
  const { about, runs, values, low, high } = measured;
  const codes = values.map((one) => scaleCodes(one, low, high));
  const palette = paletteOf(view, about);
  if (about.needs !== "map") return { codes: codes[0], palette };
  const own = new Map(runs.map((run, i) => [run, codes[i]]));
  return { codes: new Uint16Array(n).fill(SCALE_STEPS), palette, own };
}

export function paletteOf(view: View, { bright_first }: MeasureTrait): Uint8Array {
  const palette = scalePalette(view.theme.value?.dark ?? false);
  return bright_first ? brightFirst(palette) : palette;
}

/** Reverses the colours, except the last one, which stands for missing values. */
function brightFirst(palette: Uint8Array): Uint8Array {
  const count = palette.length / 3 - 1;
  const turned = palette.slice();
  for (let i = 0; i < count; i++) turned.set(palette.subarray(3 * i, 3 * i + 3), 3 * (count - 1 - i));
  return turned;
}

export function rangeMeasured(measured: Measured): Range {
  return rangeOf(measured, (value) => valueInWords(value, measured));
}

export function valueInWords(value: number, { least, most }: Measured): string {
  return number(value, most - least);
}

/** The value of a row on one map. */
export function valueOn({ about, runs, values }: Measured, run: number, row: number): number | undefined {
  return values[about.needs === "map" ? runs.indexOf(run) : 0]?.[row];
}

/** A point has the colour of its last group; grey if it is in none. */
function byGroups(groups: readonly Group[], n: number): Coloring {
  const codes = new Uint16Array(n).fill(groups.length);
  groups.forEach(({ rows }, code) => {
    for (const row of rows) codes[row] = code;
  });
  return { codes, palette: withGray(groups.flatMap(({ color }) => hexToRgb(color))) };
}
