/** The names that there are for points: those of the labels that colour, of another column, or of groups. */
import { hexToRgb, type NamesOn } from "../scatter";
import type { Group, Store } from "../store/store";
import { unsigned } from "../wire/bytes";
import type { Categories } from "../wire/traits";

/** null: there are none. Colours are only those of groups. */
export function readNames({ names, labels, groups, points }: Store): NamesOn | null {
  if (names.value === "groups") return ofGroups(groups.value, points.n);
  const named = names.value === "labels" ? labels.value : names.value;
  return named?.kind === "categories" ? ofColumn(named) : null;
}

/** A missing label, which is the last, is no name. */
function ofColumn({ names, has_missing, codes }: Categories): NamesOn | null {
  const texts = names.slice(0, names.length - Number(has_missing));
  return texts.length > 0 ? { codes: unsigned(codes), texts, colors: null } : null;
}

function ofGroups(groups: readonly Group[], n: number): NamesOn | null {
  const colors = Uint8Array.from(groups.flatMap(({ color }) => hexToRgb(color)));
  const texts = groups.map(({ name }) => name);
  return groups.length > 0 ? { codes: codesOfGroups(groups, n), texts, colors } : null;
}

/** The group of each row, the last if it is in several; `groups.length` if it is in none. */
export function codesOfGroups(groups: readonly Group[], n: number): Uint16Array {
  const codes = new Uint16Array(n).fill(groups.length);
  groups.forEach(({ rows }, code) => {
    for (const row of rows) codes[row] = code;
  });
  return codes;
}
