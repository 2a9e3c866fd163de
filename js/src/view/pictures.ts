/** Whether points are drawn as their pictures, and why a map shows points nevertheless. */
import type { View } from "./view";
import { count } from "./words";

/** Whether rows have pictures that could be shown. */
export function hasPictures({ store }: View): boolean {
  return store.rows.value.image && store.tellsRows.value;
}

export function showsPictures(view: View): boolean {
  return view.store.showImages.value && hasPictures(view);
}

/** Why a map shows points; empty if it shows pictures, or is not meant to. */
export function whyPoints(view: View, run: number): string {
  const sight = view.thumbnails.sights.value.get(run);
  if (!showsPictures(view) || !sight) return "";
  if (!sight.shown) return `zoom in to see pictures: ${count(sight.inView)} points are in view`;
  return view.thumbnails.error.value && `a picture is missing: ${view.thumbnails.error.value}`;
}
