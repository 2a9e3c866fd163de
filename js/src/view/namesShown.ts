/** Whether names are on the maps, and how they look there. */
import type { NamesOn } from "../scatter";
import { colorMode } from "./coloring";
import type { View } from "./view";

/** By default if they are few. */
export function showsNames({ store, names: { value: names } }: View): boolean {
  if (names === null) return false;
  const show = store.showNames.value;
  return show === "auto" ? names.texts.length <= store.limits.names_shown : show;
}

/** null: none. Labels have the colours of their points while these have the colours of labels. */
export function namesShown(view: View): NamesOn | null {
  const names = view.names.value;
  if (names === null || !showsNames(view)) return null;
  const colored = view.store.names.value === "labels" && colorMode(view) === "labels";
  return colored ? { ...names, colors: view.labelPalette.value } : names;
}
