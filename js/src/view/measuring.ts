/** Asks Python how much the maps agree while the points are coloured by it, and again as the maps move on. */
import { computed, effect } from "@preact/signals";
import { colourMode } from "./coloring";
import type { View } from "./view";

/** Milliseconds between two measurements of maps that move. */
const INTERVAL = 2000;

export function watchStability(view: View): () => void {
  const { store } = view;
  const wanted = computed(() => colourMode(view) === "stability" && view.compared.value.length > 1);
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
