/** What the drawing layer takes and tells. Lengths are CSS pixels within the canvas unless a comment says otherwise. */

export type Mode = "pan" | "lasso" | "rectangle";

/** What becomes of the selection; "intersect" keeps of it what is chosen now. */
export type SelectOp = "replace" | "add" | "remove" | "intersect";

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

/** A panel and where it lies; told apart by id, whatever their order. A rect without size hides it. */
export interface PanelPlace {
  id: number;
  rect: PanelRect;
}

/** How maps are shown so that they can be compared: centred, of equal size, turned onto one of them. */
export interface Alignment {
  /** The panel onto which the others are turned. */
  reference: number;
  /** False: maps are shown as they are computed, only centred and scaled. */
  turn: boolean;
  /** Rows that count; null: all. */
  rows: Int32Array | null;
}

/** How a panel is turned onto the reference. */
export interface TurnTold {
  /** Counterclockwise, from -180 to 180; of a mirrored map: after it was mirrored left to right. */
  degrees: number;
  mirrored: boolean;
  /** How well it then lies on the reference: 0 to 1. */
  correlation: number;
}

/** Panel `panel` shows each point on the way from where it is (t = 0) to where `other` shows it (t = 1). */
export interface Morph {
  panel: number;
  other: number;
  t: number;
}

/** Lines from a point, which is marked, to some others, which are ringed. */
export interface Links {
  from: number;
  to: readonly number[];
}

/** How points look; null: as goes with their number, the panel, the zoom and their density. */
export interface Look {
  /** Radius in CSS pixels, at every zoom; a few that stand out among many have at least 3. */
  size: number | null;
  /** 0 to 1. */
  opacity: number | null;
}

/** Where a panel shows a point, and whether that is within the panel. */
export interface PointPlace {
  panel: number;
  x: number;
  y: number;
  inside: boolean;
}

export interface ScatterOptions {
  theme: Theme;
  /** False: as after `setVisible(false)`. */
  visible?: boolean;
}

/** What draws; "none": the browser gives nothing to draw with. */
export type RendererKind = "webgl2" | "canvas2d" | "none";

/** A layout as it stands on the screen, in its own units, whatever its turn; a morph in shown units. */
export interface Displayed {
  /** (n * 2) xyxy; valid until the next animation frame, copy it to keep it. */
  positions: Float32Array;
  /** The newest layout that is on the screen or being glided to; -1 before the first, and of a morph. */
  token: number;
  /** Whether `positions` are exactly those of `token` (false: on the way there). */
  exact: boolean;
}

export interface ScatterEvents {
  hover: { panel: number; index: number; x: number; y: number } | null;
  lasso: {
    panel: number;
    /** Rows inside that are not muted, ascending. */
    positions: Int32Array;
    /** How many are inside and left out, because they are muted. */
    muted: number;
    op: SelectOp;
    /** xyxy in the layout's own units, not closed: the last vertex joins the first. Of a morph: in shown units. */
    vertices: Float32Array;
    /** The layout that was circled: the panel holds still at it while a lasso is drawn. -1: a morph. */
    token: number;
  };
  click: { panel: number; index: number | null; op: SelectOp };
  /** `k`: zoom relative to the fitted map (1 = fitted). `outside`: points outside the view. */
  camera: { panel: number; following: boolean; outside: number; k: number };
  /** `frames`: drawn so far. `milliseconds`: of this thread. `tokens`: newest layout drawn, by panel id; -1: none. */
  drawn: { frames: number; milliseconds: number; tokens: ReadonlyMap<number, number> };
  /** Whether nothing moves and no further frame follows by itself; told when it changes. */
  still: boolean;
  /** What draws from now on; null: nothing for a while. */
  renderer: RendererKind | null;
}
