/** Places rows that people paste or drop on a saved page, on the maps that are functions of a row. */
import { signal } from "@preact/signals";
import { MapFunction, type PackedFunction, type PlacedRows } from "../place/mapFunction";
import { type RowsRead, readRows } from "../place/rows";
import type { Categories, SnapshotTrait, Traits } from "../wire/traits";

/** What the page holds for it. */
export interface SavedPlacing {
  /** The names of the features, in their order. */
  features: string[];
  functions: PackedFunction[];
  /** Why other maps show no new rows. */
  why_not: { run: number; words: string }[];
}

/** The traits, which Python would set. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

/** How long the page may stand still, in milliseconds. */
const SLICE = 40;

export class Placer {
  readonly features: readonly string[];
  /** The maps that show new rows. */
  readonly runs: readonly number[];
  /** What it is doing, and how far it is; null if nothing. */
  readonly doing = signal<{ words: string; progress: number } | null>(null);
  /** Columns that came with the present rows and are not used. */
  readonly unused = signal<readonly string[]>([]);
  private readonly functions: MapFunction[];
  private readonly whyNot: ReadonlyMap<number, string>;
  private newest = 0;

  constructor(
    { features, functions, why_not }: SavedPlacing,
    private readonly model: Model,
  ) {
    this.features = features;
    this.functions = functions.map((packed) => new MapFunction(packed));
    this.runs = this.functions.map(({ run }) => run);
    this.whyNot = new Map(why_not.map(({ run, words }) => [run, words]));
  }

  /** Places rows instead of those before; returns why that failed, or nothing if it did not or newer rows came. */
  async place(read: string | Blob, name: string): Promise<string> {
    this.newest++;
    const turn = this.newest;
    this.doing.value = { words: `reading ${name}`, progress: 0 };
    try {
      const rows = await this.rowsIn(read, name);
      const placed = await this.placeAll(rows, turn);
      if (turn === this.newest) this.show(rows, placed, name);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      if (turn === this.newest) this.doing.value = null;
    }
  }

  /** Takes the new rows away. */
  clear(): void {
    this.tell(null, () => ({ placed: null, words: "" }));
  }

  private async rowsIn(read: string | Blob, name: string): Promise<RowsRead> {
    const text = typeof read === "string" ? read : await read.text();
    if (text.includes("\0")) throw new Error(`${name} is no text`);
    return readRows(text, this.features, this.label()?.name ?? null);
  }

  /** Stops early if other rows come meanwhile. */
  private async placeAll(rows: RowsRead, turn: number): Promise<ReadonlyMap<number, PlacedRows>> {
    const placed = new Map<number, PlacedRows>();
    for (const [i, one] of this.functions.entries()) {
      const work = one.place(rows.numbers);
      let next = work.next();
      for (let rest = performance.now() + SLICE; !next.done; next = work.next()) {
        if (performance.now() < rest) continue;
        if (turn !== this.newest) return placed;
        const progress = (i + next.value / rows.count) / this.functions.length;
        this.doing.value = { words: `placing ${rows.count.toLocaleString("en-US")} rows`, progress };
        await new Promise((resolve) => setTimeout(resolve));
        rest = performance.now() + SLICE;
      }
      placed.set(one.run, next.value);
    }
    return placed;
  }

  private show(rows: RowsRead, placed: ReadonlyMap<number, PlacedRows>, name: string): void {
    const number = ((this.model.get("_new_rows") as Traits["_new_rows"])?.number ?? 0) + 1;
    const { count, names, labels, unused } = rows;
    this.unused.value = unused;
    this.tell({ number, count, name, names, labels }, ({ run, epoch, iteration }) => {
      const found = placed.get(run);
      if (!found) return { placed: null, words: this.whyNot.get(run) ?? "" };
      const reach = this.functions.find((one) => one.run === run)?.reach ?? null;
      const told = { epoch, iteration, number, count, nearest: 0, reach };
      const buffers = { points: viewOf(found.positions), distances: viewOf(found.distances) };
      return { placed: { ...told, ...buffers, rows: new DataView(new ArrayBuffer(0)) }, words: "" };
    });
  }

  /** Sets the traits as Python would. */
  private tell(
    rows: Traits["_new_rows"],
    of: (status: SnapshotTrait["status"]) => { placed: SnapshotTrait["placed"]; words: string },
  ): void {
    if (rows === null) this.unused.value = [];
    const snapshots = this.model.get("_snapshot") as SnapshotTrait[];
    this.model.set("selected_placed", []);
    this.model.set("_new_rows", rows);
    this.model.set(
      "_snapshot",
      snapshots.map((snapshot) => {
        const { placed, words } = of(snapshot.status);
        return { ...snapshot, placed, status: { ...snapshot.status, placing: words } };
      }),
    );
  }

  /** The column that colours, if it holds categories. */
  private label(): Categories | null {
    const labels = this.model.get("_labels") as Traits["_labels"];
    return labels?.kind === "categories" ? labels : null;
  }
}

function viewOf(values: Float32Array): DataView {
  return new DataView(values.buffer, values.byteOffset, values.byteLength);
}
