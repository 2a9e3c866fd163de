/** Who travels furthest between two maps. */
import type { View } from "./view";

/** Part of the points that are marked. */
export const MARKED = 0.05;

/** The rows that travel furthest in the morph that is shown, sorted; none without one. */
export function travellers(view: View): Int32Array {
  const [panel, other] = [view.focus.value, view.target.value];
  if (panel === null || other === null || !view.scatter) return new Int32Array(0);
  // Read, so that they are found anew as the maps move on or are turned otherwise.
  for (const map of view.store.maps.value) map.picture.value;
  view.alignment.value;
  return furthest(view.scatter.travel(panel, other));
}

export function furthest(distances: Float32Array): Int32Array {
  const count = Math.ceil(MARKED * distances.length);
  const order = Int32Array.from(distances, (_, row) => row).sort((a, b) => distances[b] - distances[a]);
  return order.slice(0, count).sort();
}
