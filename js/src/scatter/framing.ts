/** Where some rows of a map are: what a camera shows that is sent to them. */
import { box, type Extent, interval, thinned } from "./extent";
import type { Panel } from "./panel";
import { toShown } from "./pose";

/** Cut from each of the four sides of many rows, so that the box holds 98 % of them. */
const TAIL = 0.005;
/** How much wider than the rows: what is around them tells where they are. */
const ROOM = 1.2;
/** From the middle to a side at least, in distances between points: one row alone is shown among others. */
const COMPANY = 2;

/** In shown units, once the map rests; null: it has no layout, or no row is at a place. */
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

/** Between a typical point and the next ones. */
function spacing({ extent }: Panel, n: number): number {
  if (!extent) return 0;
  // Few points are measured as having no density.
  if (extent.density > 0) return 1 / Math.sqrt(extent.density);
  return (2 * Math.max(extent.halfWidth, extent.halfHeight)) / Math.sqrt(n);
}
