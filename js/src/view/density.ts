/** The density of all rows below the map of a sample: its tiles are asked for once a view rests, and remembered. */
import { computed, effect, signal } from "@preact/signals";
import { type DensityOn, shadeOf, type TileKey } from "../scatter";
import { type Answer, Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import { unsigned } from "../wire/bytes";
import type { Playback } from "./playback";

/** Milliseconds without a change of the tiles in view before they are asked for. */
const REST = 120;
/** How many tiles one question is about: few enough to be there soon. */
const BATCH = 8;
/** How many tiles are kept, besides those in view. */
const KEPT = 200;

/** The name of the tile of the whole map. */
const COARSEST = "0,0,0";

export class Density {
  /** Whether it is to be shown. */
  readonly on = signal(true);
  /** How many rows are unlike the sample, and how far they lie from it; empty before that is known. */
  readonly unlike = signal({ words: "", far: "" });
  /** Whether the map is still the one that the density is of; null: there is none. */
  readonly belongs = computed(() => (this.store.density.value ? this.token.value !== null : null));
  /** Whether there is something to see, if only coarsely. */
  readonly seen = computed(() => {
    this.version.value; // tiles have come
    return this.shown.value !== null && this.tiles.has(COARSEST);
  });
  /** What is drawn; null: nothing. */
  readonly shown = computed<DensityOn | null>(() => {
    this.version.value; // tiles have come
    const [told, token] = [this.store.density.value, this.token.value];
    if (!told || token === null || !this.on.value) return null;
    const { run: panel, corner, side, bins, levels } = told;
    return { panel, token, corner, side, bins, levels, tileOf: (tile) => this.tiles.get(tile.join()) };
  });
  private readonly version = signal(0);
  /** The layout on show if it is the one that the density is of. */
  private readonly token = computed(() => {
    const told = this.store.density.value;
    const map = told && this.store.maps.value.find(({ run }) => run === told.run);
    if (!map) return null;
    const picture = this.playback.shown.value.get(map.run)?.picture ?? map.picture.value;
    const same = picture?.epoch === told.epoch && picture.iteration === told.iteration;
    return same ? picture.token : null;
  });
  /** The oldest come first. */
  private readonly tiles = new Map<string, Uint8Array>();
  private readonly latest: Latest<Question<"density">>;
  private readonly leave: (() => void)[];
  private wanted: readonly TileKey[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly number: number,
    private readonly playback: Playback,
  ) {
    this.latest = new Latest(store);
    this.leave = [
      effect(() => this.keep(this.latest.answer.value)),
      effect(() => {
        if (store.tellsRows.value && this.wanted.length > 0) this.ask(); // Python is back
      }),
    ];
  }

  /** Why tiles are missing; empty if none is. */
  get error(): string {
    return this.latest.error.value;
  }

  /** How far the answer is, from 0 to 1; null: it is there, or not told. */
  get progress(): number | null {
    return this.latest.loading.value ? this.latest.progress.value : null;
  }

  /** Asks for what the map lacks, once that has not changed for a moment; without the coarsest tile at once. */
  take(wanted: readonly TileKey[]): void {
    this.wanted = wanted;
    clearTimeout(this.timer);
    if (wanted.length === 0) this.latest.cancel();
    else if (wanted[0][0] === 0) this.ask();
    else this.timer = setTimeout(() => this.ask(), REST);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const each of this.leave) each();
    this.latest.dispose();
  }

  private ask(): void {
    if (!this.store.tellsRows.peek()) return;
    const tiles = this.wanted.slice(0, BATCH).map(([level, column, row]) => [level, column, row]);
    this.latest.ask({ name: "density", tiles: tiles as [number, number, number][], view: this.number });
  }

  private keep(answer: Answer<Question<"density">> | null): void {
    const bins = this.store.density.peek()?.bins;
    if (!answer || !bins) return;
    const { tiles, full, unlike, far } = answer.result;
    const [filled, held] = answer.buffers;
    const [places, counts] = filled
      ? [unsigned(filled), countsIn(held)]
      : [new Uint16Array(0), new Uint32Array(0)];
    let at = 0;
    for (const tile of tiles) {
      const end = at + tile.filled;
      const own = [places.subarray(at, end), counts.subarray(at, end)] as const;
      const shade = shadeOf(...own, full / 4 ** tile.level, bins);
      this.tiles.set([tile.level, tile.column, tile.row].join(), shade);
      at = end;
    }
    this.forget();
    this.unlike.value = { words: unlike, far };
    this.version.value = this.version.peek() + 1; // the map then says what it still lacks
  }

  /** Drops the oldest, but never the coarsest, which shows until others have come. */
  private forget(): void {
    for (const name of this.tiles.keys()) {
      if (this.tiles.size <= KEPT + this.wanted.length) return;
      if (name !== COARSEST) this.tiles.delete(name);
    }
  }
}

/** From a buffer at any alignment. */
function countsIn(view: DataView): Uint32Array {
  return new Uint32Array(
    Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)).buffer,
  );
}
