/** Which batch of the selected rows is shown, its order and columns; the view asks only for that batch. */
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
  private readonly chosen: Signal<string[] | null> = signal(null);
  private readonly place: Signal<{ rows: Int32Array | null; offset: number }>;

  constructor(private readonly store: Store) {
    this.latest = new Latest(store, (answer) => isOf(store.selection.peek(), answer));
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
      return rows === store.selection.value ? offset : 0;
    });
  }

  choose(columns: string[]): void {
    this.chosen.value = columns;
  }

  /** Goes to the batch that begins at a row. */
  go(offset: number): void {
    const rows = this.store.selection.peek();
    const last = BATCH * Math.floor(Math.max(0, rows.length - 1) / BATCH);
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
      if (this.store.selection.value.length === 0) this.latest.forget();
      else this.latest.ask({ name: "rows", rows: null, sort, offset, limit: BATCH, columns });
    });
  }
}

/** Whether a batch holds these rows: a selection and a question about it may cross on their way. */
function isOf(selection: Int32Array, { query, result }: Answer<Question<"rows">>): boolean {
  const { total, positions } = result;
  if (total !== selection.length) return false;
  if (query.sort) {
    const selected = mask(selection, 1 + selection.reduce((most, row) => Math.max(most, row), 0));
    return positions.every((row) => selected?.[row] === 1);
  }
  return positions.every((row, i) => row === selection[query.offset + i]);
}
