/** What the selected rows are compared with, and how much of it is shown. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Latest, type Question } from "../../store/latest";
import type { Store } from "../../store/store";

/** How many numbers, and how many categories, are shown at first and added by each 'show more'. */
const STEP = 20;

export class Contrasting {
  /** The name of a group; null: the rest. */
  readonly against: ReadonlySignal<string | null>;
  /** What is needed before rows can be compared; empty if nothing is. */
  readonly needed: ReadonlySignal<string>;
  readonly latest: Latest<Question<"contrast">>;
  private readonly chosen: Signal<string | null> = signal(null);
  private readonly limit: Signal<number> = signal(STEP);

  /** `view`: the number of the view that asks. */
  constructor(
    private readonly store: Store,
    private readonly view: number,
  ) {
    this.latest = new Latest(store, ({ result }) => result.selected === store.selection.peek().length);
    this.against = computed(() => this.group.value?.name ?? null);
    this.needed = computed(() => {
      const selected = store.selection.value.length;
      if (selected === 0) return "no rows are selected: select some to see what sets them apart";
      const all = selected === store.points.n && this.against.value === null;
      return all ? "all rows are selected: there is no rest to compare them with" : "";
    });
  }

  private readonly group = computed(() =>
    this.store.groups.value.find(({ name }) => name === this.chosen.value),
  );

  compareWith(group: string | null): void {
    this.chosen.value = group;
    this.limit.value = STEP;
  }

  showMore(): void {
    this.limit.value += STEP;
  }

  /** Asks what sets the rows apart, and again when the answer may change; returns how to stop. */
  watch(): () => void {
    const { store, view } = this;
    return effect(() => {
      store.selection.value;
      store.labels.value; // the selection may be made of them
      this.group.value; // its rows may change
      const [against, limit] = [this.against.value, this.limit.value];
      if (this.needed.value) this.latest.forget();
      else this.latest.ask({ name: "contrast", against, limit, view });
    });
  }
}
