/** Where some rows of a map are, for a camera that is sent to them. */
import { box, type Extent, interval, thinned } from "./extent";
import type { Panel } from "./panel";
import { toShown } from "./pose";

/** The share cut off each of the four sides of many rows, so that the box holds 98 % of them. */
const TAIL = 0.005;
/** How much wider than the rows the view is: their surroundings tell where they are. */
const ROOM = 1.2;
/** The least distance from the middle to a side, in distances between points: a single row is shown among others. */
const COMPANY = 2;

/** In shown units once the map rests; null: it has no layout, or no row has a place. */
export function extentOfRows(panel: Panel, rows: Int32Array): Extent | null {
  const { positions, pose } = panel.resting;
  const places = [...thinned(rows)]
    .map((row) => toShown(pose, positions[2 * row], positions[2 * row + 1]))
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (places.length === 0) return null;
  const along = (axis: 0 | 1) =>
    interval(
      Float32Array.from(places, (place) => place[axis]),
      TAIL,
    );
  const extent = box(along(0), along(1));
  const least = COMPANY * spacing(panel, positions.length / 2);
  return {
    ...extent,
    halfWidth: Math.max(least, ROOM * extent.halfWidth),
    halfHeight: Math.max(least, ROOM * extent.halfHeight),
  };
}

/** The distance between a typical point and its neighbours. */
function spacing({ extent }: Panel, n: number): number {
  if (!extent) return 0;
  // Maps of few points are measured as having no density.
  if (extent.density > 0) return 1 / Math.sqrt(extent.density);
  return (2 * Math.max(extent.halfWidth, extent.halfHeight)) / Math.sqrt(n);
}
