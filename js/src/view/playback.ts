/** The history of the maps: which moment this view shows, and its pictures. */
import { computed, effect, type Signal, signal } from "@preact/signals";
import { type Answer, Latest, type Question } from "../store/latest";
import type { Picture } from "../store/map";
import type { Store } from "../store/store";
import { positionsOf } from "../wire/bytes";
import type { KeyframeTold } from "../wire/replies";

/** A map at a past moment. */
export interface Past extends KeyframeTold {
  picture: Picture;
}

const NONE: ReadonlyMap<number, Past> = new Map();

export class Playback {
  /** The iterations of the moments, once they are known. */
  readonly moments: Signal<readonly number[] | null> = signal(null);
  /** The position among the moments; null: the view shows the present. */
  readonly at: Signal<number | null> = signal(null);
  /** The past maps by run; the previous ones stay until the next arrive. */
  readonly shown = computed(() => (this.at.value === null ? NONE : this.told.value));
  /** Whether there may be a past to show. */
  readonly possible = computed(() => {
    const { connection, reachable } = this.store;
    return connection.value === "saved" ? (this.moments.value?.length ?? 0) > 1 : reachable.value;
  });
  /** Why the past cannot be shown; empty if it can. */
  readonly error = computed(() => this.list.error.value || this.pictures.error.value);

  private readonly list: Latest<Question<"keyframes">>;
  private readonly pictures: Latest<Question<"keyframes_at">>;
  private readonly told: Signal<ReadonlyMap<number, Past>> = signal(NONE);
  /** What to do once the moments are known. */
  private next: (() => void) | null = null;
  private readonly leave: (() => void)[];

  constructor(private readonly store: Store) {
    this.list = new Latest(store);
    this.pictures = new Latest(store);
    this.leave = [
      effect(() => this.takeMoments(this.list.answer.value?.result.iterations)),
      effect(() => this.takePictures(this.pictures.answer.value)),
      effect(() => this.askForPictures()),
      this.returnWhenSteered(),
    ];
    if (store.connection.peek() === "saved") this.prepare();
  }

  /** Asks for the moments, of which running maps keep adding more, unless one of them is on show. */
  prepare(): void {
    if (this.at.peek() === null) this.list.ask({ name: "keyframes" });
  }

  /** Goes to a share of the way from the first moment (0) to the present (1). */
  seek(share: number): void {
    const go = () => this.go(Math.round(share * (this.moments.peek()?.length ?? 0)));
    if (this.moments.peek() !== null) go();
    else this.prepareFor(go);
  }

  /** Goes to a moment; the position after the last one is the present. */
  go(position: number): void {
    const count = this.moments.peek()?.length ?? 0;
    this.at.value = position >= count ? null : Math.max(0, position);
  }

  /** Goes to the previous moment, or from the present to the last moment that differs from it. */
  back(): void {
    const at = this.at.peek();
    if (at !== null) this.go(at - 1);
    else this.prepareFor(() => this.go(this.before(this.store.iteration.peek())));
  }

  /** Goes to the next moment, and finally to the present. */
  forward(): void {
    const at = this.at.peek();
    if (at !== null) this.go(at + 1);
  }

  /** Returns to the present. */
  live(): void {
    this.next = null;
    this.at.value = null;
  }

  dispose(): void {
    for (const each of this.leave) each();
    this.list.dispose();
    this.pictures.dispose();
  }

  private prepareFor(next: () => void): void {
    this.next = next;
    this.prepare();
  }

  /** The last moment before an iteration, or else the first. */
  private before(iteration: number): number {
    const earlier = this.moments.peek()?.filter((moment) => moment < iteration) ?? [];
    return Math.max(0, earlier.length - 1);
  }

  private takeMoments(moments: readonly number[] | undefined): void {
    // The moments behind the slider do not change while it is being dragged.
    if (!moments || this.at.peek() !== null) return;
    this.moments.value = moments;
    this.next?.();
    this.next = null;
  }

  private askForPictures(): void {
    const at = this.at.value;
    const iteration = at === null ? undefined : this.moments.peek()?.[at];
    if (iteration === undefined) this.pictures.forget();
    else this.pictures.ask({ name: "keyframes_at", iteration });
  }

  private takePictures(answer: Answer<Question<"keyframes_at">> | null): void {
    this.told.value = answer ? this.read(answer) : NONE;
  }

  private read({ result, buffers }: Answer<Question<"keyframes_at">>): ReadonlyMap<number, Past> {
    return new Map(
      result.runs.map((told, i) => {
        const positions = positionsOf({ ...told, points: buffers[i] }, this.store.points.n);
        const token = this.store.countPicture(told.iteration);
        return [told.run, { ...told, picture: { ...told, positions, token } }];
      }),
    );
  }

  /** Returns to the present when the user restarts, changes or continues the maps, to show the effect. */
  private returnWhenSteered(): () => void {
    let before = new Map<number, { epoch: number; playing: boolean }>();
    return effect(() => {
      const now = new Map<number, { epoch: number; playing: boolean }>();
      for (const { run, status } of this.store.maps.value) if (status.value) now.set(run, status.value);
      const steered = [...now].some(([run, { epoch, playing }]) => {
        const was = before.get(run);
        return was && (was.epoch !== epoch || (playing && !was.playing));
      });
      before = now;
      if (steered) this.live();
    });
  }
}
