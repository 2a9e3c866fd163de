/** News: the status of runs, and their newest layouts. */
import { floats, places } from "./bytes";
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
  /** The values in force of the axes that concern its method, as Python writes them. */
  values: Record<string, string>;
  /** The share of the 10 nearest neighbours that the map keeps among its 10 nearest; known at rest. */
  neighbors_kept: number | null;
  /** A sentence on it; empty if it is unknown. */
  kept_in_words: string;
  /** A sentence about what the data's neighbours say against the map; empty if nothing. */
  doubt: string;
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
  values: recordOf(text),
  neighbors_kept: orNull(number),
  kept_in_words: text,
  doubt: text,
});

/** Each run appears once; each entry with a layout has one buffer, in order. */
export function parseNews(entries: unknown, buffers: readonly DataView[], n: number): News[] {
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
