/** The traits: lasting state that Python shares. `traitChecks.ts` checks them. */
import type { Quantized } from "./bytes";
import type { PlacedTold, Status } from "./news";

/** The column that colours, encoded; `name` is the column's name. */
export interface Categories {
  kind: "categories";
  name: string;
  names: string[];
  counts: number[];
  has_missing: boolean;
  /** The user's colour of each category as "#rrggbb", or the number of one of ours; empty: ours in order. */
  colors: (string | number)[];
  codes: DataView;
}

/** Colours run from `low` to `high`; a few values lie beyond, down to `least` and up to `most`. */
export interface Scale {
  kind: "scale";
  name: string;
  low: number;
  high: number;
  least: number;
  most: number;
  /** The quantity; moments and durations are in seconds. */
  quantity: Quantity;
  /** Where values count from: a time in ISO 8601 or an integer beyond 2**53; null: from 0. */
  origin: string | null;
  /** The user's colours, evenly spaced, as "#rrggbb"; empty: ours. */
  colors: string[];
  /** float32 if it holds every value exactly, else float64. */
  values: DataView;
}

export type Quantity = "number" | "moment" | "duration";

/** How the numbers of a scale become colours. */
export type Transform = "linear" | "log";

export type Labels = Categories | Scale;

/** Labels that a client has to ask for, so that no notebook saves them. The version changes when the labels do. */
export interface UnsavedLabels {
  kind: "unsaved";
  version: number;
}

export type Names = Categories | UnsavedLabels | "labels" | "groups" | null;

export interface PointsTrait {
  n: number;
  features: number;
  /** Which part of the data the map ignores; empty if none. */
  note: string;
  /** Which features decide the maps unduly, or are hardly quantities; empty if none is known. */
  doubt: string;
  /** How neighbours are weighted if not by one perplexity; else empty. */
  weights: string;
  /** Whether a saved notebook keeps the maps. */
  saved: boolean;
  /** What is known of the data: rows, all distances between them, or distances to some neighbours. */
  known: "rows" | "distances" | "graph";
}

/** What colours the points: "labels" (the column of `_labels`), "groups", or the name of a measure. */
export type ColorMode = string;

/** A measure, which gives each row a number or two, and how to show them. */
export interface MeasureTrait {
  name: string;
  /** The entry in the colour menu, and what it is, in a sentence. */
  label: string;
  description: string;
  /** One set of values for the data, for the data and a row, for each map, or for several maps together. */
  needs: "data" | "row" | "map" | "maps";
  /** The heading in the colour menu; measures with the same one follow each other. */
  heading: string;
  /** The names of the two numbers of a row, which mix two colours; empty for one number. */
  parts: string[];
  /** Whether equal steps of colour are equal differences or equal ratios. */
  transform: Transform;
  /** Words for the ends of the scale; empty if the numbers say enough. */
  ends: [string, string];
  /** Whether the low end is bright. */
  bright_first: boolean;
  /** Whether a mean over rows makes sense. */
  by_label: boolean;
  /** To how many nearest rows in the data lines join the row under the pointer, or else the only selected one. */
  joined: number;
}

export interface ColorTrait {
  mode: ColorMode;
  /** The column of `_labels`, if any. */
  column: string | null;
  /** How that column can colour, the better way first. */
  kinds: Labels["kind"][];
  /** How its numbers can become colours; empty if they make no scale. */
  transforms: Transform[];
}

export type ColumnType = "number" | "category" | "text" | "boolean" | "date" | "image" | "object";

export interface ColumnTrait {
  name: string;
  type: ColumnType;
  /** Whether the map was made from it. */
  feature: boolean;
}

/** What is known of each row besides its columns. */
export interface RowsTrait {
  /** What the row labels are called; null if rows have only positions. */
  index: string | null;
  image: boolean;
}

/** What a row must be, or must not be if `negated`: in a range, of some values, or one of the rows given in Python. */
export interface ConditionTrait {
  /** null: the rows themselves were given. */
  column: string | null;
  /** The ends, both included, in the terms of a scale; null: no limit. */
  range: [number | null, number | null] | null;
  /** null stands for a missing value. */
  values: (string | null)[] | null;
  negated: boolean;
  words: string;
}

