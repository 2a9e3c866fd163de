/** The model of a saved page: the page itself holds the answers that Python would give, as far as they were saved. */
import type { AnyModel } from "@anywidget/types";
import type { Quantized } from "../wire/bytes";
import { rowsFromWire, rowsToWire } from "../wire/bytes";
import type { Query, Sort, ToPython } from "../wire/protocol";
import type {
  Cell,
  DensityReply,
  FindReply,
  Hit,
  KeyframesAtReply,
  KeyframeTold,
  MeasureReply,
  PictureCell,
  Replies,
  RowsReply,
} from "../wire/replies";
import type { ColumnTrait, Traits } from "../wire/traits";
import { filterOf } from "./filter";
import { Placer, type SavedPlacing } from "./placer";

export interface SavedColumn extends ColumnTrait {
  values: Cell[];
  /** Each row's rank in the column's order; null for numbers, which are ordered already. */
  ranks: number[] | null;
}

/** A run's keyframes, the oldest first. */
export interface SavedKeyframes {
  run: number;
  frames: (KeyframeTold & Quantized)[];
}

export interface Saved {
  /** The traits as JSON, with bytes as `{ base64 }`. */
  traits: Record<string, unknown>;
  columns: SavedColumn[];
  keyframes: unknown;
  /** The answer of the measure that colours; null: none does. */
  measured: unknown;
  /** The picture of each row as a file, null where there is none; null: the page holds no pictures. */
  images: unknown;
  /** The answer about the coarsest tile of the density; null: there is none. */
  density: unknown;
  /** How to place new rows; null: the page cannot. */
  placing: unknown;
}

interface SavedAnswer<Result> {
  result: Result;
  buffers: DataView[];
}

interface SavedImage {
  mime: string;
  data: DataView;
}

/** How many of the rows found are told with their values. */
const MAX_HITS = 8;

type Callback = (...args: unknown[]) => void;
type Answered = [Replies[Query["name"]] | null, DataView[]];

export class SavedModel {
  /** Places new rows, if the page can. */
  readonly placer: Placer | null;
  private readonly traits: Record<string, unknown>;
  private readonly columns: ReadonlyMap<string, SavedColumn>;
  private readonly keyframes: SavedKeyframes[];
  private readonly measured: SavedAnswer<MeasureReply> | null;
  private readonly density: SavedAnswer<DensityReply> | null;
  private readonly images: (SavedImage | null)[] | null;
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(saved: Saved) {
    this.traits = Object.fromEntries(
      Object.entries(saved.traits).map(([name, value]) => [name, decoded(value)]),
    );
    this.keyframes = decoded(saved.keyframes) as SavedKeyframes[];
    this.measured = decoded(saved.measured) as SavedAnswer<MeasureReply> | null;
    this.density = decoded(saved.density) as SavedAnswer<DensityReply> | null;
    this.columns = new Map(saved.columns.map((column) => [column.name, column]));
    this.images = decoded(saved.images) as (SavedImage | null)[] | null;
    const placing = decoded(saved.placing) as SavedPlacing | null;
    this.placer = placing && new Placer(placing, this);
  }

  get(name: string): unknown {
    return this.traits[name];
  }

  set(name: string, value: unknown): void {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }

  /** There is nowhere to save. */
  save_changes(): void {}

