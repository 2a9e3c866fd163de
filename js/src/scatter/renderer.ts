/** A renderer. State is set when it changes; `draw` redraws one panel within its rectangle. */
import type { View } from "./camera";
import type { Pose } from "./pose";
import type { PanelRect } from "./types";

export type Rgb = readonly [number, number, number];

/** The colour codes of panels that have their own, by panel id. */
export type PanelCodes = ReadonlyMap<number, Uint16Array>;

/** How the points of one panel look; lengths in device pixels, colours 0 to 255. */
export interface Style {
  radius: number;
  opacity: number;
  outline: number;
  dimmedRadius: number;
  dimmedOpacity: number;
  dimmedOutline: number;
  /** How far the colours of dimmed points are faded to the background: 0 to 1. */
  dimmedFade: number;
  outlineWidth: number;
  background: Rgb;
}

/** How one group of points looks: those that stand back, or the others. */
export interface Discs {
  radius: number;
  opacity: number;
  outline: number;
  fade: number;
}

export function dimmedDiscs(style: Style): Discs {
  const { dimmedRadius: radius, dimmedOpacity: opacity, dimmedOutline: outline, dimmedFade: fade } = style;
  return { radius, opacity, outline, fade };
}

export function fullDiscs({ radius, opacity, outline }: Style): Discs {
  return { radius, opacity, outline, fade: 0 };
}

/** Draws what lies below the points of a panel, background and all, with `ratio` pixels per CSS pixel. */
export type Below = (context: CanvasRenderingContext2D, ratio: number) => void;

export interface PanelFrame {
  /** Device pixels from the canvas's top left corner. */
  rect: PanelRect;
  /** From the units of the positions to those of the view. */
  pose: Pose;
  /** k in device pixels per unit. */
  view: View;
  /** Progress from the previous to the next positions. */
  t: number;
  style: Style;
  /** A renderer that does not draw it leaves the panel transparent. */
  below?: Below | null;
  /** Pixels per CSS pixel. */
  ratio?: number;
}

/** Draws panels, whatever the output is. */
export interface Painter {
  /** In device pixels. Clears the canvas. */
  resize(width: number, height: number): void;
  /** The colours of all panels except those with `own` codes. */
  setPoints(codes: Uint16Array, palette: Uint8Array, own?: PanelCodes): void;
  /** The points in drawing order; the first `dimmed` stand back. */
  setOrder(order: Uint32Array, dimmed: number): void;
  /** Panels are identified by their ids. */
  setPositions(panel: number, previous: Float32Array, next: Float32Array): void;
  clear(background: Rgb): void;
  /** Draws only the background if there are no positions. */
  draw(panel: number, frame: PanelFrame): void;
}

export interface Renderer extends Painter {
  readonly kind: "webgl2" | "canvas2d";
  /** Releases the resources of all other panels. */
  keepPanels(ids: ReadonlySet<number>): void;
  destroy(): void;
}
