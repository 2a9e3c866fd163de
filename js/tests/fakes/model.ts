/** A model like anywidget's, without a kernel: what is sent is kept, what Python would send can be said. */
import type { AnyModel } from "@anywidget/types";
import type { Status } from "../../src/wire/news";
import type { ToPython } from "../../src/wire/protocol";
import type { MeasureReply } from "../../src/wire/replies";
import type {
  AxisTrait,
  AxisValue,
  ConditionTrait,
  FilterTrait,
  LimitsTrait,
  MeasureTrait,
  MethodTrait,
  RunTrait,
  Traits,
} from "../../src/wire/traits";

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
  heartbeat_seconds: 5,
  runs_max: 64,
  neighbors_listed: 10,
  align_rows: 3,
  neighbors_per_perplexity: 3,
  repetitions: 4,
  names_shown: 40,
  pictures_shown: 400,
  lineup_panels: 6,
  advice_rows: 50_000,
  reading_seconds_per_row: 4e-5,
  questions: {
    fits: "Does it fit?",
    torn: "Is it torn?",
    noise: "Is it noise?",
    gaps: "Are its gaps in the data?",
    luck: "Is it luck?",
    strong: "Is it strong?",
    apart: "One or two?",
  },
};

const AXIS = { restarts: true, in_toolbar: true, offered: [], reach: null, needs: null };
const REACH = { low: 0, high: null, allowed: "", in_range: "", slider: null, step: null, note: null };

/** Three axes as Python tells them, of 1,797 points. */
export const AXES: AxisTrait[] = [
  {
    ...AXIS,
    name: "perplexity",
    label: "perplexity",
    plural: "perplexities",
    kind: "number",
    head: "perplexity {}",
    restarts: false,
    offered: [5, 30, 100].map((value) => ({ value, text: String(value) })),
    reach: {
      ...REACH,
      low: 1.0000000000000002,
      high: 1795.9999999999998,
      allowed: "a number above 1",
      in_range: "below 1796",
      slider: [2, 1796 / 3],
      note: {
        words: "≈ {} neighbours of 1,797",
        per: 3,
        most: 1796,
        usual: 1796 / 3,
        beyond: ": nearly all rows, so the map shows little",
      },
    },
  },
  {
    ...AXIS,
    name: "init",
    label: "init",
    plural: "inits",
    kind: "choice",
    head: "{} init",
    offered: [
      { value: "pca", text: "PCA" },
      { value: "random", text: "random" },
    ],
  },
  {
    ...AXIS,
    name: "random_state",
    label: "seed",
    plural: "seeds",
    kind: "seed",
    head: "seed {}",
    reach: { ...REACH, high: 2 ** 32 - 1 },
    needs: {
      axis: "init",
      value: "random",
      hint: "With this init the seed changes almost nothing",
      sentence: "Maps that start alike hardly differ between seeds.",
      offer: "start at random",
    },
  },
];

export const METHODS: MethodTrait[] = [
  {
    name: "tsne",
    label: "t-SNE",
    live: true,
    offered: true,
    small: false,
    is_function: false,
    about: "",
    axes: ["perplexity", "init", "random_state"],
    own: [],
    follows: [],
    figures: [{ name: "KL", short: "KL", meaning: "Kullback-Leibler divergence" }],
  },
];

function measure(name: string, changes: Partial<MeasureTrait>): MeasureTrait {
  const plain = { label: `${name} of it`, description: "", needs: "data", bright_first: false } as const;
  const shown = { heading: "", transform: "linear", joined: 0 } as const;
  return { name, ...plain, ...shown, parts: [], ends: ["", ""], by_label: true, ...changes };
}

/** One that needs each of what there is to need; their names are nobody's. */
export const MEASURES: MeasureTrait[] = [
  measure("agreement", { needs: "maps" }),
  measure("fit", { needs: "map", ends: ["lost", "found"] }),
  measure("crowd", { needs: "data", bright_first: true, by_label: false, ends: ["dense", "sparse"] }),
  measure("stretch", { needs: "row", by_label: false }),
  measure("faults", { needs: "map", parts: ["lost", "wrong"] }),
  measure("strain", { needs: "map", transform: "log", joined: 2 }),
];

/** A reply to what was measured. */
export function measured(name: string, changes: Partial<MeasureReply> = {}): MeasureReply {
  const ends = { low: 0, high: 1, least: 0, most: 1 };
  return {
    measure: name,
    called: name,
    runs: [],
    row: null,
    parts: 1,
    ...ends,
    sentence: `about ${name}`,
    caution: null,
    ...changes,
  };
}