/** Which rows stand out. */
export interface FilterTrait {
  /** Whether rows pass that meet any of the conditions, rather than all. */
  any: boolean;
  conditions: ConditionTrait[];
  /** How many rows pass. */
  count: number;
  /** One bit for each row, the lowest first. */
  bits: DataView;
}

export interface GroupTrait {
  name: string;
  /** '#rrggbb' */
  color: string;
  rows: DataView;
}

/** How many changes of the selection and the filter can be taken back and made again. */
export interface UndoTrait {
  undo: number;
  redo: number;
}

export interface LimitsTrait {
  heartbeat_seconds: number;
  runs_max: number;
  /** How many neighbours a selected point is joined to. */
  neighbors_listed: number;
  /** The fewest rows that maps are aligned by: fewer would fit anyway. */
  align_rows: number;
  /** How many neighbours of each row a map needs for each unit of perplexity. */
  neighbors_per_perplexity: number;
  /** How many repetitions of a map there are by default. */
  repetitions: number;
  /** How many maps stand in a line-up, the user's among them. */
  lineup_panels: number;
  /** Up to so many names are on the maps unless the user chooses. */
  names_shown: number;
  /** Points are drawn as pictures if at most so many are in view. */
  pictures_shown: number;
  /** From so many rows on, the line under the map waits to be asked; and about what an answer costs. */
  advice_rows: number;
  reading_seconds_per_row: number;
  /** The questions about what may be read, in plain words. */
  questions: Record<string, string>;
}

/** The value of an axis; an array or a function is represented by its name. */
export type AxisValue = number | string;

/** A sentence about a value: `words` may have a place for a count, which is `per` times the value, `most` at most. */
export interface Note {
  words: string;
  per: number;
  most: number;
  /** The largest usual value, and what the note adds beyond it; null if every value is usual. */
  usual: number | null;
  beyond: string;
}

/** The numbers on offer. */
export interface Reach {
  /** The smallest and largest value that makes a map; null if there is no largest. */
  low: number;
  high: number | null;
  /** Completes 'must be' for a value below `low` and above `high`. */
  allowed: string;
  in_range: string;
  /** The ends, on a logarithmic scale unless it begins at 0. */
  slider: [number, number] | null;
  /** What the slider's values are multiples of; null for round numbers. */
  step: number | null;
  note: Note | null;
}

/** An axis changes next to nothing unless another axis has this value. */
export interface Needs {
  axis: string;
  value: AxisValue;
  hint: string;
  sentence: string;
  /** The words of the link that sets that value. */
  offer: string;
}

/** An axis: a parameter in which maps may differ. */
export interface AxisTrait {
  name: string;
  label: string;
  plural: string;
  kind: "number" | "choice" | "seed";
  /** The heading above a column of maps. */
  head: string;
  /** Whether another value restarts the map. */
  restarts: boolean;
  in_toolbar: boolean;
  offered: { value: AxisValue; text: string }[];
  reach: Reach | null;
  needs: Needs | null;
}

/** A number that a method reports about its maps. */
export interface FigureTrait {
  name: string;
  /** The short form of its name. */
  short: string;
  /** A short explanation. */
  meaning: string;
}

/** A method, which makes maps. */
export interface MethodTrait {
  name: string;
  label: string;
  /** Whether maps run on, so that they can be played, paused and stepped. */
  live: boolean;
  /** Whether the compare menu offers it. */
  offered: boolean;
  /** Whether its maps are shown in small panels, after the others. */
  small: boolean;
  /** Whether its maps are functions of a row, so that a saved page can place new rows on them. */
  is_function: boolean;
  /** A sentence for the map's menu; may be empty. */
  about: string;
  /** The axes that concern it. */
  axes: string[];
  /** Those of them that it alone has, or has in another form than t-SNE. */
  own: AxisTrait[];
  /** The axes that concern it, with the values that the first t-SNE map has. */
  follows: string[];
  /** The figures to show, most telling first. */
  figures: FigureTrait[];
}

