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
}

export interface SnapshotTrait {
  status: Status;
  offset: [number, number];
  scale: number;
  points: DataView;
}

/** The traits by name, as `model.get` returns them. */
export interface Traits {
  perplexity: number;
  random_state: number;
  init: "pca" | "random" | "given";
  height: number;
  selection: DataView;
  snapshot: SnapshotTrait[];
  _points: PointsTrait;
  _limits: LimitsTrait;
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
}

/** A layout as it was at one iteration: x and y of each point in turn. */
export interface Layout {
  epoch: number;
  iteration: number;
  positions: Float32Array;
}

export type FromPython =
  | { type: "status"; seq: number; status: Status }
  | { type: "frame"; seq: number; status: Status; layout: Layout }
  | { type: "answer"; id: number; error: string | null }
  | { type: "alive"; page: string };

// --- browser to Python ------------------------------------------------------------------------------

export type Command =
  | { name: "play" | "pause" | "restart" }
  | { name: "step" | "perplexity" | "random_state"; value: number }
  | { name: "init"; value: "pca" | "random" };

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
    case "status":
      return { type: "status", seq: count(message, "seq"), status: parseStatus(message.status) };
    case "frame":
      return {
        type: "frame",
        seq: count(message, "seq"),
        status: parseStatus(message.status),
        layout: {
          epoch: count(message, "epoch"),
          iteration: count(message, "iteration"),
          positions: floats(buffers[0], n * 2),
        },
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
