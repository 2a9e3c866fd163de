/** The groups whose distances are shown, and the map; asked again when the map comes to rest elsewhere. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Latest, type Question } from "../../store/latest";
import type { MapState } from "../../store/map";
import type { Store } from "../../store/store";
import type { GroupDistancesReply } from "../../wire/replies";

export type By = "labels" | "groups";

/** Fewer groups have no order of distances. */
const LEAST_GROUPS = 3;

/** What a map says in one sentence, or why it says nothing. */
export type Told = { reply: GroupDistancesReply } | { error: string };

export class Distancing {
  /** Labels if there are enough, else groups, until the user chooses. */
  readonly by: ReadonlySignal<By>;
  /** The map shown in detail; null: all maps, a sentence each. */
  readonly map: ReadonlySignal<MapState | null>;
  /** The maps that the tab covers. */
  readonly maps: ReadonlySignal<MapState[]>;
  readonly needed: ReadonlySignal<string>;
  readonly latest: Latest<Question<"group_distances">>;
  /** What each map says, by run, if all are asked. */
  readonly told: Signal<ReadonlyMap<number, Told>> = signal(new Map());

  private readonly chosenBy: Signal<By | null> = signal(null);
  private readonly chosenRun: Signal<number | "all" | null> = signal(null);
  private readonly again: Signal<number> = signal(0);
  /** How many labels there are. */
  private readonly labels: ReadonlySignal<number>;
  /** Where the maps in question last came to rest. */
  private readonly rests: ReadonlySignal<string>;

  constructor(private readonly store: Store) {
    this.latest = new Latest(store);
    this.labels = computed(() => {
      const labels = store.labels.value;
      return labels?.kind === "categories" ? labels.names.length - Number(labels.has_missing) : 0;
    });
    this.by = computed(
      () =>
        this.chosenBy.value ??
        (this.labels.value >= LEAST_GROUPS || !this.enoughGroups ? "labels" : "groups"),
    );
    this.map = computed(() => {
      if (this.chosenRun.value === "all" && store.maps.value.length > 1) return null;
      return store.maps.value.find(({ run }) => run === this.chosenRun.value) ?? store.reference.value;
    });
    this.needed = computed(() => this.whatIsNeeded());
    this.maps = computed(() =>
      this.map.value ? [this.map.value] : store.maps.value.filter(({ possible }) => possible.value),
    );
    const rests = computed(() => this.maps.value.map(lastRest));
    this.rests = computed(() => rests.value.map(({ value }) => value).join());
  }

  measureBy(by: By): void {
    this.chosenBy.value = by;
  }

  /** "all": every map in a sentence. */
  choose(run: number | "all"): void {
    this.chosenRun.value = run;
  }

  /** Measures a moving map as it is now. */
  measureAgain(): void {
    this.again.value++;
  }

  /** Asks for what to show; returns how to stop. */
  watch(): () => void {
    const leave = [effect(() => this.askOne()), effect(() => this.askAll())];
    return () => {
      for (const each of leave) each();
    };
  }

  private get enoughGroups(): boolean {
    return this.store.groups.value.length >= LEAST_GROUPS;
  }

  private whatIsNeeded(): string {
    if (this.store.points.known !== "rows")
      return "X holds distances, not rows: groups have no means to measure between";
    if (this.by.value === "groups") {
      const { length } = this.store.groups.value;
      return this.enoughGroups
        ? ""
        : `needs at least three groups, found ${length}: save ${LEAST_GROUPS - length} more`;
    }
    if (this.store.labels.value?.kind !== "categories")
      return "needs labels or groups: colour the points by categories, or save three groups";
    const { value } = this.labels;
    return value >= LEAST_GROUPS ? "" : `needs at least three labels, found ${value}`;
  }

  /** What the distances are between; it changes with the rows of labels and groups. */
  private get subject(): By {
    if (this.by.value === "labels") this.store.labels.value;
    else this.store.groups.value;
    this.again.value;
    return this.by.value;
  }

  private askOne(): void {
    const map = this.map.value;
    const by = this.subject;
    this.rests.value;
    if (this.needed.value || !map) this.latest.forget();
    else this.latest.ask({ name: "group_distances", by, run: map.run });
  }

  /** One map after the other, each shown as soon as its answer comes. */
  private askAll(): (() => void) | undefined {
    const by = this.subject;
    this.rests.value;
    if (this.map.value || this.needed.value) return undefined;
    const overtaken = new AbortController();
    void this.hearEach(by, this.maps.value, overtaken.signal);
    return () => overtaken.abort();
  }

  private async hearEach(by: By, maps: readonly MapState[], overtaken: AbortSignal): Promise<void> {
    for (const { run } of maps) {
      const told = await this.hear(by, run);
      if (overtaken.aborted) return;
      this.told.value = new Map(this.told.value).set(run, told);
    }
  }

  private async hear(by: By, run: number): Promise<Told> {
    try {
      return { reply: (await this.store.ask({ name: "group_distances", by, run })).result };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Where a map last came to rest; that does not change when it starts to move. */
function lastRest(map: MapState): ReadonlySignal<string> {
  let last = "";
  return computed(() => {
    if (!map.playing.value) last = map.place.value;
    return last;
  });
}