  on(event: string, callback: Callback): void {
    const callbacks = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, callbacks.add(callback));
  }

  off(event: string, callback: Callback): void {
    this.callbacks.get(event)?.delete(callback);
  }

  send(message: ToPython): void {
    if (message.type !== "query") return;
    const { client, id, query } = message;
    const [result, buffers] = this.answer(query);
    const error = result === null ? "this needs Python; a saved page has none" : null;
    // The caller goes on first, as it does with Python.
    queueMicrotask(() => this.emit("msg:custom", { type: "reply", client, id, error, result }, buffers));
  }

  asModel(): AnyModel<Traits> {
    return this as unknown as AnyModel<Traits>;
  }

  private answer(query: Query): Answered {
    switch (query.name) {
      case "rows":
        return this.rows(query);
      case "find":
        return this.find(query.text, query.column);
      case "keyframes":
        return [{ iterations: this.iterations() }, []];
      case "keyframes_at":
        return this.keyframesAt(query.iteration);
      case "measure":
        return this.measure(query);
      case "density":
        return this.density ? [this.density.result, this.density.buffers] : [null, []];
      default:
        return [null, []];
    }
  }

  /** Answers for the one saved measure, with the saved maps and row. */
  private measure({ measure, runs, row }: Extract<Query, { name: "measure" }>): Answered {
    const { result, buffers } = this.measured ?? {};
    const same = result?.measure === measure && result.row === row;
    return same && result.runs.every((run) => runs.includes(run)) ? [result, buffers ?? []] : [null, []];
  }

  private iterations(): number[] {
    const all = this.keyframes.flatMap(({ frames }) => frames.map(({ iteration }) => iteration));
    return [...new Set(all)].sort((a, b) => a - b);
  }

  private keyframesAt(iteration: number): [KeyframesAtReply, DataView[]] {
    const runs = this.keyframes.flatMap(
      ({ frames }) => frames.findLast((frame) => frame.iteration <= iteration) ?? frames.slice(0, 1),
    );
    return [{ runs }, runs.map(({ points }) => points)];
  }

  private rows({ rows, sort, offset, limit, columns }: Extract<Query, { name: "rows" }>): Answered {
    const all = rows ?? this.inQuestion();
    const positions = this.sorted(all, sort).slice(offset, offset + limit);
    const buffers: DataView[] = [];
    const picture = (row: number): PictureCell | null => {
      const image = this.images?.[row];
      return image ? { kind: "encoded", mime: image.mime, buffer: buffers.push(image.data) - 1 } : null;
    };
    const result: RowsReply = {
      total: all.length,
      positions,
      index: null,
      columns: columns.flatMap((wanted) => {
        const column = this.columns.get(wanted);
        if (!column) return [];
        const { name, type, values } = column;
        return [{ name, type, values: positions.map((row) => values[row]) }];
      }),
      images: this.images && positions.map(picture),
      image_error: null,
    };
    return [result, buffers];
  }

  /** The selected rows; if there are none, those that pass the filter. */
  private inQuestion(): number[] {
    const selected = rowsFromWire(this.traits.selection as DataView);
    if (selected.length > 0) return [...selected];
    const { n } = this.traits._points as Traits["_points"];
    const filter = this.traits._filter as Traits["_filter"];
    return filter ? [...filterOf(filter, n).rows] : Array.from({ length: n }, (_, row) => row);
  }

  /** Rows sorted by a column; missing values come last in either order, equal ones keep their order. */
  private sorted(rows: number[], sort: Sort | null): number[] {
    const column = sort && this.columns.get(sort.column);
    if (!column) return rows;
    const { values } = column;
    const ranks = column.ranks ?? (values as number[]);
    const sign = sort.descending ? -1 : 1;
    return [...rows].sort((a, b) => {
      if (values[a] === null || values[b] === null)
        return Number(values[a] === null) - Number(values[b] === null);
      return sign * (ranks[a] - ranks[b]);
    });
  }

  private find(text: string, name: string | null): [FindReply, DataView[]] {
    const looked = [...this.columns.values()].filter((column) =>
      name === null ? column.type === "text" || column.type === "category" : column.name === name,
    );
    const wanted = text.toLowerCase();
    const { n } = this.traits._points as Traits["_points"];
    const found: number[] = [];
    const hits: Hit[] = [];
    for (let row = 0; row < n; row++) {
      const holds = ({ values }: SavedColumn) =>
        values[row] !== null && String(values[row]).toLowerCase().includes(wanted);
      const place = looked.find(holds);
      if (!place) continue;
      found.push(row);
      if (hits.length < MAX_HITS)
        hits.push({ row, label: String(row), column: place.name, value: String(place.values[row]) });
    }
    const searched = looked.map((column) => column.name);
    return [{ count: found.length, searched, hits }, [rowsToWire(Int32Array.from(found))]];
  }

  private emit(event: string, ...args: unknown[]): void {
    for (const callback of this.callbacks.get(event) ?? []) callback(...args);
  }
}

/** Decodes base64 to bytes at any depth. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0] === "base64") {
    const text = atob(String(entries[0][1]));
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new DataView(bytes.buffer);
  }
  return Object.fromEntries(entries.map(([name, one]) => [name, decoded(one)]));
}
