/** The details of the row under the pointer: asked for once the pointer rests, and remembered for a while. */
import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Answer, Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import type { PictureCell } from "../wire/replies";
import { formatOf, isPicture } from "./cells";
import type { View } from "./view";

export interface RowDetails {
  /** The row's own label; null if it has only its position. */
  index: string | null;
  /** Column names and the row's values. */
  values: [name: string, text: string][];
  picture: PictureCell | null;
  /** The buffers that hold the picture's bytes. */
  images: readonly DataView[];
}

/** Milliseconds for which the pointer rests on a point before Python is asked. */
const REST = 40;
/** How many rows are remembered. */
const MAX_ROWS = 400;

export class Details {
  /** The known rows, oldest first. */
  readonly known = signal<ReadonlyMap<number, RowDetails>>(new Map());

  private readonly latest: Latest<Question<"rows">>;
  private readonly leave: (() => void)[];
  private timer = 0;
  private row: number | null = null;

  constructor(private readonly store: Store) {
    this.latest = new Latest(store);
    this.leave = [this.forgetOnChange(), this.keepAnswers()];
  }

  /** The pointer has moved onto a row, or off all rows. */
  point(row: number | null): void {
    if (row === this.row) return;
    this.row = row;
    clearTimeout(this.timer);
    if (row !== null && !this.known.peek().has(row)) this.timer = window.setTimeout(() => this.ask(), REST);
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

  /** The columns have changed, so the known details are out of date, even those of the row under the pointer. */
  private forgetOnChange(): () => void {
    return effect(() => {
      this.store.tooltip.value;
      this.store.columns.value;
      this.latest.forget();
      this.known.value = new Map();
      if (this.row !== null) this.ask();
    });
  }

  private keepAnswers(): () => void {
    return effect(() => {
      const answer = this.latest.answer.value;
      if (!answer) return;
      const kept = new Map(this.known.peek()).set(answer.result.positions[0], read(answer));
      if (kept.size > MAX_ROWS) kept.delete(kept.keys().next().value as number);
      this.known.value = kept;
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

/** The known details of the row under the pointer; null if nothing is known or there is nothing to tell. */
export function useDetails(view: View, row: number | null): RowDetails | null {
  const details = useMemo(() => new Details(view.store), [view]);
  useEffect(() => () => details.dispose(), [details]);
  useEffect(() => details.point(row), [details, row]);
  return (row !== null && details.known.value.get(row)) || null;
}
