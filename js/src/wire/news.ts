/** News: the status of runs, and their newest layouts. */
import { floats, places, rowsFromWire } from "./bytes";
import { flag, listOf, number, object, oneOf, orNull, recordOf, refuse, shape, text, whole } from "./checks";

/** What a run is doing, apart from the words of its method. */
export type Kind = "preparing" | "moving" | "at rest" | "failed" | "out of range";

export interface Status {
  run: number;
  epoch: number;
  kind: Kind;
  stage: string;
  /** What the map waits for, as its panel says it; empty if it does not wait. */
  waiting: string;
  progress: number | null;
  iteration: number;
  limit: number;
  /** What its method tells of the map, by name: what is known. */
  figures: Record<string, number>;
  /** What is shown of it, as Python writes it. */
  words: Record<string, string>;
  playing: boolean;
  ended: boolean;
  settled: boolean;
  reason: string;
  /** What would help a map that is not settled, and whether going on would. */
  advice: string;
  may_go_on: boolean;
  /** The values in force of the axes that concern its method, as Python writes them. */
  values: Record<string, string>;
  /** The share of the 10 nearest neighbours that the map keeps among its 10 nearest; known at rest. */
  neighbors_kept: number | null;
  /** A sentence on it; empty if it is unknown. */
  kept_in_words: string;
  /** A sentence about what the data's neighbours say against the map; empty if nothing. */
  doubt: string;
  /** What new rows wait for, or why they cannot be placed; empty if they are placed, or there are none. */
  placing: string;
}

/** A layout at one iteration: x and y of each point in turn, NaN where a row has no place. */
export interface Layout {
  epoch: number;
  iteration: number;
  positions: Float32Array;
}

/** The status of a run, and its layout unless it has arrived before. */
export interface News {
  status: Status;
  layout: Layout | null;
}

/** New rows on a layout of a run. */
export interface PlacedTold {
  epoch: number;
  iteration: number;
  /** Tells them from new rows given before and after. */
  number: number;
  count: number;
  /** How many of the nearest rows of the data are told of each; 0 in a page that does not hold the data. */
  nearest: number;
  /**
   * The largest distance of a row of the data from its nearest; null if unknown. With `nearest` 0, that of a row or
   * a landmark from its nearest landmark.
   */
  reach: number | null;
}

/** The same with its buffers decoded. */
export interface Placed extends PlacedTold {
  /** x and y of each new row in turn. */
  positions: Float32Array;
  /**
   * The nearest rows of the data, nearest first, of one new row after the other; and their distances. With `nearest`
   * 0 no rows, and the distance to the nearest landmark.
   */
  rows: Int32Array;
  distances: Float32Array;
}

export interface PlacedNews {
  run: number;
  placed: Placed;
}

export const STATUS = shape<Status>({
  run: whole(),
  epoch: whole(),
  kind: oneOf<Kind>("preparing", "moving", "at rest", "failed", "out of range"),
  stage: text,
  waiting: text,
  progress: orNull(number),
  iteration: whole(),
  limit: whole(),
  figures: recordOf(number),
  words: recordOf(text),
  playing: flag,
  ended: flag,
  settled: flag,
  reason: text,
  advice: text,
  may_go_on: flag,
  values: recordOf(text),
  neighbors_kept: orNull(number),
  kept_in_words: text,
  doubt: text,
  placing: text,
});

export const PLACED = {
  epoch: whole(),
  iteration: whole(),
  number: whole(1),
  count: whole(1),
  nearest: whole(),
  reach: orNull(number),
};

/** Buffers that come with each entry of new rows: positions, nearest rows, their distances. */
const PER_PLACED = 3;

/** Each run appears once; each entry with a layout has one buffer, in order; those of new rows come last. */
export function parseNews(
  { runs, placed }: { runs?: unknown; placed?: unknown },
  buffers: readonly DataView[],
  n: number,
): { runs: News[]; placed: PlacedNews[] } {
  const told = listOf(object)(placed, "placed");
  const ofLayouts = buffers.length - PER_PLACED * told.length;
  if (ofLayouts < 0) refuse(buffers.length, "buffers", `${PER_PLACED * told.length} or more`);
  return {
    runs: parseRuns(runs, buffers.slice(0, ofLayouts), n),
    placed: told.map((one, i) => {
      const at = ofLayouts + PER_PLACED * i;
      const checked = shape<PlacedTold>(PLACED)(one, "placed");
      return { run: whole()(one.run, "placed.run"), placed: placedOf(checked, buffers.slice(at), n) };
    }),
  };
}

/** New rows with their buffers: positions, nearest rows, distances. */
export function placedOf(
  told: PlacedTold,
  [points, rows, distances]: readonly DataView[],
  n: number,
): Placed {
  const { count, nearest } = told;
  return {
    ...told,
    positions: finite(floats(points, 2 * count)),
    rows: rowsBelow(rows, count * nearest, n),
    distances: finite(floats(distances, distancesTold(told))),
  };
}

/** How many distances come with new rows. */
export function distancesTold({ count, nearest }: PlacedTold): number {
  return count * Math.max(1, nearest);
}

function finite(values: Float32Array): Float32Array {
  return values.every(Number.isFinite) ? values : refuse("a number", "placed", "finite");
}

function rowsBelow(view: DataView, length: number, n: number): Int32Array {
  const rows = rowsFromWire(view);
  if (rows.length !== length) refuse(rows.length, "placed.rows", `${length} rows`);
  for (const row of rows) if (row < 0 || row >= n) refuse(row, "placed.rows", `rows below ${n}`);
  return rows;
}

function parseRuns(entries: unknown, buffers: readonly DataView[], n: number): News[] {
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
    iteration: whole()(iteration, "layout.iteration"),
    positions: places(floats(view, n * 2)),
  };
}
