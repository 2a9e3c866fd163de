/** What Python replies to a question. `replyChecks.ts` checks it. */
import type { Quantized } from "./bytes";
import type { Categories, ColumnType, Labels, Scale } from "./traits";

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

/** Of a number: how far the means lie apart, in standard deviations; all in words but for what is drawn. */
export interface Difference {
  feature: string;
  effect: string;
  selected_mean: string;
  other_mean: string;
  low: string;
  high: string;
  /** Shares of either side in as many bins from low to high. */
  selected_histogram: number[];
  other_histogram: number[];
}

/** Of a category: its share on either side, and their difference in words, in percentage points. */
export interface Share {
  column: string;
  category: string;
  effect: string;
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

/** Its values are one buffer, or one for each run where the measure needs a "map". */
export interface MeasureReply {
  measure: string;
  runs: number[];
  row: number | null;
  /** Where colours end. */
  low: number;
  high: number;
  /** Where the values end. */
  least: number;
  most: number;
  /** What they are. */
  sentence: string;
  caution: Caution | null;
}

/** Why values say less than they seem to, and which maps to compare instead: `action` names that. */
export interface Caution {
  text: string;
  axis: string;
  value: string | number;
  action: string;
}

export interface NeighborsReply {
  row: number;
  positions: number[];
  distances: number[];
  /** By run: how many of them are as near on that map. */
  kept: Record<string, number>;
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

export interface KeyframesReply {
  /** Of which there is a keyframe of any map, ascending. */
  iterations: number[];
}

/** A keyframe; its coordinates are the buffer in the same place. */
export interface KeyframeTold extends Omit<Quantized, "points"> {
  run: number;
  epoch: number;
  iteration: number;
  /** What was known of it, by name, as Python writes it. */
  words: Record<string, string>;
}

export interface KeyframesAtReply {
  runs: KeyframeTold[];
}

/** What is replied to a query, by the query's name. */
export interface Replies {
  rows: RowsReply;
  contrast: ContrastReply;
  measure: MeasureReply;
  neighbors: NeighborsReply;
  find: FindReply;
  group_distances: GroupDistancesReply;
  /** As the trait, but for the bytes, which are the buffer. */
  labels: Omit<Categories, "codes"> | Omit<Scale, "values">;
  keyframes: KeyframesReply;
  keyframes_at: KeyframesAtReply;
  /** The file is the buffer. */
  html: null;
}

/** A result and the buffers that go with it. */
export interface Reply<T> {
  result: T;
  buffers: readonly DataView[];
}

/** Labels that were asked for. */
export function labelsOf({ result, buffers: [bytes] }: Reply<Replies["labels"]>): Labels {
  return result.kind === "categories" ? { ...result, codes: bytes } : { ...result, values: bytes };
}
