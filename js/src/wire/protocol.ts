/** Every name and byte that crosses to Python; the mirror of `tsne_widget/wire/protocol.py`, in the same order. */

import type { Check } from "./checks";
import { flag, listOf, number, object, orNull, ProtocolError, refuse, shape, text, whole } from "./checks";

export { ProtocolError } from "./checks";

// --- traits -----------------------------------------------------------------------------------------

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

/** What colours the points: the column of `_labels`, or something that is computed. */
export type ColorMode = "labels" | "groups" | "stability" | "density" | "distance";

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
export interface HistoryTrait {
  undo: number;
  redo: number;
}

export interface LimitsTrait {
  perplexity_max: number;
  neighbors_per_perplexity: number;
  random_state_max: number;
  heartbeat_seconds: number;
  runs_max: number;
  compare_perplexities: number[];
  /** The names that an init may have; coordinates have others. */
  inits: string[];
}

/** What tells a run from the others. `run` is its id, by which everything else names it. */
export interface RunTrait {
  run: number;
  perplexity: number;
  random_state: number;
  /** "pca", "random", or "given" with a number for coordinates, which stay in Python. */
  init: string;
}

/** By what maps are turned onto the reference: all rows, the selected ones, or not at all. */
export type Align = boolean | "selection";

/** Coordinates in two bytes each: offset plus scale times an unsigned integer. */
export interface Quantized {
  offset: [number, number];
  scale: number;
  points: DataView;
}

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
  snapshot: SnapshotTrait[];
  /** Columns that are told of a point that is pointed at. */
  tooltip_columns: string[];
  /** CSS pixels. */
  point_size: number | "auto";
  opacity: number | "auto";
  color_scale: Transform;
  _points: PointsTrait;
  _labels: Labels | UnsavedLabels | null;
  _colour: ColorTrait;
  _columns: ColumnTrait[];
  _rows: RowsTrait;
  _groups: GroupTrait[];
  _history: HistoryTrait;
  _limits: LimitsTrait;
  _runs: RunTrait[];
  _reference: number;
  /** What the stub needs to find the view's code. */
  _bundle: BundleTrait;
  /** Goes with what a page sets, so that it hears whether that has arrived. */
  _told: { page: string; number: number };
}

// --- Python to browser ------------------------------------------------------------------------------

export interface Status {
  run: number;
  epoch: number;
  stage: string;
  progress: number | null;
  iteration: number;
  limit: number;
  kl: number | null;
  learning_rate: number | null;
  playing: boolean;
  ended: boolean;
  settled: boolean;
  reason: string;
  perplexity: number;
  random_state: number;
  /** Share of the 10 nearest neighbours that are among the 10 nearest on the map; known at rest. */
  neighbors_kept: number | null;
  /** What the data's neighbours say against the map, in a sentence; empty: nothing. */
  doubt: string;
}

/** A layout as it was at one iteration: x and y of each point in turn. */
export interface Layout {
  epoch: number;
  iteration: number;
  positions: Float32Array;
}

/** How a run is, and its layout unless that has arrived before. */
export interface News {
  status: Status;
  layout: Layout | null;
}

/** For each point the share of its k nearest map neighbours that the maps of all these runs have in common. */
export interface Stability {
  runs: number[];
  k: number;
  values: Float32Array;
}

/** A value of a row; null is missing. */
export type Cell = string | number | boolean | null | PictureCell;

/** A picture whose bytes are one of the reply's buffers. */
export type PictureCell =
  | { kind: "raw"; width: number; height: number; channels: 1 | 3 | 4; buffer: number }
  | { kind: "encoded"; mime: string; buffer: number };

export interface RowsReply {
  /** How many rows there are in all. */
  total: number;
  positions: number[];
  index: string[] | null;
  columns: { name: string; type: ColumnType; values: Cell[] }[];
  images: (PictureCell | null)[] | null;
  /** Why a picture is missing: of the first that is. */
  image_error: string | null;
}

/** Of a number: how far the means lie apart, in standard deviations. */
export interface Difference {
  feature: string;
  /** As of a `Scale`: what the numbers are, and from where means and ends count. */
  quantity: Quantity;
  origin: string | null;
  /** null: without bounds, as neither side varies, or undefined. */
  effect: number | null;
  /** null: no value, or no finite one. */
  selected_mean: number | null;
  other_mean: number | null;
  low: number;
  high: number;
  /** Shares of either side in as many bins from low to high. */
  selected_histogram: number[];
  other_histogram: number[];
}

/** Of a category: its share on either side and their difference. */
export interface Share {
  column: string;
  category: string;
  effect: number;
  selected_share: number;
  other_share: number;
}

export interface ContrastReply {
  selected: number;
  other: number;
  /** The strongest first, as many as were asked for. */
  numbers: Difference[];
  numbers_total: number;
  categories: Share[];
  categories_total: number;
  /** What the selection is made of: `share` is of the selection, `of` is of the label's rows. */
  labels: { name: string; count: number; share: number; of: number }[] | null;
}

