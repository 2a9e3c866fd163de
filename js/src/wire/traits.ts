/** Traits: what Python tells of a map that stays. `traitChecks.ts` checks it. */
import type { Quantized } from "./bytes";
import type { Status } from "./news";

/** How the column that colours is encoded; `name` is the column's. */
export interface Categories {
  kind: "categories";
  name: string;
  names: string[];
  counts: number[];
  has_missing: boolean;
  codes: DataView;
}

/** Colours go from `low` to `high`, beyond which a few values lie, down to `least` and up to `most`. */
export interface Scale {
  kind: "scale";
  name: string;
  low: number;
  high: number;
  least: number;
  most: number;
  /** What the values are; moments and durations in seconds. */
  quantity: Quantity;
  /** From where they count: a time in ISO 8601, or an integer beyond 2**53; null: from 0. */
  origin: string | null;
  /** float32 where that holds all of them exactly, else float64. */
  values: DataView;
}

export type Quantity = "number" | "moment" | "duration";

/** How the numbers of a scale go to its colours. */
export type Transform = "linear" | "log";

export type Labels = Categories | Scale;

/** Labels that are asked for, so that no notebook saves them; another version is another question. */
export interface UnsavedLabels {
  kind: "unsaved";
  version: number;
}

export interface PointsTrait {
  n: number;
  features: number;
  /** What of the data is not in the map; empty where all of it is. */
  note: string;
  /** How neighbours are weighted, where that is not by one perplexity; else empty. */
  weights: string;
  /** Whether a notebook that is saved keeps the maps. */
  saved: boolean;
  /** What is known of the data: rows, all distances between them, or those to some neighbours. */
  known: "rows" | "distances" | "graph";
}

/** What colours the points: "labels", which is the column of `_labels`, "groups", or the name of a measure. */
export type ColorMode = string;

/** A number of each row, and how it is shown. */
export interface MeasureTrait {
  name: string;
  /** What the colour menu says. */
  label: string;
  description: string;
  /** One value of the data; of the data and one row; of each map; or of several maps together. */
  needs: "data" | "row" | "map" | "maps";
  /** What the ends of the scale mean; empty where numbers say it. */
  ends: [string, string];
  /** Whether the low end is the bright one. */
  bright_first: boolean;
  /** Whether the mean over rows means something. */
  by_label: boolean;
}

export interface ColorTrait {
  mode: ColorMode;
  /** The column of `_labels`; null: none. */
  column: string | null;
  /** As what that column can colour, the better way first. */
  kinds: Labels["kind"][];
  /** How its numbers may go to colours; empty where they make no scale. */
  transforms: Transform[];
}

export type ColumnType = "number" | "category" | "text" | "boolean" | "date" | "image" | "object";

export interface ColumnTrait {
  name: string;
  type: ColumnType;
  /** Whether the map was made of it. */
  feature: boolean;
}

/** What there is of each row besides its columns. */
export interface RowsTrait {
  /** What the rows' own labels are called; null: rows have their position alone. */
  index: string | null;
  image: boolean;
}

export interface GroupTrait {
  name: string;
  /** '#rrggbb' */
  color: string;
  rows: DataView;
}

/** How many changes of the selection can be taken back and made again. */
export interface UndoTrait {
  undo: number;
  redo: number;
}

export interface LimitsTrait {
  heartbeat_seconds: number;
  runs_max: number;
}

/** A value of an axis: what was given as an array or a function is its name. */
export type AxisValue = number | string;

/** A sentence about a value: `words` with a place for a count, `per` for each unit and `most` at most. */
export interface Note {
  words: string;
  per: number;
  most: number;
  /** The largest value that is usual, and what is said of a larger one. */
  usual: number;
  beyond: string;
}

/** What numbers are offered. */
export interface Reach {
  /** The smallest and the largest value that makes a map; null: there is no largest. */
  low: number;
  high: number | null;
  /** What follows 'must be', of a value below `low` and of one above `high`. */
  allowed: string;
  in_range: string;
  slider: [number, number] | null;
  note: Note | null;
}

/** Without a value of another axis an axis changes next to nothing. */
export interface Needs {
  axis: string;
  value: AxisValue;
  hint: string;
  sentence: string;
  /** What it is called to take that value. */
  offer: string;
}

/** What may differ between maps. */
export interface AxisTrait {
  name: string;
  label: string;
  plural: string;
  kind: "number" | "choice" | "seed";
  /** How a value stands above a column of maps. */
  head: string;
  /** Whether a map starts anew with another value. */
  restarts: boolean;
  in_toolbar: boolean;
  /** Why KL does not compare between the values; empty where it does. */
  kl: string;
  offered: { value: AxisValue; text: string }[];
  reach: Reach | null;
  needs: Needs | null;
}

/** A number that a method tells of its maps. */
export interface FigureTrait {
  name: string;
  /** The same where there is little room. */
  short: string;
  /** What it is, in a few words. */
  meaning: string;
}

/** What can make a map. */
export interface MethodTrait {
  name: string;
  /** What users call it. */
  label: string;
  /** Whether it goes on by itself, so that it can be played, paused and stepped. */
  live: boolean;
  /** Which parameters that may differ between maps concern it. */
  axes: string[];
  /** Those that are shown, the most telling one first. */
  figures: FigureTrait[];
}

/** What tells a run from the others. `run` is its id, by which everything else names it. */
export interface RunTrait {
  run: number;
  /** The name of what makes it. */
  method: string;
  /** What it is called, and the same where there is little room. */
  title: string;
  short: string;
  /** By axis. */
  values: Record<string, AxisValue>;
  words: Record<string, string>;
}

/** By what maps are turned onto the reference: all rows, the selected ones, or not at all. */
export type Align = boolean | "selection";

export interface SnapshotTrait extends Quantized {
  status: Status;
}

/** The view's code: what tells it from other versions, a reference to the model that holds it; `own` is the id of this one. */
export interface BundleTrait {
  hash: string;
  model: string;
  own: string;
}

/** The traits by name, as `model.get` returns them. */
export interface Traits {
  height: number;
  selection: DataView;
  align: Align;
  _snapshot: SnapshotTrait[];
  /** Columns that are told of a point that is pointed at. */
  tooltip_columns: string[];
  /** CSS pixels. */
  point_size: number | "auto";
  opacity: number | "auto";
  color_scale: Transform;
  _points: PointsTrait;
  _labels: Labels | UnsavedLabels | null;
  _color: ColorTrait;
  _measures: MeasureTrait[];
  _columns: ColumnTrait[];
  _rows: RowsTrait;
  _groups: GroupTrait[];
  _undo: UndoTrait;
  _limits: LimitsTrait;
  _axes: AxisTrait[];
  _methods: MethodTrait[];
  _runs: RunTrait[];
  /** What a picture says below the maps. */
  _caption: string;
  _reference: number;
  /** What the stub needs to find the view's code. */
  _bundle: BundleTrait;
  /** Goes with what a page sets, so that it hears whether that has arrived. */
  _told: { client: string; number: number };
}
