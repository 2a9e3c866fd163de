/** How large and how opaque points are. */
import type { Look } from "./types";

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

export const AUTOMATIC: Look = { size: null, opacity: null };

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

export function appearance(crowd: Crowd, look = AUTOMATIC): Appearance {
  const radius = look.size ?? automaticRadius(crowd);
  const outline = clamp((radius - 1.6) / 1.5, 0, 1);
  // How many discs lie on one another at a typical point. Outlined discs stay apart by their outlines; dots do not,
  // and only their opacity shows where there are many.
  const overlap = crowd.density * Math.PI * radius * radius;
  const automatic = clamp(0.92 * (1 + overlap / 2) ** -(0.7 - 0.45 * outline), 0.12, 0.92);
  const opacity = look.opacity ?? automatic;
  return {
    radius,
    opacity,
    outline,
    emphasis: (1 + opacity) / 2,
    dimmed: opacity / 5 / (1 - DIMMED_FADE),
  };
}

function automaticRadius({ n, width, height, zoom }: Crowd): number {
  const spacing = Math.sqrt((width * height) / Math.max(1, n));
  const fitted = clamp(0.6 * spacing ** 0.6, MIN_RADIUS, MAX_RADIUS);
  return clamp(fitted * zoom ** 0.35, MIN_RADIUS, Math.max(fitted, MAX_ZOOMED_RADIUS));
}

/** Throws where it is none. */
export function checkLook({ size, opacity }: Look): void {
  if (size !== null && !(size > 0 && Number.isFinite(size)))
    throw new RangeError(`size is ${size}, neither null nor above 0`);
  if (opacity !== null && !(opacity >= 0 && opacity <= 1))
    throw new RangeError(`opacity is ${opacity}, neither null nor from 0 to 1`);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