export interface DistancesReply {
  row: number;
  low: number;
  high: number;
  /** Where they really end. */
  least: number;
  most: number;
  metric: string;
}

export interface NeighborsReply {
  row: number;
  positions: number[];
  distances: number[];
  /** By run: how many of them are as near on that map. */
  kept: Record<string, number>;
}

export interface DensityReply {
  k: number;
  low: number;
  high: number;
  least: number;
  most: number;
}

export interface FindReply {
  count: number;
  /** What was looked through: columns, the index. */
  searched: string[];
}

export interface GroupDistancesReply {
  names: string[];
  /** Rank correlation; null where there is none. */
  rho: number | null;
  sentence: string;
  /** The pairs that the map shows most wrongly first, at most 1,000 of them. */
  pairs: GroupPair[];
  pairs_total: number;
}

/** Two groups, as positions in names. */
export interface GroupPair {
  a: number;
  b: number;
  original: number;
  map: number;
  /** Among all pairs, from 1, the nearest; pairs at one distance have one rank. */
  original_rank: number;
  map_rank: number;
}

export interface HistoryReply {
  /** Of which there is a keyframe of any map, ascending. */
  iterations: number[];
}

/** A keyframe; its coordinates are the buffer in the same place. */
export interface KeyframeTold extends Omit<Quantized, "points"> {
  run: number;
  epoch: number;
  iteration: number;
  perplexity: number;
  kl: number | null;
}

export interface PastReply {
  runs: KeyframeTold[];
}

/** What is replied to a query, by the query's name. */
export interface Replies {
  rows: RowsReply;
  contrast: ContrastReply;
  distances: DistancesReply;
  neighbors: NeighborsReply;
  density: DensityReply;
  find: FindReply;
  group_distances: GroupDistancesReply;
  /** As the trait, but for the bytes, which are the buffer. */
  labels: Omit<Categories, "codes"> | Omit<Scale, "values">;
  history: HistoryReply;
  past: PastReply;
  /** The file is the buffer. */
  page: null;
}

/** A result and the buffers that go with it. */
export interface Reply<T> {
  result: T;
  buffers: readonly DataView[];
}

export type FromPython =
  | { type: "news"; seq: number; runs: News[] }
  | ({ type: "stability" } & Stability)
  | { type: "answer"; page: string; id: number; error: string | null }
  | {
      type: "reply";
      page: string;
      id: number;
      error: string | null;
      result: unknown;
      buffers: readonly DataView[];
    }
  /** Said twice: at once, and by a thread that handles no message, after the news `sent`. */
  | { type: "alive"; page: string; sent: number | null; told: number | null; known: number | null }
  /** The view's code, for a page that has not found its model. */
  | { type: "bundle"; hash: string; text: string };

// --- browser to Python ------------------------------------------------------------------------------

/** Traits that a page sets. */
export type Settable =
  | "selection"
  | "align"
  | "tooltip_columns"
  | "point_size"
  | "opacity"
  | "color_scale"
  | "_reference";

/** `run` null: all runs. */
export type Command =
  | { name: "play" | "pause" | "restart" | "recover"; run: number | null }
  | { name: "step" | "perplexity" | "random_state"; value: number; run: number | null }
  | { name: "init"; value: string; run: number | null }
  | { name: "compare"; perplexity: number[]; random_state: number[]; init: string[] }
  | { name: "keep" | "remove"; run: number }
  | { name: "stability"; runs: number[] }
  | { name: "undo" | "redo" }
  /** Where the trait itself may not arrive; a selection as a list of rows. */
  | { name: "set"; trait: Settable; value: unknown }
  | { name: "colour"; mode: ColorMode; column: string | null; kind: Labels["kind"] | null }
  | { name: "save_group"; group: string | null; color: string | null }
  | { name: "rename_group"; group: string; to: string }
  | { name: "recolor_group"; group: string; color: string }
  | { name: "delete_group"; group: string };

export interface Sort {
  column: string;
  descending: boolean;
}

/** A question whose answer nobody else needs. */
export type Query =
  | {
      name: "rows";
      /** null: those that are selected. */
      rows: number[] | null;
      sort: Sort | null;
      offset: number;
      limit: number;
      columns: string[];
    }
  | { name: "contrast"; against: string | null; limit: number }
  | { name: "distances"; row: number }
  | { name: "neighbors"; row: number; k: number }
  | { name: "density" }
  | { name: "find"; text: string; column: string | null }
  | { name: "labels" }
  | { name: "history" }
  | { name: "past"; iteration: number }
  | { name: "page"; columns: string[] }
  | { name: "group_distances"; by: "labels" | "groups"; run: number };

export type ToPython =
  | { type: "bundle" }
  | { type: "hello"; page: string; visible: boolean }
  | { type: "alive"; page: string; visible: boolean; seq: number; told: number }
  | { type: "ack" | "pull"; page: string; visible: boolean; seq: number }
  | { type: "bye"; page: string }
  | ({ type: "command"; page: string; id: number } & Command)
  | { type: "query"; page: string; id: number; query: Query };

