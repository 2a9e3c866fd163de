/** The browser's copy of one run, as signals: its settings, its status, its newest picture. */
import { computed, type Signal, signal } from "@preact/signals";
import type { Layout, Placed, Status } from "../wire/news";
import type { FigureTrait, MethodTrait, RunTrait } from "../wire/traits";

/** A picture to show; `token` counts the layouts received for all maps. */
export interface Picture extends Layout {
  token: number;
}

export interface CurvePoint {
  iteration: number;
  value: number;
}

/** How many points of the curve are kept; beyond that, every other one is dropped. */
const MAX_CURVE = 400;

export class MapState {
  readonly run: number;
  readonly settings: Signal<RunTrait>;
  readonly status: Signal<Status | null> = signal(null);
  readonly picture: Signal<Picture | null> = signal(null);
  /** New rows on one of its layouts, usually the newest. */
  readonly placed: Signal<Placed | null> = signal(null);
  /** The history of the method's most telling figure. */
  readonly curve: Signal<CurvePoint[]> = signal([]);
  readonly playing = computed(() => this.status.value?.playing ?? false);
  /** The stage in a word or a few; before Python has named one, what the map is waiting for. */
  readonly stage = computed(() => this.status.value?.stage ?? "waiting");
  readonly kind = computed(() => this.status.value?.kind ?? "preparing");
  /** Changes as the map is prepared, also for a busy browser that hears of no stage between two pauses. */
  readonly prepared = computed(() => {
    const { epoch = 0, iteration = 0 } = this.status.value ?? {};
    return `${this.stage.value}:${epoch}:${iteration > 0}`;
  });
  /** Identifies the newest layout by epoch and iteration. */
  readonly place = computed(() => {
    const status = this.status.value;
    return `${this.run}:${status?.epoch}:${status?.iteration}`;
  });
  /** False if the data cannot have such a map: it then never has a picture. */
  readonly possible = computed(() => this.kind.value !== "out of range");

  constructor(
    settings: RunTrait,
    readonly method: MethodTrait,
  ) {
    this.run = settings.run;
    this.settings = signal(settings);
  }

  /** Those of its method's figures that are known, each with its words. */
  figures({ words }: Pick<Status, "words">): (FigureTrait & { text: string })[] {
    return this.method.figures
      .filter(({ name }) => name in words)
      .map((figure) => ({ ...figure, text: words[figure.name] }));
  }

  takeStatus(status: Status): void {
    const before = this.status.peek();
    this.status.value = status;
    const restarted = before !== null && status.iteration < before.iteration;
    if (restarted) this.curve.value = [];
    const last = this.curve.peek().at(-1);
    const value = status.figures[this.method.figures[0]?.name];
    if (value === undefined || last?.iteration === status.iteration || last?.value === value) return;
    const curve = [...this.curve.peek(), { iteration: status.iteration, value }];
    this.curve.value = curve.length > MAX_CURVE ? curve.filter((_, i) => i % 2 === 0) : curve;
  }

  /** Takes a picture unless its epoch is out of date; returns whether it did. */
  show(picture: Picture): boolean {
    const shown = this.picture.peek();
    if (shown && picture.epoch < shown.epoch) return false;
    this.picture.value = picture;
    return true;
  }
}
