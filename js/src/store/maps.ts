/** All maps of a session, and the news that Python tells of them. */
import { batch, computed, type Signal, signal } from "@preact/signals";
import { positionsOf } from "../wire/bytes";
import { otherwise } from "../wire/checks";
import type { Layout, News, Status } from "../wire/news";
import { checkSnapshot } from "../wire/traitChecks";
import type { MethodTrait, PointsTrait, RunTrait } from "../wire/traits";
import type { Channel } from "./channel";
import { MapState } from "./map";
import type { TraitReader } from "./traits";

/** Pictures whose iteration is remembered; a lasso may hold an old one for a while. */
const MAX_PICTURES = 100_000;

export class Maps {
  /** In the order of the panels. */
  readonly all: Signal<MapState[]> = signal([]);
  readonly playing = computed(() => this.all.value.some((map) => map.playing.value));
  /** The least of all maps that go on by themselves; -1 before anything is known. */
  readonly iteration = computed(() => {
    const live = this.all.value.filter(({ method }) => method.live);
    return Math.min(...live.map((map) => map.status.value?.iteration ?? -1));
  });
  /** The number of the newest news. */
  received = 0;
  /** Iterations of the newest pictures by token, for as long as one of them can still be on a screen. */
  private readonly iterations = new Map<number, number>();
  private token = 0;

  constructor(
    private readonly points: PointsTrait,
    private readonly methods: readonly MethodTrait[],
    private readonly traits: TraitReader,
    channel: Channel,
  ) {
    this.takeRuns();
    this.showSnapshots();
    channel.listen("change:_runs", () => this.takeRuns());
    channel.listen("change:_snapshot", () => this.showSnapshots());
  }

  of(run: number): MapState | undefined {
    return this.all.peek().find((map) => map.run === run);
  }

  /** Whether a notebook may show this without Python: a map that was saved, or that none was. */
  get saved(): boolean {
    return this.snapshots.length > 0 || this.points.saved === false;
  }

  /** The iteration of a picture. */
  iterationOf(token: number): number | undefined {
    return this.iterations.get(token);
  }

  /** The token of a new picture, by which its iteration is known. */
  countPicture(iteration: number): number {
    this.token++;
    this.iterations.set(this.token, iteration);
    this.iterations.delete(this.token - MAX_PICTURES);
    return this.token;
  }

  /** Whether news are to be taken, and not to be refused. */
  receive(seq: number): boolean {
    const late = seq <= this.received;
    if (late) {
      console.warn(`tsne_widget: news ${seq} were refused: repeated or too late, after ${this.received}`);
    } else this.received = seq;
    return !late;
  }

  take(news: readonly News[]): void {
    batch(() => {
      for (const { status, layout } of news) this.takeOne(status, layout);
    });
  }

  private takeOne(status: Status, layout: Layout | null): void {
    const map = this.of(status.run);
    const newest = map?.status.peek()?.epoch ?? 0;
    if (!map) {
      // Those of a run that was removed a moment ago may be on their way still.
      console.debug(`tsne_widget: news of the unknown run ${status.run} were ignored`);
    } else if (status.epoch < newest) {
      console.warn(`tsne_widget: news of epoch ${status.epoch} were refused: the current one is ${newest}`);
    } else {
      map.takeStatus(status);
      if (layout) this.show(map, layout);
    }
  }

  private show(map: MapState, layout: Layout): void {
    if (!map.show({ ...layout, token: this.token + 1 })) return;
    this.countPicture(layout.iteration);
  }

  private get snapshots() {
    return this.traits.read("_snapshot", []);
  }

  /** Runs at rest as the traits keep them: all there is after a reload, until the kernel has answered. */
  private showSnapshots(): void {
    if (this.received > 0) return;
    const { n } = this.points;
    for (const entry of this.snapshots) {
      const snapshot = otherwise(() => checkSnapshot(entry, n), null, "a saved map");
      if (!snapshot) continue;
      const { run, epoch, iteration } = snapshot.status;
      const map = this.of(run);
      if (!map) continue;
      map.takeStatus({ ...snapshot.status, playing: false });
      this.show(map, { epoch, iteration, positions: positionsOf(snapshot, n) });
    }
  }

  private methodOf({ method }: RunTrait): MethodTrait {
    const known = this.methods.find(({ name }) => name === method);
    return known ?? { name: method, label: method, live: true, axes: [], figures: [] };
  }

  /** The maps that there are; those there were before stay the same objects. */
  private takeRuns(): void {
    batch(() => {
      const before = this.all.peek().map((map) => map.settings.peek());
      this.all.value = this.traits.read("_runs", before).map((settings) => {
        const map = this.of(settings.run) ?? new MapState(settings, this.methodOf(settings));
        map.settings.value = settings;
        return map;
      });
    });
  }
}
