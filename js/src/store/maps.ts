/** All maps of a session, and the news about them. */
import { batch, computed, type Signal, signal } from "@preact/signals";
import { positionsOf } from "../wire/bytes";
import { otherwise } from "../wire/checks";
import { type Layout, type News, type PlacedNews, placedOf, type Status } from "../wire/news";
import { checkSnapshot } from "../wire/traitChecks";
import type { MethodTrait, PointsTrait, RunTrait } from "../wire/traits";
import type { Channel } from "./channel";
import { MapState } from "./map";
import type { TraitReader } from "./traits";

/** How many pictures' iterations are remembered; a lasso may hold on to an old picture for a while. */
const MAX_PICTURES = 100_000;

export class Maps {
  readonly all: Signal<MapState[]> = signal([]);
  readonly playing = computed(() => this.all.value.some((map) => map.playing.value));
  /** The lowest iteration of all t-SNE maps; -1 before anything is known. */
  readonly iteration = computed(() => {
    const ofTsne = this.all.value.filter(({ settings }) => !settings.value.beside);
    return Math.min(...ofTsne.map((map) => map.status.value?.iteration ?? -1));
  });
  received = 0;
  /** The iterations of the newest pictures, by token, while one of them may still be on a screen. */
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

  /** Whether a notebook can show this without Python: a saved map, or the fact that none was saved. */
  get saved(): boolean {
    return this.snapshots.length > 0 || this.points.saved === false;
  }

  iterationOf(token: number): number | undefined {
    return this.iterations.get(token);
  }

  /** Counts a new picture and returns its token. */
  countPicture(iteration: number): number {
    this.token++;
    this.iterations.set(this.token, iteration);
    this.iterations.delete(this.token - MAX_PICTURES);
    return this.token;
  }

  /** Whether news with this number are newer than those received. */
  receive(seq: number): boolean {
    const late = seq <= this.received;
    if (late) {
      console.warn(`tsne_widget: news ${seq} refused: repeated or late, the newest is ${this.received}`);
    } else this.received = seq;
    return !late;
  }

  take(news: readonly News[], placed: readonly PlacedNews[]): void {
    batch(() => {
      for (const { status, layout } of news) this.takeOne(status, layout);
      for (const { run, placed: rows } of placed) {
        const map = this.of(run);
        if (map) map.placed.value = rows;
      }
    });
  }

  private takeOne(status: Status, layout: Layout | null): void {
    const map = this.of(status.run);
    const newest = map?.status.peek()?.epoch ?? 0;
    if (!map) {
      // News of a run that was just removed may still arrive.
      console.debug(`tsne_widget: news of the unknown run ${status.run} were ignored`);
    } else if (status.epoch < newest) {
      console.warn(`tsne_widget: news of epoch ${status.epoch} refused: the current epoch is ${newest}`);
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

  /** Maps at rest, as the traits hold them: all there is after a reload until the kernel answers. */
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
      const { placed } = snapshot;
      map.placed.value = placed && placedOf(placed, [placed.points, placed.rows, placed.distances], n);
    }
  }

  private methodOf({ method }: RunTrait): MethodTrait {
    const known = this.methods.find(({ name }) => name === method);
    return (
      known ?? {
        name: method,
        label: method,
        live: true,
        offered: false,
        small: false,
        is_function: false,
        about: "",
        axes: [],
        own: [],
        follows: [],
        figures: [],
      }
    );
  }

  /** The current maps; those that existed before stay the same objects. */
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
