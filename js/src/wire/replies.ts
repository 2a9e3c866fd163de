/** Python's replies to questions. `replyChecks.ts` checks them. */
import type { Quantized } from "./bytes";
import type { ClumpsOn, ReadQuestion } from "./protocol";
import type { Categories, ColumnType, Labels, Quantity, Scale } from "./traits";

/** A row's value; null if it is missing. */
export type Cell = string | number | boolean | null | PictureCell;

/** A picture whose bytes are in one of the reply's buffers. */
export type PictureCell =
  | { kind: "raw"; width: number; height: number; channels: 1 | 3 | 4; buffer: number }
  | { kind: "encoded"; mime: string; buffer: number };

export interface RowsReply {
  /** The total number of rows. */
  total: number;
  positions: number[];
  index: string[] | null;
  columns: { name: string; type: ColumnType; values: Cell[] }[];
  images: (PictureCell | null)[] | null;
  /** Why the first missing picture is missing. */
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

/** Of a category or a word: its share on either side, and their difference in words, in percentage points. */
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
  /** Strongest first, as many as the client asked for. */
  numbers: Difference[];
  numbers_total: number;
  /** Features that are only numbered, such as x0, x1, ... */
  numbered: Difference[];
  numbered_total: number;
  categories: Share[];
  categories_total: number;
  /** What is characteristic in columns of texts. */
  words: Share[];
  words_total: number;
  /** The labels in the selection: `share` is of the selection, `of` is of the label's rows. */
  labels: { name: string; count: number; share: number; of: number }[] | null;
}

/** The values are in one buffer for each part; or in as many for each run if the measure needs a "map". */
export interface MeasureReply {
  measure: string;
  /** The measure's name in tooltips, with its metric if the maps have several. */
  called: string;
  runs: number[];
  row: number | null;
  /** How many numbers each row has. */
  parts: number;
  /** The ends of the colours. */
  low: number;
  high: number;
  /** The ends of the values. */
  least: number;
  most: number;
  /** A sentence that says what the values are. */
  sentence: string;
  caution: Caution | null;
}

/** Why the values say less than they seem to, and what to compare instead; `action` names that. */
export interface Caution {
  text: string;
  axis: string;
  value: string | number;
  action: string;
}

/** How good the news is. */
export type Tone = "good" | "caution" | "bad" | "plain";

/** One answer about a map or some of its rows. */
export interface Finding {
  question: string;
  /** The name of the rows; empty for the whole map. */
  subject: string;
  sentence: string;
  tone: Tone;
  values: Record<string, number>;
}

/** Whether the data have a gap; null: nobody can tell. */
export type GapAnswer = "apart" | "thin" | "joined" | null;

/** A gap of the map. */
export interface Gap {
  answer: GapAnswer;
  sentence: string;
  values: Record<string, number>;
  /** Points along it in lines, in the units of the map. */
  lines: [number, number][][];
  /** How many rows lie on either side. */
  first: number;
  second: number;
}

/** What may be read from a map at one moment; the linked pairs of rows are in the buffer, if there are any. */
export interface ReadReply {
  question: ReadQuestion;
  run: number;
  epoch: number;
  iteration: number;
  findings: Finding[];
  /** What matters most about the map, if anything does. */
  advice: Finding | null;
  /** About how long each costly question takes. */
  seconds: Partial<Record<ReadQuestion | "lineup", number>>;
  gaps: Gap[];
  /** How many pairs there are. */
  links: number;
}

/** A map among maps of noise; the panels are in the buffers, x and y from -1 to 1. */
export interface LineUpReply {
  run: number;
  epoch: number;
  iteration: number;
  /** Which panel is the map, from 1. */
  answer: number;
  /** What repeats it. */
  seed: number;
  /** What picking each panel tells. */
  picks: string[];
  /** What the data themselves tell about noise. */
  noise: string;
}

/** Suggested groups, and what they are a reading of; their rows are in the buffer, one group after another. */
export interface SuggestionsReply {
  on: ClumpsOn;
  run: number;
  epoch: number;
  iteration: number;
  /** 'clumps of the map at iteration 740' */
  words: string;
  /** A sentence that says of what they are a reading. */
  reading: string;
  /** A sentence on the rows in no clump. */
  rest: string;
  groups: { name: string; count: number; why: string }[];
}

export interface NeighborsReply {
  row: number;
  by_metric: Nearest[];
}

