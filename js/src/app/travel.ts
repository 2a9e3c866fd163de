/** Who travels furthest between two maps. */
import type { View } from "./view";

/** Part of the points that are marked. */
export const MARKED = 0.05;

/** The rows that travel furthest in the morph that is shown, sorted; none without one. */
export function travellers(view: View): Int32Array {
  const morphing = view.morphing.value;
  // Read, so that they are found anew as the maps move on.
  const pictures = view.store.maps.value.map((map) => map.picture.value);
  if (!morphing || !view.scatter || pictures.length < 2) return new Int32Array(0);
  return furthest(view.scatter.travel(morphing.panel, morphing.other));
}

export function furthest(distances: Float32Array): Int32Array {
  const count = Math.ceil(MARKED * distances.length);
  const order = Int32Array.from(distances, (_, row) => row).sort((a, b) => distances[b] - distances[a]);
  return order.slice(0, count).sort();
}
