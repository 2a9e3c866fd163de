/** The original space: the distances to what is pointed at, the density, the neighbours of what is selected. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";
import { Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import type { DensityReply, DistancesReply, NeighborsReply } from "../wire/protocol";
import { floats } from "../wire/protocol";
import { colourMode, type Measured } from "./coloring";
import type { View } from "./view";

/** Neighbours to which a selected point is joined. */
const JOINED = 10;

/** What Python has told about it. */
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

/** Asks for what the view shows. */
export function watchOriginalSpace(view: View): () => void {
  const leave = [watchDistances(view), watchDensity(view), watchNeighbors(view)];
  return () => {
    for (const each of leave) each();
    view.space.dispose();
  };
}

/** To the row that is pointed at, else to the one that is selected alone. */
function watchDistances(view: View): () => void {
  const { store, space } = view;
  const wanted = computed(() => {
    if (colourMode(view) !== "distance" || !store.reachable.value) return null;
    const selection = store.selection.value;
    return view.hover.value?.index ?? (selection.length === 1 ? selection[0] : null);
  });
  return effect(() => {
    if (wanted.value !== null) space.asked.distances.ask({ name: "distances", row: wanted.value });
  });
}

/** It is known once the neighbours are: asked again as the maps come to their next stage. */
function watchDensity(view: View): () => void {
  const { store, space } = view;
  const wanted = computed(() => colourMode(view) === "density" && store.reachable.value);
  const stages = computed(() => store.maps.value.map((map) => map.stage.value).join());
  return effect(() => {
    stages.value;
    if (wanted.value && !space.density.peek()) space.asked.density.ask({ name: "density" });
  });
}

/** How many of them are near on the maps is asked again when those have come to rest. */
function watchNeighbors(view: View): () => void {
  const { store, space } = view;
  const k = Math.min(JOINED, store.points.n - 1);
  return effect(() => {
    const row = view.joined.value;
    if (row !== space.neighbors.peek()?.row) space.asked.neighbors.forget();
    view.rest.value;
    if (row !== null) space.asked.neighbors.ask({ name: "neighbors", row, k });
  });
}
