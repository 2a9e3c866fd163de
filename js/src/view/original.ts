/** What Python has told of the original space: distances from a row, the density, the neighbours of a row. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import { floats } from "../wire/bytes";
import type { DensityReply, DistancesReply, NeighborsReply } from "../wire/replies";
import type { Measured } from "./labels";

export class OriginalSpace {
  readonly asked: {
    distances: Latest<Question<"distances">>;
    density: Latest<Question<"density">>;
    neighbors: Latest<Question<"neighbors">>;
  };
  /** From one row to all. */
  readonly distances: ReadonlySignal<(Measured & DistancesReply) | null>;
  readonly density: ReadonlySignal<(Measured & DensityReply) | null>;
  /** Of the one row that is selected. */
  readonly neighbors: ReadonlySignal<NeighborsReply | null>;

  constructor(store: Store) {
    const asked = {
      distances: new Latest<Question<"distances">>(store),
      density: new Latest<Question<"density">>(store),
      neighbors: new Latest<Question<"neighbors">>(store),
    };
    const { n } = store.points;
    this.asked = asked;
    this.distances = computed(() => {
      const { result, buffers } = asked.distances.answer.value ?? {};
      return result && buffers ? { ...result, values: floats(buffers[0], n) } : null;
    });
    this.density = computed(() => {
      const { result, buffers } = asked.density.answer.value ?? {};
      return result && buffers ? { ...result, values: floats(buffers[0], n) } : null;
    });
    this.neighbors = computed(() => asked.neighbors.answer.value?.result ?? null);
  }

  dispose(): void {
    for (const latest of Object.values(this.asked)) latest.dispose();
  }
}