/** A run's settings. `run` is its id, which identifies it everywhere else. */
export interface RunTrait {
  run: number;
  /** The name of its method. */
  method: string;
  /** Whether it stands beside the t-SNE maps: its values are its own. */
  beside: boolean;
  /** What made it, in a word or two. */
  made_by: string;
  /** Its title, in full and short. */
  title: string;
  short: string;
  /** By axis. */
  values: Record<string, AxisValue>;
  words: Record<string, string>;
  /** The axes that this map has in another form than the others of its method, such as one of fewer rows. */
  own: AxisTrait[];
}

/** A figure that cannot be compared between the maps, in words, and why. */
export interface Incomparable {
  words: string;
  why: string;
}

/** Which rows align maps with the reference: all, the selected ones, or none (no alignment). */
export type Align = boolean | "selection";

export interface SnapshotTrait extends Quantized {
  status: Status;
  placed: PlacedTrait | null;
}

/** New rows on a saved map. */
export interface PlacedTrait extends PlacedTold {
  points: DataView;
  rows: DataView;
  distances: DataView;
}

/** New rows, whatever maps show them. */
export interface NewRowsTrait {
  /** Tells them from new rows given before and after. */
  number: number;
  count: number;
  /** The name of all. */
  name: string;
  /** What each is called; null: they only have positions. */
  names: string[] | null;
  /** The label of each, null if it is missing; null: there are none. */
  labels: (string | null)[] | null;
}

/** The density of all rows below the map of a sample, and where it belongs. */
export interface DensityTrait {
  rows: number;
  /** The square of the coarsest tile, in the units of the map: its lower left corner, its side. */
  corner: [number, number];
  side: number;
  /** How many bins a tile has along a side, and the finest level. */
  bins: number;
  levels: number;
  /** The map that it is of, as it was then. */
  run: number;
  epoch: number;
  iteration: number;
  /** What the points are, and what the shade is. */
  words: [string, string];
  /** What to say of a map that has changed since. */
  elsewhere: string;
}

/** The view's code: its hash, the id of the model that holds it, and this model's own id. */
interface BundleTrait {
  hash: string;
  model: string;
  own: string;
}

export interface Traits {
  height: number;
  selection: DataView;
  /** The selected new rows, ascending. */
  selected_placed: number[];
  align: Align;
  _snapshot: SnapshotTrait[];
  /** The columns that tooltips show. */
  tooltip_columns: string[];
  /** CSS pixels. */
  point_size: number | "auto";
  opacity: number | "auto";
  /** Whether a line under the map says what matters most about reading it. */
  advice: boolean;
  color_scale: Transform;
  /** Whether names are on the maps; "auto": if there are few. */
  show_names: boolean | "auto";
  /** What names points: a column, "groups", or null for what colours. */
  name_by: string | null;
  /** Whether points are drawn as their pictures where few are in view. */
  show_images: boolean;
  /** The names themselves, unless they are those of `_labels` or of the groups; null: there are none. */
  _names: Names;
  _points: PointsTrait;
  _labels: Labels | UnsavedLabels | null;
  _color: ColorTrait;
  _measures: MeasureTrait[];
  _columns: ColumnTrait[];
  _rows: RowsTrait;
  _filter: FilterTrait | null;
  _groups: GroupTrait[];
  /** Rises whenever the suggested groups change, which clients then ask for. */
  _suggested: number;
  /** Why Python cannot save the widget by itself; empty if it can, or need not. */
  _saving_problem: string;
  _new_rows: NewRowsTrait | null;
  _density: DensityTrait | null;
  _undo: UndoTrait;
  _limits: LimitsTrait;
  _axes: AxisTrait[];
  _methods: MethodTrait[];
  _runs: RunTrait[];
  /** What a picture says below the maps. */
  _caption: string;
  _incomparable: Incomparable[];
  _reference: number;
  /** Tells the stub where to find the view's code. */
  _bundle: BundleTrait;
  /** Accompanies what a client sets, so that it learns whether that has arrived. */
  _told: { client: string; number: number };
}
