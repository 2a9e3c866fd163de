/** Asks Python how much the maps agree while the points are coloured by it, and again as the maps move on. */
import { computed, effect } from "@preact/signals";
import type { View } from "./view";

/** Milliseconds between two measurements of maps that move. */
const INTERVAL = 2000;

export function watchStability(view: View): () => void {
  const { store } = view;
  const wanted = computed(() => view.colour.value === "stability" && view.compared.value.length > 1);
  // Changes when the maps have come to rest elsewhere than before, and not while they move.
  const rest = computed(() => (store.playing.value ? null : store.maps.value.map(placeInTime).join()));
  let timer = 0;
  const stop = effect(() => {
    clearInterval(timer);
    const runs = view.compared.value;
    if (!wanted.value || store.connection.value === "lost") return;
    store.measure(runs);
    if (rest.value === null) timer = window.setInterval(() => store.measure(runs), INTERVAL);
  });
  return () => {
    stop();
    clearInterval(timer);
  };
}

function placeInTime({ run, status }: View["store"]["maps"]["value"][number]): string {
  return `${run}:${status.value?.epoch}:${status.value?.iteration}`;
}
