/** What colours the points: a column, groups, or a measure. */

import { hexToRgb, SQUARE_SIDE, squarePalette } from "../scatter";
import type { Group } from "../store/store";
import type { ColorMode, MeasureTrait } from "../wire/traits";
import { number } from "./figures";
import { type Range, rangeOf, SCALE_STEPS, scaleCodes, scalePalette, withGray } from "./labels";
import type { Found, Parts } from "./measurements";
import { codesOfGroups } from "./naming";
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
  const { about, runs, values } = measured;
  const codes = values.map((parts) => codesOf(parts, measured));
  const palette = paletteOf(view, about);
  if (about.needs !== "map") return { codes: codes[0], palette };
  const own = new Map(runs.map((run, i) => [run, codes[i]]));
  return { codes: new Uint16Array(n).fill(SCALE_STEPS), palette, own };
}

/** Of two numbers each, the colour is that of their place in a square. */
function codesOf(parts: Parts, { about, low, high }: Measured): Uint16Array {
  const [first, second] = parts.map((values) => scaleCodes(values, low, high, about.transform));
  if (!second) return first;
  const step = SCALE_STEPS / SQUARE_SIDE;
  return first.map((x, i) => {
    const y = second[i];
    const missing = x === SCALE_STEPS || y === SCALE_STEPS;
    return missing ? SCALE_STEPS : Math.floor(x / step) + SQUARE_SIDE * Math.floor(y / step);
  });
}

export function paletteOf(view: View, { parts, bright_first }: MeasureTrait): Uint8Array {
  const dark = view.theme.value?.dark ?? false;
  if (parts.length > 0) return withGray(squarePalette(dark));
  const palette = scalePalette(dark);
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
  return rangeOf(measured, (value) => valueInWords([value], measured), measured.about.transform);
}

/** "0.25", or "missing 0.2, false 0.3" */
export function valueInWords(values: readonly number[], { about, least, most }: Measured): string {
  return named(
    about,
    values.map((value) => number(value, most - least)),
  );
}

/** The numbers of a row on one map. */
export function valueOn({ about, runs, values }: Measured, run: number, row: number): number[] | undefined {
  return values[about.needs === "map" ? runs.indexOf(run) : 0]?.map((part) => part[row]);
}

/** Written numbers, each after the name of its part if the measure has parts. */
export function named({ parts }: MeasureTrait, told: readonly string[]): string {
  return told.map((text, i) => (told.length > 1 ? `${parts[i]} ${text}` : text)).join(", ");
}

/** A point has the colour of its last group; grey if it is in none. */
function byGroups(groups: readonly Group[], n: number): Coloring {
  return {
    codes: codesOfGroups(groups, n),
    palette: withGray(groups.flatMap(({ color }) => hexToRgb(color))),
  };
}
