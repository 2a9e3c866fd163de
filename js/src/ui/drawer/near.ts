/** What the rows are called that are nearest to the only selected one. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Latest, type Question } from "../../store/latest";
import type { View } from "../../view/view";
import type { Nearest } from "../../wire/replies";

export class Near {
  readonly latest: Latest<Question<"rows">>;
  /** The column that tells them apart; null: their own labels. */
  readonly column: ReadonlySignal<string | null>;
  /** The nearest rows in each metric of the maps; null until they are known. */
  readonly nearest: ReadonlySignal<Nearest[] | null>;
  private readonly chosen: Signal<string | null> = signal(null);

  constructor(view: View) {
    const { store } = view;
    this.latest = new Latest(store);
    this.column = computed(() => {
      const columns = store.columns.value.filter(({ type }) => type !== "image");
      const chosen = columns.find(({ name }) => name === this.chosen.value);
      const telling = columns.find(
        ({ type, feature }) => !feature && (type === "text" || type === "category"),
      );
      return (chosen ?? telling)?.name ?? null;
    });
    this.nearest = computed(() => {
      const selection = store.selection.value;
      const told = view.neighbors.answer.value?.result;
      return selection.length === 1 && told?.row === selection[0] ? told.by_metric : null;
    });
  }

  choose(column: string | null): void {
    this.chosen.value = column;
  }

  /** Asks what the rows are called; returns how to stop. */
  watch(): () => void {
    return effect(() => {
      const rows = [...new Set(this.nearest.value?.flatMap(({ positions }) => positions))];
      const columns = this.column.value === null ? [] : [this.column.value];
      if (rows.length === 0) this.latest.forget();
      else this.latest.ask({ name: "rows", rows, sort: null, offset: 0, limit: rows.length, columns });
    });
  }
}
