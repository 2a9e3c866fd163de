/** Asks Python for the numbers that a view shows, and again as the maps move on. */
import { computed, effect } from "@preact/signals";
import { colorMode } from "./coloring";
import type { View } from "./view";

/** Milliseconds between two measurements of maps that move. */
const INTERVAL = 2000;
/** Neighbours to which a selected point is joined. */
const JOINED = 10;

/** How much the maps agree, while the points are coloured by it. */
export function watchStability(view: View): () => void {
  const { store } = view;
  const wanted = computed(() => colorMode(view) === "stability" && view.compared.value.length > 1);
  let timer = 0;
  const stop = effect(() => {
    clearInterval(timer);
    const runs = view.compared.value;
    if (!wanted.value || !store.reachable.value) return;
    store.measure(runs);
    if (view.rest.value === null) timer = window.setInterval(() => store.measure(runs), INTERVAL);
  });
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** What the original space says of the points. */
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
    if (colorMode(view) !== "distance" || !store.reachable.value) return null;
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
  const wanted = computed(() => colorMode(view) === "density" && store.reachable.value);
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
