/** What is told of a row that is pointed at: asked for once the pointer rests, and remembered for a while. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Answer, Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import type { PictureCell } from "../wire/replies";
import { formatOf, isPicture } from "./cells";
import type { View } from "./view";

export interface RowDetails {
  /** The row's own label; null: it has its position alone. */
  index: string | null;
  /** Names of columns and what they say of the row. */
  values: [name: string, text: string][];
  picture: PictureCell | null;
  /** The buffers in which the picture's bytes are. */
  images: readonly DataView[];
}

/** Milliseconds that the pointer rests on a point before Python is asked. */
const REST = 40;
/** Rows that are remembered. */
const MAX_ROWS = 400;

export class Details {
  /** What is known, by row, the oldest first. */
  readonly known: ReadonlySignal<ReadonlyMap<number, RowDetails>>;

  private readonly cache = signal<ReadonlyMap<number, RowDetails>>(new Map());
  private readonly latest: Latest<Question<"rows">>;
  private readonly leave: (() => void)[];
  private timer = 0;
  private row: number | null = null;

  constructor(private readonly store: Store) {
    this.known = this.cache;
    this.latest = new Latest(store);
    this.leave = [this.forgetOnChange(), this.keepAnswers()];
  }

  /** The pointer is on a row, or on none. */
  point(row: number | null): void {
    if (row === this.row) return;
    this.row = row;
    clearTimeout(this.timer);
    if (row !== null && !this.cache.peek().has(row)) this.timer = window.setTimeout(() => this.ask(), REST);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const each of this.leave) each();
    this.latest.dispose();
  }

  private ask(): void {
    const row = this.row;
    const columns = this.store.tooltip.peek();
    const { index, image } = this.store.rows.peek();
    const nothing = columns.length === 0 && index === null && !image;
    if (row === null || nothing || !this.store.tellsRows.peek()) return;
    this.latest.ask({ name: "rows", rows: [row], sort: null, offset: 0, limit: 1, columns });
  }

  /** Other columns: what is known is not what is asked for, the row pointed at included. */
  private forgetOnChange(): () => void {
    return effect(() => {
      this.store.tooltip.value;
      this.store.columns.value;
      this.latest.forget();
      this.cache.value = new Map();
      if (this.row !== null) this.ask();
    });
  }

  private keepAnswers(): () => void {
    return effect(() => {
      const answer = this.latest.answer.value;
      if (!answer) return;
      const kept = new Map(this.cache.peek()).set(answer.result.positions[0], read(answer));
      if (kept.size > MAX_ROWS) kept.delete(kept.keys().next().value as number);
      this.cache.value = kept;
    });
  }
}

function read({ result, buffers }: Answer<Question<"rows">>): RowDetails {
  const { index, columns, images } = result;
  const pictures = columns.map(({ values }) => values[0]).filter(isPicture);
  return {
    index: index?.[0] ?? null,
    values: columns
      .filter(({ type }) => type !== "image")
      .map(({ name, type, values }) => [name, formatOf(type, values)(values[0])]),
    picture: images?.[0] ?? pictures[0] ?? null,
    images: buffers,
  };
}

/** What is known of the row that is pointed at; null: nothing yet, or nothing to tell. */
export function useDetails(view: View, row: number | null): RowDetails | null {
  const details = useMemo(() => new Details(view.store), [view]);
  useEffect(() => () => details.dispose(), [details]);
  useEffect(() => details.point(row), [details, row]);
  return (row !== null && details.known.value.get(row)) || null;
}
