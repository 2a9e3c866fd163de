/**
 * Shown units <-> screen: aspect preserved, y up. A view is the point in the middle of the panel and pixels per
 * unit.
 */
import type { Extent } from "./extent";
import { determinant, PLAIN, type Pose, toOwn, toShown } from "./pose";
import type { PanelRect } from "./types";

export interface View {
  x: number;
  y: number;
  k: number;
}

/** A view in d3-zoom's form: screen = translate + k * (x, -y), within the canvas. */
export interface Transform {
  k: number;
  x: number;
  y: number;
}

const MARGIN = 0.05;
const MIN_MARGIN = 10;
/** Seconds in which the camera covers most of a small distance. */
const EASE = 0.22;
/** How far a following camera lags at most (log scale; share of the panel): within the margin. */
const LAG = 0.05;
const ZOOM_LIMITS = [0.1, 2000];

export function toScreen(view: View, rect: PanelRect, x: number, y: number): [number, number] {
  return [rect.x + rect.width / 2 + (x - view.x) * view.k, rect.y + rect.height / 2 - (y - view.y) * view.k];
}

export function toData(view: View, rect: PanelRect, sx: number, sy: number): [number, number] {
  return [
    view.x + (sx - rect.x - rect.width / 2) / view.k,
    view.y - (sy - rect.y - rect.height / 2) / view.k,
  ];
}

export function toTransform(view: View, rect: PanelRect): Transform {
  const [x, y] = toScreen(view, rect, 0, 0);
  return { k: view.k, x, y };
}

export function fromTransform(transform: Transform, rect: PanelRect): View {
  const { k, x, y } = transform;
  return { k, x: (rect.x + rect.width / 2 - x) / k, y: (y - rect.y - rect.height / 2) / k };
}

/** The view that shows an extent with a margin. An extent of size zero (one point) counts as one unit. */
export function fitView(extent: Extent, width: number, height: number): View {
  const margin = Math.min(
    Math.max(MIN_MARGIN, MARGIN * Math.min(width, height)),
    Math.min(width, height) / 4,
  );
  const size = Math.max(extent.halfWidth, extent.halfHeight);
  // Below float32's resolution a size is rounding noise.
  const noise = 1e-6 * (Math.abs(extent.x) + Math.abs(extent.y));
  const [halfWidth, halfHeight] = size > noise ? [extent.halfWidth, extent.halfHeight] : [1, 1];
  const k = Math.min((width / 2 - margin) / halfWidth, (height / 2 - margin) / halfHeight);
  return { x: extent.x, y: extent.y, k };
}

export function zoomAround(view: View, factor: number, dx: number, dy: number): View {
  // The data point dx, dy pixels right of and above the middle stays where it is.
  const k = view.k * factor;
  return { x: view.x + dx / view.k - dx / k, y: view.y + dy / view.k - dy / k, k };
}

/** The smallest and largest k a user may zoom to, which always include the present k. */
export function zoomLimits(view: View, fitted: View): [number, number] {
  return [Math.min(view.k, fitted.k * ZOOM_LIMITS[0]), Math.max(view.k, fitted.k * ZOOM_LIMITS[1])];
}

/**
 * One step towards `target`. Scale moves in log scale, faster at a distance: d' = -d (1 + |d|) / EASE, in closed
 * form, so that the frame rate does not matter. A point that moves towards the middle never moves away from it on
 * the way. `tight`: a following camera may not lag beyond the margin.
 */
export function easeView(view: View, target: View, seconds: number, size: number, tight: boolean): View {
  const kept = Math.exp(-seconds / EASE);
  const distance = Math.log(view.k / target.k);
  const u = (Math.abs(distance) / (1 + Math.abs(distance))) * kept;
  let left = Math.sign(distance) * (u / (1 - u));
  if (tight) left = Math.min(left, LAG);
  const k = target.k * Math.exp(left);
  const nearer = kept * Math.min(1, view.k / k);
  let dx = (view.x - target.x) * nearer;
  let dy = (view.y - target.y) * nearer;
  const offset = Math.hypot(dx, dy) * k;
  if (tight && offset > LAG * size) {
    dx *= (LAG * size) / offset;
    dy *= (LAG * size) / offset;
  }
  return { x: target.x + dx, y: target.y + dy, k };
}

/** Whether the difference is visible: half a pixel at the panel's edge. */
export function sameView(a: View, b: View, size: number): boolean {
  const moved = Math.hypot(a.x - b.x, a.y - b.y) * b.k;
  return moved + Math.abs(a.k / b.k - 1) * size < 0.5;
}

/** The same place of the map at the same size, for a map in another pose. */
export function carryView(view: View, before: Pose, after: Pose): View {
  const [x, y] = toShown(after, ...toOwn(before, view.x, view.y));
  const grown = Math.abs(determinant(after.turn) / determinant(before.turn));
  return { x, y, k: view.k / Math.sqrt(grown) };
}

export function countOutside(
  positions: Float32Array,
  view: View,
  width: number,
  height: number,
  pose: Pose = PLAIN,
): number {
  const [a, b, c, d] = pose.turn;
  const halfWidth = width / 2 / view.k;
  const halfHeight = height / 2 / view.k;
  let outside = 0;
  for (let p = 0; p < positions.length; p += 2) {
    const dx = positions[p] - pose.x;
    const dy = positions[p + 1] - pose.y;
    if (Math.abs(a * dx + b * dy - view.x) > halfWidth || Math.abs(c * dx + d * dy - view.y) > halfHeight)
      outside++;
  }
  return outside;
}