/** A method whose map is computed once, and a map by it. */
export const PCA: MethodTrait = {
  name: "pca",
  label: "PCA",
  live: false,
  offered: true,
  small: false,
  is_function: false,
  about: "",
  axes: [],
  own: [],
  follows: [],
  figures: [{ name: "explained variance", short: "variance", meaning: "share of the data's variance" }],
};

export function pca(id: number): RunTrait {
  return {
    run: id,
    method: "pca",
    beside: true,
    made_by: "PCA",
    title: "PCA",
    short: "PCA",
    values: {},
    words: {},
    own: [],
  };
}

export function threePoints(): FakeModel {
  return new FakeModel({
    height: 400,
    align: true,
    selection: new DataView(new ArrayBuffer(0)),
    selected_placed: [],
    _snapshot: [],
    tooltip_columns: [],
    point_size: "auto",
    opacity: "auto",
    advice: false,
    color_scale: "linear",
    show_names: "auto",
    name_by: null,
    show_images: false,
    _names: null,
    _points: { n: 3, features: 2, note: "", doubt: "", weights: "", saved: true, known: "rows" },
    _labels: null,
    _color: { mode: "labels", column: null, kinds: [], transforms: [] },
    _measures: MEASURES,
    _columns: [],
    _rows: { index: null, image: false },
    _filter: null,
    _groups: [],
    _suggested: 0,
    _saving_problem: "",
    _new_rows: null,
    _density: null,
    _undo: { undo: 0, redo: 0 },
    _limits: LIMITS,
    _axes: AXES,
    _methods: METHODS,
    _runs: [run(0)],
    _caption: "t-SNE of the rows.",
    _incomparable: [],
    _reference: 0,
    _bundle: { hash: "abc", model: "IPY_MODEL_shared", own: "own" },
  });
}

/** A filter that some of n rows pass, by conditions of which the first is on the column `width`. */
export function filtering(rows: number[], changes: Partial<FilterTrait> = {}, n = 120): FilterTrait {
  const bits = new DataView(new ArrayBuffer(Math.ceil(n / 8)));
  for (const row of rows) bits.setUint8(row >> 3, bits.getUint8(row >> 3) | (1 << (row & 7)));
  const [first] = [{ column: "width", range: [2, null], values: null, negated: false, words: "at least 2" }];
  return { any: false, conditions: [first as ConditionTrait], count: rows.length, bits, ...changes };
}

export function status(changes: Partial<Status> = {}): Status {
  return {
    run: 0,
    epoch: 0,
    kind: "moving",
    stage: "optimising",
    waiting: "",
    progress: null,
    iteration: 0,
    limit: 1000,
    figures: {},
    words: {},
    playing: true,
    ended: false,
    settled: false,
    reason: "",
    values: { perplexity: "30", random_state: "0" },
    neighbors_kept: null,
    kept_in_words: "",
    doubt: "",
    placing: "",
    advice: "",
    may_go_on: false,
    ...changes,
  };
}

/** One of several maps that differ in their perplexity, unless told otherwise. */
export function run(id: number, values: Record<string, AxisValue> = {}, title?: string): RunTrait {
  const all: Record<string, AxisValue> = { perplexity: 30, init: "pca", random_state: 0, ...values };
  const words = Object.entries(all).map(([name, value]) => [name, value === "pca" ? "PCA" : String(value)]);
  const called = title ?? `perplexity ${all.perplexity}`;
  return {
    run: id,
    method: "tsne",
    beside: false,
    made_by: "t-SNE",
    title: called,
    short: called,
    values: all,
    words: Object.fromEntries(words),
    own: [],
  };
}

export function frame(seq: number, iteration: number, epoch = 0, kl: number | null = null): unknown {
  const known = kl === null ? {} : { figures: { KL: kl }, words: { KL: kl.toFixed(3) } };
  return news(seq, { iteration, epoch, ...known });
}

/** News of several runs at once, each with a layout. */
export function news(seq: number, ...changes: Partial<Status>[]): unknown {
  const runs = changes.map((change) => {
    const told = status(change);
    return { status: told, layout: { iteration: told.iteration, epoch: told.epoch } };
  });
  return { type: "news", seq, runs, placed: [] };
}

export function layoutOf(...coordinates: number[]): DataView {
  return new DataView(Float32Array.of(...coordinates).buffer);
}
