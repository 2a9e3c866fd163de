/** Which batch of the selected rows, or else of those that pass the filter, is shown, its order and columns; the view asks only for that batch. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Answer, Latest, type Question } from "../../store/latest";
import type { Store } from "../../store/store";
import { mask } from "../../view/rows";
import type { Sort } from "../../wire/protocol";
import type { ColumnTrait } from "../../wire/traits";

/** How many rows a batch has. */
export const BATCH = 50;
/** How many columns are shown until the user chooses. */
const MAX_COLUMNS = 12;

/** Other columns come before the features that the map was made from. */
export function defaultColumns(columns: readonly ColumnTrait[]): string[] {
  const known = columns.filter(({ feature }) => !feature);
  const rest = MAX_COLUMNS - known.length;
  const features = rest > 0 ? columns.filter(({ feature }) => feature).slice(0, rest) : [];
  return [...known, ...features].slice(0, MAX_COLUMNS).map(({ name }) => name);
}

export class Batches {
  /** null: rows in their own order. */
  readonly sort: Signal<Sort | null> = signal(null);
  readonly columns: ReadonlySignal<string[]>;
  readonly offset: ReadonlySignal<number>;
  readonly latest: Latest<Question<"rows">>;
  /** What rows these are. */
  readonly called: ReadonlySignal<string>;
  /** The selected rows, else those that pass the filter; null: all. */
  private readonly rows: ReadonlySignal<Int32Array | null>;
  private readonly chosen: Signal<string[] | null> = signal(null);
  private readonly place: Signal<{ rows: Int32Array | null; offset: number }>;

  constructor(private readonly store: Store) {
    this.rows = computed(() => {
      const selection = store.selection.value;
      return selection.length > 0 ? selection : (store.filter.value?.rows ?? null);
    });
    this.called = computed(() => {
      if (this.rows.value === null) return "All rows";
      return this.rows.value === store.selection.value ? "Selected rows" : "Rows that pass the filter";
    });
    this.latest = new Latest(store, (answer) => isOf(this.rows.peek(), store.points.n, answer));
    this.columns = computed(() => {
      const there = store.columns.value;
      if (this.chosen.value === null) return defaultColumns(there);
      const names = new Set(there.map(({ name }) => name));
      return this.chosen.value.filter((name) => names.has(name));
    });
    // A position belongs to one selection: another one starts at its first row.
    this.place = signal({ rows: null, offset: 0 });
    this.offset = computed(() => {
      const { rows, offset } = this.place.value;
      return rows === this.rows.value ? offset : 0;
    });
  }

  choose(columns: string[]): void {
    this.chosen.value = columns;
  }

  /** Goes to the batch that begins at a row. */
  go(offset: number): void {
    const rows = this.rows.peek();
    const last = BATCH * Math.floor(Math.max(0, (rows?.length ?? this.store.points.n) - 1) / BATCH);
    this.place.value = { rows, offset: Math.max(0, Math.min(last, offset)) };
  }

  /** Ascending, descending, the rows' own order; from the first batch. */
  turn(column: string): void {
    const now = this.sort.peek();
    batch(() => {
      if (now?.column !== column) this.sort.value = { column, descending: false };
      else this.sort.value = now.descending ? null : { column, descending: true };
      this.go(0);
    });
  }

  /** Asks for the batch to show, and again when that changes; returns how to stop. */
  watch(): () => void {
    return effect(() => {
      const offset = this.offset.value;
      const [sort, columns] = [this.sort.value, this.columns.value];
      this.rows.value;
      this.latest.ask({ name: "rows", rows: null, sort, offset, limit: BATCH, columns });
    });
  }
}

/** Whether a batch holds these rows, or all n: a selection and a question about it may cross on their way. */
function isOf(rows: Int32Array | null, n: number, { query, result }: Answer<Question<"rows">>): boolean {
  const { total, positions } = result;
  if (total !== (rows?.length ?? n)) return false;
  if (query.sort) {
    const those = rows && mask(rows, n);
    return rows === null || positions.every((row) => those?.[row] === 1);
  }
  return positions.every((row, i) => row === (rows ? rows[query.offset + i] : query.offset + i));
}
