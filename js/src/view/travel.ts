/** The points that travel farthest between two maps. */

/** The share of points that is marked. */
export const MARKED = 0.05;

/** The rows that travel farthest, sorted. */
export function furthest(distances: Float32Array): Int32Array {
  const count = Math.ceil(MARKED * distances.length);
  const order = Int32Array.from(distances, (_, row) => row).sort((a, b) => distances[b] - distances[a]);
  return order.slice(0, count).sort();
}
