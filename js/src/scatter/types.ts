/** What the drawing layer takes and reports. Lengths are CSS pixels within the canvas unless noted. */

export type Mode = "pan" | "lasso" | "rectangle";

/** How a choice changes the selection; "intersect" keeps what is in both. */
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

/** A panel and its place; panels are identified by id, whatever their order. A rect of size zero hides it. */
export interface PanelPlace {
  id: number;
  rect: PanelRect;
}

/** How maps are shown for comparison: centred, of equal size, turned onto one of them. */
export interface Alignment {
  /** The panel that the others are turned onto. */
  reference: number;
  /** False: maps are only centred and scaled. */
  turn: boolean;
  /** The rows to fit; null: all. */
  rows: Int32Array | null;
}

/** How a panel is turned onto the reference. */
export interface TurnTold {
  /** Counterclockwise, from -180 to 180; for a mirrored map after it was mirrored left to right. */
  degrees: number;
  mirrored: boolean;
  /** How well it then fits the reference: 0 to 1. */
  correlation: number;
}

/** `panel` shows each point on the way from its own place (t = 0) to its place in `other` (t = 1). */
export interface Morph {
  panel: number;
  other: number;
  t: number;
}

/** Lines from a marked point to others, which are ringed. */
export interface Links {
  from: number;
  /** By panel. */
  to: ReadonlyMap<number, readonly number[]>;
}

/** Squares on one layout of a panel. */
export interface SquaresOn {
  /** xyxy in the layout's own units. */
  positions: Float32Array;
  /** The colour of each: its place in `fills`. */
  codes: Uint16Array;
  /** CSS colours; null: only an outline. */
  fills: readonly (string | null)[];
  /** Those that stand out, ascending; if there are none, all do. */
  selected: readonly number[];
  /** The layout; squares are hidden while the panel shows another. */
  token: number;
}

/** A tile: its level, its column and its row, from the lower left corner. */
export type TileKey = readonly [level: number, column: number, row: number];

/** The density of many rows on one layout of a panel. */
export interface DensityOn {
  panel: number;
  /** The layout; the density is hidden while the panel shows another. */
  token: number;
  /** The square of the coarsest tile, in the layout's own units: its lower left corner, its side. */
  corner: readonly [number, number];
  side: number;
  /** How many bins a tile has along a side, and the finest level. */
  bins: number;
  levels: number;
  /** The opacity of each bin of a tile, from the top left; undefined: not there yet. */
  tileOf: (tile: TileKey) => Uint8Array | undefined;
}

/** How a line is drawn, from most to least telling. */
export type LineStyle = "solid" | "dotted" | "broken" | "faint";

/** A line along places of a layout. */
export interface Trace {
  /** xyxy in the layout's own units. */
  places: Float32Array;
  style: LineStyle;
  /** Whether it stands out. */
  marked: boolean;
}

/** Traces on one layout of a panel. */
export interface TracesOn {
  traces: readonly Trace[];
  /** The layout; traces are hidden while the panel shows another. */
  token: number;
}

/** Names written on every map. */
export interface NamesOn {
  /** The name of each point: its place in `texts`; from `texts.length` on it has none. */
  codes: Uint16Array;
  texts: readonly string[];
  /** red, green and blue of each name, made readable on the background; null: all are in the foreground's colour. */
  colors: Uint8Array | null;
}

/** A picture that can be drawn, and its size in pixels. */
export type Thumbnail = ImageBitmap | HTMLCanvasElement;

/** Pictures in place of points. */
export interface PicturesOn {
  /** If more points than this are in view of a panel, it shows points. */
  most: number;
  /** The picture of a row; undefined: not there yet; null: it has none. */
  of: (row: number) => Thumbnail | null | undefined;
}

/** What a panel has in view. */
export interface Sight {
  /** How many points. */
  inView: number;
  /** Whether they are few enough to be shown as pictures. */
  shown: boolean;
  /** The rows whose pictures are not there yet, those nearest to the middle first. */
  wanted: readonly number[];
}

/** Where a camera is: the middle in shown units, and the zoom relative to the fitted map. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

/** How points look; null: chosen from their number, the panel, the zoom and their density. */
export interface Look {
  /** The radius in CSS pixels at every zoom; a few points that stand out among many have at least 3. */
  size: number | null;
  /** 0 to 1. */
  opacity: number | null;
}

export interface ScatterOptions {
  theme: Theme;
  /** False after `setVisible(false)`. */
  visible?: boolean;
  /** Whether a turn of the wheel zooms; by default it always does. */
  takesWheel?: (event: WheelEvent) => boolean;
}

/** What draws; "none": the browser offers nothing to draw with. */
export type RendererKind = "webgl2" | "canvas2d" | "none";

/** A layout as it is on the screen, in its own units, before turning; a morph in shown units. */
export interface Displayed {
  /** (n * 2) xyxy; valid until the next animation frame, copy it to keep it. */
  positions: Float32Array;
  /** The newest layout on the screen or on its way; -1 before the first, and for a morph. */
  token: number;
  /** Whether `positions` are exactly those of `token`, or still on the way there. */
  exact: boolean;
}

export interface ScatterEvents {
  /** `reach`: how far a picture in place of the point extends from it, up and down; missing if there is none. */
  hover: { panel: number; index: number; x: number; y: number; reach?: number } | null;
  /** The square under the pointer, which hides the points below. */
  square: { panel: number; index: number; x: number; y: number } | null;
  squareClick: { panel: number; index: number; op: SelectOp };
  lasso: {
    panel: number;
    /** The rows inside that are not muted, ascending. */
    positions: Int32Array;
    /** The squares inside, ascending. */
    squares: Int32Array;
    /** How many points inside are left out because they are muted. */
    muted: number;
    op: SelectOp;
    /** xyxy in the layout's own units (of a morph: in shown units), not closed: the last vertex joins the first. */
    vertices: Float32Array;
    /** The circled layout, which stays while a lasso is drawn. -1: a morph. */
    token: number;
  };
  click: { panel: number; index: number | null; op: SelectOp };
  /** `k`: zoom relative to the fitted map (1 = fitted). `outside`: points outside the view. */
  camera: { panel: number; following: boolean; outside: number; k: number };
  /**
   * `frames`: drawn so far. `milliseconds`: spent in this thread. `tokens`: newest layout drawn by panel id; -1:
   * none.
   */
  drawn: { frames: number; milliseconds: number; tokens: ReadonlyMap<number, number> };
  /** How many names each panel shows, by panel id; reported when it changes. */
  names: ReadonlyMap<number, number>;
  /** The tiles of the density in view that are not there yet, in the order of need; reported when it changes. */
  tiles: readonly TileKey[];
  /** What each panel has in view while pictures are shown, by panel id; reported when it changes. */
  sights: ReadonlyMap<number, Sight>;
  /** Whether nothing moves and no further frame will follow by itself; reported when it changes. */
  still: boolean;
  /** The new renderer; null: none for a while. */
  renderer: RendererKind | null;
}
