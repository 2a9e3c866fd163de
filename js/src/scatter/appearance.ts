/** How large and how opaque points are. */

export interface Crowd {
  n: number;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Relative to the fitted map. */
  zoom: number;
  /** Points per square CSS pixel around a typical point. */
  density: number;
}

export interface Appearance {
  /** CSS pixels. */
  radius: number;
  opacity: number;
  /** Strength of the thin outline in the background's colour. */
  outline: number;
  /** Opacity of selected points: they stand on top and are few. */
  emphasis: number;
  /** Opacity of points that stand back, which are also faded by DIMMED_FADE. */
  dimmed: number;
}

/**
 * Points that stand back show at a fifth. Opacity alone would not do that where thousands lie on one another: a part of
 * it is a colour nearer to the background's.
 */
export const DIMMED_FADE = 0.65;

const MIN_RADIUS = 0.55;
const MAX_RADIUS = 6;
const MAX_ZOOMED_RADIUS = 8;

export function appearance(crowd: Crowd): Appearance {
  const spacing = Math.sqrt((crowd.width * crowd.height) / Math.max(1, crowd.n));
  const fitted = clamp(0.6 * spacing ** 0.6, MIN_RADIUS, MAX_RADIUS);
  const radius = clamp(fitted * crowd.zoom ** 0.35, MIN_RADIUS, Math.max(fitted, MAX_ZOOMED_RADIUS));
  const outline = clamp((radius - 1.6) / 1.5, 0, 1);
  // How many discs lie on one another at a typical point. Outlined discs stay apart by their outlines; dots do not,
  // and only their opacity shows where there are many.
  const overlap = crowd.density * Math.PI * radius * radius;
  const opacity = clamp(0.92 * (1 + overlap / 2) ** -(0.7 - 0.45 * outline), 0.12, 0.92);
  return {
    radius,
    opacity,
    outline,
    emphasis: (1 + opacity) / 2,
    dimmed: opacity / 5 / (1 - DIMMED_FADE),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
