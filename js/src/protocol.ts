/** Every name and byte that crosses to Python; the mirror of `tsne_widget/protocol.py`, in the same order. */

export class ProtocolError extends Error {}

// --- traits -----------------------------------------------------------------------------------------

export interface Categories {
  kind: "categories";
  names: string[];
  counts: number[];
  has_missing: boolean;
  codes: DataView;
}

export interface Scale {
  kind: "scale";
  low: number;
  high: number;
  values: DataView;
}

export interface PointsTrait {
  n: number;
  labels: Categories | Scale | null;
}

export interface LimitsTrait {
  perplexity_max: number;
  neighbors_per_perplexity: number;
  random_state_max: number;
  heartbeat_seconds: number;
  runs_max: number;
  compare_perplexities: number[];
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

export interface SnapshotTrait {
  status: Status;
  offset: [number, number];
  scale: number;
  points: DataView;
}

/** The traits by name, as `model.get` returns them. */
export interface Traits {
  height: number;
  selection: DataView;
  align: Align;
  snapshot: SnapshotTrait[];
  _points: PointsTrait;
  _limits: LimitsTrait;
  _runs: RunTrait[];
  _reference: number;
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

export type FromPython =
  | { type: "news"; seq: number; runs: News[] }
  | ({ type: "stability" } & Stability)
  | { type: "answer"; id: number; error: string | null }
  | { type: "alive"; page: string };

// --- browser to Python ------------------------------------------------------------------------------

/** `run` null: all runs. */
export type Command =
  | { name: "play" | "pause" | "restart"; run: number | null }
  | { name: "step" | "perplexity" | "random_state"; value: number; run: number | null }
  | { name: "init"; value: string; run: number | null }
  | { name: "compare"; perplexity: number[]; random_state: number[]; init: string[] }
  | { name: "keep" | "remove"; run: number }
  | { name: "stability"; runs: number[] };

export type ToPython =
  | { type: "hello"; page: string; visible: boolean }
  | { type: "alive" | "ack"; page: string; visible: boolean; seq: number }
  | { type: "bye"; page: string }
  | ({ type: "command"; id: number } & Command);

// --- decoding ---------------------------------------------------------------------------------------

/** Check a message from Python and decode its buffer; `n` is the number of points. */
export function parseMessage(content: unknown, buffers: readonly DataView[], n: number): FromPython {
  const message = content as { [key: string]: unknown };
  switch (message?.type) {
    case "news":
      return { type: "news", seq: count(message, "seq"), runs: parseNews(message.runs, buffers, n) };
    case "stability":
      return {
        type: "stability",
        runs: message.runs as number[],
        k: count(message, "k"),
        values: floats(buffers[0], n),
      };
    case "answer":
      return { type: "answer", id: count(message, "id"), error: (message.error as string | null) ?? null };
    case "alive":
      return { type: "alive", page: String(message.page) };
    default:
      throw new ProtocolError(`unknown message ${JSON.stringify(message?.type)}`);
  }
}

/** The coordinates of a snapshot: offset plus scale times an unsigned 16-bit integer. */
export function snapshotPositions(snapshot: SnapshotTrait): Float32Array {
  const quantised = unsigned(snapshot.points);
  const positions = new Float32Array(quantised.length);
  for (let i = 0; i < positions.length; i++) {
    positions[i] = snapshot.offset[i & 1] + snapshot.scale * quantised[i];
  }
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

export function rowsFromWire(view: DataView | null | undefined): Int32Array {
  return view?.byteLength ? new Int32Array(aligned(view)) : new Int32Array(0);
}

export function rowsToWire(rows: Int32Array): DataView {
  return new DataView(rows.slice().buffer);
}

function aligned(view: DataView): ArrayBuffer {
  return (view.buffer as ArrayBuffer).slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** One buffer for each entry with a layout, in order. */
function parseNews(entries: unknown, buffers: readonly DataView[], n: number): News[] {
  if (!Array.isArray(entries)) throw new ProtocolError("news need a list of runs");
  let next = 0;
  return entries.map(({ status, layout }) => ({
    status: parseStatus(status),
    layout: layout && {
      epoch: count(layout, "epoch"),
      iteration: count(layout, "iteration"),
      positions: floats(buffers[next++], n * 2),
    },
  }));
}

function parseStatus(value: unknown): Status {
  const status = value as Status;
  if (typeof status?.stage !== "string" || typeof status.iteration !== "number") {
    throw new ProtocolError("a status needs a stage and an iteration");
  }
  return status;
}

function count(message: { [key: string]: unknown }, name: string): number {
  const value = message[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new ProtocolError(`${name} must be a whole number, not ${JSON.stringify(value)}`);
  }
  return value;
}
