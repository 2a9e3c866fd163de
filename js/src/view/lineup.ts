/** A line-up: the map among maps of noise. Whoever looks picks one, and is told; only the first pick counts. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Answer, Latest, type Question } from "../store/latest";
import type { MapState } from "../store/map";
import type { Store } from "../store/store";
import { floats } from "../wire/bytes";

type Query = Question<"lineup">;

/** A map, and when it was asked about. */
interface Asked {
  run: number;
  epoch: number;
  iteration: number;
}

export class LineUp {
  readonly latest: Latest<Query>;
  /** What is lined up; null: nothing. */
  readonly asked: Signal<Asked | null> = signal(null);
  /** The panel that was picked, from 1; null before. */
  readonly picked: Signal<number | null> = signal(null);
  /** What is shown to pick from; null: nothing. */
  readonly shown: ReadonlySignal<Answer<Query> | null>;
  /** The panels: x and y of each point, from -1 to 1. */
  readonly panels: ReadonlySignal<Float32Array[]>;
  private readonly closed = signal(false);

  /** `view`: the number of the view that asks. */
  constructor(
    private readonly store: Store,
    private readonly view: number,
  ) {
    this.latest = new Latest(store);
    this.shown = computed(() => (this.closed.value ? null : this.latest.answer.value));
    this.panels = computed(() =>
      (this.latest.answer.value?.buffers ?? []).map((buffer) => floats(buffer, buffer.byteLength / 4)),
    );
  }

  /** Makes a new one, in place of the last. */
  ask({ run, status }: MapState): void {
    this.drop();
    const now = status.peek();
    if (!now) return;
    this.asked.value = { run, epoch: now.epoch, iteration: now.iteration };
    this.closed.value = false;
    this.latest.ask({ name: "lineup", run, n: this.store.limits.lineup_panels, view: this.view });
  }

  pick(number: number): void {
    this.picked.value ??= number;
  }

  /** Puts it away; what the pick told stays known. */
  close(): void {
    if (this.picked.peek() === null) this.drop();
    else this.closed.value = true;
  }

  /** Stops what is under way, and forgets it all. */
  drop(): void {
    const asked = this.asked.peek();
    const stops = asked && this.latest.loading.peek();
    this.latest.forget();
    this.asked.value = this.picked.value = null;
    if (!stops) return;
    const query = { name: "drop_read", question: "lineup", run: asked.run, view: this.view } as const;
    this.store.ask(query).catch(() => {});
  }

  dispose(): void {
    this.drop();
    this.latest.dispose();
  }
}
