/** Repetitions of the map: how many, of which kind, and how far groups hold together on them. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Latest, type Question } from "../../store/latest";
import { INTERVAL } from "../../view/measuring";
import type { View } from "../../view/view";
import type { RepeatKind } from "../../wire/protocol";

export class Repeating {
  readonly kind: Signal<RepeatKind> = signal("starts");
  readonly count: Signal<number>;
  /** How many small maps are shown. */
  readonly shown: ReadonlySignal<number>;
  readonly latest: Latest<Question<"together">>;
  /** Why so many cannot be made; empty if they can. */
  readonly problem: ReadonlySignal<string>;

  constructor(private readonly view: View) {
    const { store } = view;
    this.count = signal(store.limits.repetitions);
    this.latest = new Latest(store);
    this.shown = computed(() => view.small.value.length);
    this.problem = computed(() => {
      const most = store.limits.runs_max - (store.maps.value.length - this.shown.value);
      const { value } = this.count;
      return Number.isInteger(value) && value >= 1 && value <= most
        ? ""
        : `enter how many maps, 1 to ${most}`;
    });
  }

  /** Makes the maps, in place of those shown. */
  repeat(): void {
    if (this.problem.value) return;
    this.view.store.command({ name: "repeat", value: this.count.value, kind: this.kind.value });
  }

  remove(): void {
    this.view.store.command({ name: "repeat", value: 0, kind: this.kind.value });
  }

  /** Asks how far groups hold together, and again as maps, groups or the selection change; returns how to stop. */
  watch(): () => void {
    const { store, number, rest } = this.view;
    let timer = 0;
    const ask = () => this.latest.ask({ name: "together", view: number });
    const stop = effect(() => {
      clearInterval(timer);
      store.selection.value;
      store.groups.value;
      store.labels.value;
      store.reference.value;
      const moving = rest.value === null;
      if (store.maps.value.length < 2 || !store.reachable.value) {
        this.latest.forget();
        return;
      }
      ask();
      if (moving) timer = window.setInterval(ask, INTERVAL);
    });
    return () => {
      stop();
      clearInterval(timer);
    };
  }
}
