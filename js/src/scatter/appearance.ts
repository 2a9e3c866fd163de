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
  /** How many stand out while the others stand back. */
  front: number;
  /** Whether the density of many more rows lies below them. */
  shaded?: boolean;
}

export const AUTOMATIC: Look = { size: null, opacity: null };

export interface Appearance {
  /** CSS pixels. */
  radius: number;
  opacity: number;
  /** The strength of the thin outline in the background's colour. */
  outline: number;
  /**
   * For points that stand out while others stand back: a few among many are larger, to be found easily, and at
   * least this opaque.
   */
  front: { radius: number; outline: number; leastOpacity: number };
  /** The opacity of selected points: they are on top and few. */
  emphasis: number;
  /** The opacity of points that stand back, which DIMMED_FADE fades too. */
  dimmed: number;
}

/**
 * Points that stand back show at a fifth. Opacity alone fails where thousands overlap, so part of the effect is a
 * colour closer to the background.
 */
export const DIMMED_FADE = 0.65;

const MIN_RADIUS = 0.55;
const MAX_RADIUS = 6;
const MAX_ZOOMED_RADIUS = 8;
/** How much smaller points are above a density, so that it shows between them. */
const ABOVE_SHADE = 0.6;

/** The minimum for a few among many. The outline takes half a pixel of the radius. */
const FRONT_RADIUS = 3;
const FRONT_OPACITY = 0.95;
/** Up to the first number they are few; beyond the second they are not; in between they shrink bit by bit. */
const FEW = [500, 2000] as const;
/** Up to the first share they are among many; beyond the second they are not. */
const SMALL_SHARE = [0.05, 0.2] as const;

export function appearance(crowd: Crowd, look = AUTOMATIC): Appearance {
  const radius = look.size ?? automaticRadius(crowd);
  const outline = outlineOf(radius);
  const rare = rarity(crowd);
  const front = radius + Math.max(0, FRONT_RADIUS - radius) * rare;
  // How many discs overlap at a typical point. Outlines keep discs apart; dots show only by their opacity where there
  // are many.
  const overlap = crowd.density * Math.PI * radius * radius;
  const automatic = clamp(0.92 * (1 + overlap / 2) ** -(0.7 - 0.45 * outline), 0.12, 0.92);
  const opacity = look.opacity ?? automatic;
  return {
    radius,
    opacity,
    outline,
    front: {
      radius: front,
      outline: outlineOf(front),
      leastOpacity: look.opacity === null ? FRONT_OPACITY * rare : 0,
    },
    emphasis: (1 + opacity) / 2,
    dimmed: opacity / 5 / (1 - DIMMED_FADE),
  };
}

function automaticRadius({ n, width, height, zoom, shaded }: Crowd): number {
  const spacing = Math.sqrt((width * height) / Math.max(1, n));
  const fitted = clamp(0.6 * spacing ** 0.6, MIN_RADIUS, MAX_RADIUS);
  const share = shaded ? ABOVE_SHADE : 1;
  return clamp(share * fitted * zoom ** 0.35, MIN_RADIUS, Math.max(fitted, MAX_ZOOMED_RADIUS));
}

/** 1: those that stand out are a few among many; 0: they are not, or there are none. */
function rarity({ n, front }: Crowd): number {
  return front === 0 ? 0 : fall(front, FEW) * fall(front / n, SMALL_SHARE);
}

function outlineOf(radius: number): number {
  return clamp((radius - 1.6) / 1.5, 0, 1);
}

/** 1 up to the first limit, 0 from the second on, in log scale in between. */
function fall(value: number, [first, second]: readonly [number, number]): number {
  return clamp(Math.log(second / value) / Math.log(second / first), 0, 1);
}

/** Throws if the look is invalid. */
export function checkLook({ size, opacity }: Look): void {
  if (size !== null && !(size > 0 && Number.isFinite(size)))
    throw new RangeError(`size is ${size}, neither null nor above 0`);
  if (opacity !== null && !(opacity >= 0 && opacity <= 1))
    throw new RangeError(`opacity is ${opacity}, neither null nor from 0 to 1`);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
