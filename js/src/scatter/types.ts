/** What the drawing layer takes and tells. Lengths are CSS pixels within the canvas unless a comment says otherwise. */

export type Mode = "pan" | "lasso" | "rectangle";

export type SelectOp = "replace" | "add" | "remove";

/** Opaque CSS colours; `var(--...)` is resolved on the canvas. */
export interface Theme {
  background: string;
  foreground: string;
  accent: string;
}

export interface PanelRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ScatterOptions {
  theme: Theme;
  /** No glide, and the camera jumps instead of easing. */
  reducedMotion?: boolean;
  forceCanvas2d?: boolean;
}

/** A layout as it stands on the screen. */
export interface Displayed {
  /** (n * 2) xyxy; valid until the next animation frame, copy it to keep it. */
  positions: Float32Array;
  /** The newest layout that is on the screen or being glided to; -1 before the first. */
  token: number;
  /** Whether `positions` are exactly those of `token` (false: on the way there). */
  exact: boolean;
}

export interface ScatterEvents {
  hover: { panel: number; index: number; x: number; y: number } | null;
  lasso: {
    panel: number;
    /** Rows inside, ascending. */
    positions: Int32Array;
    op: SelectOp;
    /** xyxy in data units, not closed: the last vertex joins the first. */
    vertices: Float32Array;
    /** The layout that was circled: the panel holds still at it while a lasso is drawn. */
    token: number;
  };
  click: { panel: number; index: number | null; op: SelectOp };
  /** `k`: zoom relative to the fitted map (1 = fitted). `outside`: points outside the view. */
  camera: { panel: number; following: boolean; outside: number; k: number };
  /** `frames`: drawn so far. `milliseconds`: of this thread. `tokens`: newest layout drawn, by panel. */
  drawn: { frames: number; milliseconds: number; tokens: readonly number[] };
  /** Whether nothing moves and no further frame follows by itself; told when it changes. */
  still: boolean;
  context: "lost" | "restored";
}
