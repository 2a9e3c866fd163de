/** What draws. State is given when it changes; `draw` draws one panel over its own rectangle only. */
import type { View } from "./camera";
import type { Pose } from "./pose";
import type { PanelRect } from "./types";

export type Rgb = readonly [number, number, number];

/** Color codes of the points in panels that have their own, by the panel's id. */
export type PanelCodes = ReadonlyMap<number, Uint16Array>;

/** How the points of one panel look; lengths in device pixels, colours 0 to 255. */
export interface Style {
  radius: number;
  opacity: number;
  outline: number;
  dimmedRadius: number;
  dimmedOpacity: number;
  dimmedOutline: number;
  /** How much nearer to the background the colours of dimmed points are: 0 to 1. */
  dimmedFade: number;
  outlineWidth: number;
  background: Rgb;
}

/** How one part of the points looks: those that stand back, or the others. */
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

export interface PanelFrame {
  /** Device pixels from the canvas's top left. */
  rect: PanelRect;
  /** From the units of the positions to those of the view. */
  pose: Pose;
  /** k in device pixels per unit. */
  view: View;
  /** Progress from previous to next positions. */
  t: number;
  style: Style;
}

/** What takes a picture of the panels, whatever it makes of it. */
export interface Painter {
  /** Device pixels. What was drawn is lost. */
  resize(width: number, height: number): void;
  /** The colors of all panels but those with `own` codes. */
  setPoints(codes: Uint16Array, palette: Uint8Array, own?: PanelCodes): void;
  /** Points in drawing order, the first `dimmed` of them standing back. */
  setOrder(order: Uint32Array, dimmed: number): void;
  /** Panels are told apart by their ids. */
  setPositions(panel: number, previous: Float32Array, next: Float32Array): void;
  clear(background: Rgb): void;
  /** Without positions: the background. */
  draw(panel: number, frame: PanelFrame): void;
}

export interface Renderer extends Painter {
  readonly kind: "webgl2" | "canvas2d";
  /** Releases what other panels hold. */
  keepPanels(ids: ReadonlySet<number>): void;
  destroy(): void;
}
