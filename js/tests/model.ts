/** A model like anywidget's, without a kernel: what is sent is kept, what Python would send can be said. */
import type { AnyModel } from "@anywidget/types";
import type { Status } from "../src/wire/news";
import type { ToPython } from "../src/wire/protocol";
import type { LimitsTrait, MethodTrait, RunTrait, Traits } from "../src/wire/traits";

type Callback = (...args: unknown[]) => void;

export class FakeModel {
  readonly sent: ToPython[] = [];
  readonly callbacks = new Map<string, Set<Callback>>();
  saved = 0;
  broken = false;

  constructor(readonly traits: Partial<Traits>) {}

  get(name: keyof Traits) {
    return this.traits[name];
  }

  set(name: keyof Traits, value: never) {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes() {
    this.saved++;
  }

  send(message: ToPython) {
    if (this.broken) throw new Error("no comm");
    this.sent.push(message);
  }

  on(event: string, callback: Callback) {
    if (!this.callbacks.has(event)) this.callbacks.set(event, new Set());
    this.callbacks.get(event)?.add(callback);
  }

  off(event: string, callback: Callback) {
    this.callbacks.get(event)?.delete(callback);
  }

  emit(event: string, ...args: unknown[]) {
    for (const callback of this.callbacks.get(event) ?? []) callback(...args);
  }

  say(content: unknown, ...buffers: DataView[]) {
    this.emit("msg:custom", content, buffers);
  }

  get listeners(): number {
    return [...this.callbacks.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Sent messages of a type. */
  of<T extends ToPython["type"]>(type: T): Extract<ToPython, { type: T }>[] {
    return this.sent.filter((message): message is Extract<ToPython, { type: T }> => message.type === type);
  }

  asModel(): AnyModel<Traits> {
    return this as unknown as AnyModel<Traits>;
  }
}

export const LIMITS: LimitsTrait = {
  perplexity_max: 2,
  neighbors_per_perplexity: 3,
  random_state_max: 2 ** 32 - 1,
  heartbeat_seconds: 5,
  runs_max: 64,
  compare_perplexities: [5, 30, 100],
  inits: ["pca", "random"],
};

export const METHODS: MethodTrait[] = [
  {
    name: "tsne",
    label: "t-SNE",
    live: true,
    axes: ["perplexity", "init", "random_state"],
    figures: [{ name: "KL", meaning: "Kullback-Leibler divergence", share: false }],
  },
];

export function threePoints(): FakeModel {
  return new FakeModel({
    height: 400,
    align: true,
    selection: new DataView(new ArrayBuffer(0)),
    _snapshot: [],
    tooltip_columns: [],
    point_size: "auto",
    opacity: "auto",
    color_scale: "linear",
    _points: { n: 3, features: 2, note: "", weights: "", saved: true, known: "rows" },
    _labels: null,
    _colour: { mode: "labels", column: null, kinds: [], transforms: [] },
    _columns: [],
    _rows: { index: null, image: false },
    _groups: [],
    _history: { undo: 0, redo: 0 },
    _limits: LIMITS,
    _methods: METHODS,
    _runs: [run(0)],
    _reference: 0,
    _bundle: { hash: "abc", model: "IPY_MODEL_shared", own: "own" },
  });
}

export function status(changes: Partial<Status> = {}): Status {
  return {
    run: 0,
    epoch: 0,
    stage: "optimising",
    progress: null,
    iteration: 0,
    limit: 1000,
    figures: {},
    playing: true,
    ended: false,
    settled: false,
    reason: "",
    perplexity: 30,
    random_state: 0,
    neighbors_kept: null,
    doubt: "",
    ...changes,
  };
}

export function run(id: number, changes: Partial<RunTrait> = {}): RunTrait {
  return { run: id, method: "tsne", perplexity: 30, random_state: 0, init: "pca", ...changes };
}

export function frame(seq: number, iteration: number, epoch = 0, kl: number | null = null): unknown {
  return news(seq, { iteration, epoch, figures: kl === null ? {} : { KL: kl } });
}

/** News of several runs at once, each with a layout. */
export function news(seq: number, ...changes: Partial<Status>[]): unknown {
  const runs = changes.map((change) => {
    const told = status(change);
    return { status: told, layout: { iteration: told.iteration, epoch: told.epoch } };
  });
  return { type: "news", seq, runs };
}

export function layoutOf(...coordinates: number[]): DataView {
  return new DataView(Float32Array.of(...coordinates).buffer);
}