/** The nearest rows of a row in the metric of some maps. */
export interface Nearest {
  /** What `kept` counts. */
  sentence: string;
  /** The maps in this metric. */
  runs: number[];
  positions: number[];
  distances: number[];
  /** By run: whether each of them is also nearest on that map. */
  kept: Record<string, boolean[]>;
}

export interface FindReply {
  count: number;
  /** The columns that were searched, or the index. */
  searched: string[];
  /** The first few of the rows. */
  hits: Hit[];
}

/** A row that contains a text. */
export interface Hit {
  row: number;
  /** What it is called. */
  label: string;
  /** Where the text is, and the whole value there. */
  column: string;
  value: string;
}

/**
 * The bins of a column: of numbers equal ones, of other values one each, most frequent first. One byte for each row is
 * the buffer: its bin, or `OTHER_BIN` or `MISSING_BIN`.
 */
export interface DistributionReply {
  column: string;
  /** The range of the numbers, in the terms of a scale. */
  least: number;
  most: number;
  quantity: Quantity;
  origin: string | null;
  /** The least and most number in each bin; null: it is empty. */
  ends: ([number, number] | null)[];
  names: string[];
  /** How many further values there are. */
  more: number;
}

export const OTHER_BIN = 254;
export const MISSING_BIN = 255;

export interface GroupDistancesReply {
  names: string[];
  /** The rank correlation, if there is one. */
  rho: number | null;
  sentence: string;
  /** At most 1,000 pairs, those that the map shows most wrongly first. */
  pairs: GroupPair[];
  pairs_total: number;
}

/** Two groups, as positions in `names`. */
export interface GroupPair {
  a: number;
  b: number;
  original: number;
  map: number;
  /** The rank among all pairs, from 1 for the nearest; equal distances share a rank. */
  original_rank: number;
  map_rank: number;
}

export interface KeyframesReply {
  /** Of which there is a keyframe of any map, ascending. */
  iterations: number[];
}

/** A keyframe; its coordinates are in the buffer at the same position. */
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

/**
 * The rows in the bins of tiles. The first buffer has the bins that hold rows, from the lower left corner, of one tile
 * after another; the second how many they hold. There are none if all tiles are empty.
 */
export interface DensityReply {
  /** `filled`: how many bins hold rows. */
  tiles: { level: number; column: number; row: number; filled: number }[];
  /** How many rows a bin of level 0 holds that is drawn in full. */
  full: number;
  /** How many rows are unlike the sample, and how far they lie from it; empty if nobody knows. */
  unlike: string;
  far: string;
}

/** How far groups of rows hold together on repetitions of the map. */
export interface TogetherReply {
  maps: { run: number; title: string }[];
  /** Which maps these are. */
  in_words: string;
  /** The selection and groups first, then labels; at most 50. */
  groups: Held[];
  groups_total: number;
}

export interface Held {
  name: string;
  kind: "selected" | "group" | "label";
  rows: number;
  /** On the map that is repeated; null if that is unknown. */
  here: number | null;
  /** On each map: 1 is together, 0 scattered; null if too few rows have a place there. */
  values: (number | null)[];
  mean: number | null;
  /** What the group does, in a few words; empty if that is unknown. */
  verdict: string;
  /** A sentence, or why there is none. */
  words: string;
}

/** The result of each query, by its name. */
export interface Replies {
  rows: RowsReply;
  contrast: ContrastReply;
  measure: MeasureReply;
  read: ReadReply;
  lineup: LineUpReply;
  find_clumps: null;
  /** null: nothing is suggested. */
  suggestions: SuggestionsReply | null;
  drop_read: null;
  density: DensityReply;
  neighbors: NeighborsReply;
  together: TogetherReply;
  find: FindReply;
  distribution: DistributionReply;
  group_distances: GroupDistancesReply;
  /** The trait without its bytes, which are in the buffer. */
  labels: Omit<Categories, "codes"> | Omit<Scale, "values">;
  names: Omit<Categories, "codes">;
  keyframes: KeyframesReply;
  keyframes_at: KeyframesAtReply;
  /** The file is the buffer. */
  html: null;
}

export interface Reply<T> {
  result: T;
  buffers: readonly DataView[];
}

/** The labels from a reply. */
export function labelsOf({ result, buffers: [bytes] }: Reply<Replies["labels" | "names"]>): Labels {
  return result.kind === "categories" ? { ...result, codes: bytes } : { ...result, values: bytes };
}