// --- decoding ---------------------------------------------------------------------------------------

const ID: Check<number> = whole();
const SEQ = whole(1);

/** Check a message from Python and decode its buffers; `n` is the number of points. */
export function parseMessage(content: unknown, buffers: readonly DataView[], n: number): FromPython {
  const message = object(content, "message");
  switch (message.type) {
    case "news":
      return { type: "news", seq: SEQ(message.seq, "seq"), runs: parseNews(message.runs, buffers, n) };
    case "stability":
      return {
        type: "stability",
        runs: listOf(ID)(message.runs, "runs"),
        k: ID(message.k, "k"),
        values: finite(floats(buffers[0], n)),
      };
    case "answer":
      return {
        type: "answer",
        page: text(message.page, "page"),
        id: ID(message.id, "id"),
        error: orNull(text)(message.error, "error"),
      };
    case "reply":
      return {
        type: "reply",
        page: text(message.page, "page"),
        id: ID(message.id, "id"),
        error: orNull(text)(message.error, "error"),
        result: message.result,
        buffers,
      };
    case "alive":
      return {
        type: "alive",
        page: text(message.page, "page"),
        sent: orNull(ID)(message.sent, "sent"),
        told: orNull(ID)(message.told, "told"),
        known: orNull(ID)(message.known, "known"),
      };
    case "bundle":
      return { type: "bundle", hash: text(message.hash, "hash"), text: text(message.text, "text") };
    default:
      return refuse(message.type, "type", "a message that is known");
  }
}

/** Labels that were asked for. */
export function labelsOf({ result, buffers: [bytes] }: Reply<Replies["labels"]>): Labels {
  return result.kind === "categories" ? { ...result, codes: bytes } : { ...result, values: bytes };
}

/** The coordinates of `n` points. */
export function positionsOf({ offset, scale, points }: Quantized, n: number): Float32Array {
  if (points.byteLength !== 4 * n) {
    throw new ProtocolError(`expected ${4 * n} bytes, got ${points.byteLength}`);
  }
  const codes = unsigned(points);
  const positions = new Float32Array(codes.length);
  for (let i = 0; i < positions.length; i++) positions[i] = offset[i & 1] + scale * codes[i];
  return positions;
}

/** 16-bit codes from a buffer of any alignment. */
export function unsigned(view: DataView): Uint16Array {
  return new Uint16Array(aligned(view));
}

/** Exactly `length` floats from a buffer of any alignment. */
export function floats(view: DataView | undefined, length: number): Float32Array {
  if (view === undefined || view.byteLength !== 4 * length) {
    throw new ProtocolError(`expected ${4 * length} bytes, got ${view?.byteLength}`);
  }
  return new Float32Array(aligned(view));
}

/** So many floats of either width from a buffer of any alignment. */
export function floatsOf(view: DataView, length: number): Float32Array | Float64Array {
  return view.byteLength === 8 * length ? new Float64Array(aligned(view)) : floats(view, length);
}

export function rowsFromWire(view: DataView | null | undefined): Int32Array {
  return view?.byteLength ? new Int32Array(aligned(view)) : new Int32Array(0);
}

export function rowsToWire(rows: Int32Array): DataView {
  return new DataView(rows.slice().buffer);
}

function aligned(view: DataView): ArrayBuffer {
  return (view.buffer as ArrayBuffer).slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** Each run once; one buffer for each entry with a layout, in order. */
function parseNews(entries: unknown, buffers: readonly DataView[], n: number): News[] {
  const told = new Set<number>();
  let next = 0;
  const runs = listOf(object)(entries, "runs").map(({ status, layout }) => {
    const checked = STATUS(status, "status");
    if (told.has(checked.run)) refuse(checked.run, "run", "told once");
    told.add(checked.run);
    return {
      status: checked,
      layout: layout === null ? null : parseLayout(layout, checked.epoch, buffers[next++], n),
    };
  });
  if (next !== buffers.length) refuse(buffers.length, "buffers", `${next}, one for each layout`);
  return runs;
}

function parseLayout(value: unknown, newest: number, view: DataView | undefined, n: number): Layout {
  const { epoch, iteration } = object(value, "layout");
  return {
    epoch: whole(0, newest)(epoch, "layout.epoch"),
    iteration: ID(iteration, "layout.iteration"),
    positions: finite(floats(view, n * 2)),
  };
}

/** Adding zeros is the fastest way to see one that is not: it stays NaN. */
function finite(values: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0 ? values : refuse("a number", "buffer", "finite");
}

/** How a run is, field by field. */
export const STATUS = shape<Status>({
  run: ID,
  epoch: ID,
  stage: text,
  progress: orNull(number),
  iteration: ID,
  limit: ID,
  kl: orNull(number),
  learning_rate: orNull(number),
  playing: flag,
  ended: flag,
  settled: flag,
  reason: text,
  perplexity: number,
  random_state: ID,
  neighbors_kept: orNull(number),
  doubt: text,
});
