/** Keys on the map. */
import type { View } from "./view";

const PAN = 40;
const ZOOM = 1.25;

/** Acts on a key; whether it was one of ours. */
export function actOnKey(view: View, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const { scatter, store } = view;
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case "ArrowLeft":
      scatter?.panBy(PAN, 0);
      return true;
    case "ArrowRight":
      scatter?.panBy(-PAN, 0);
      return true;
    case "ArrowUp":
      scatter?.panBy(0, PAN);
      return true;
    case "ArrowDown":
      scatter?.panBy(0, -PAN);
      return true;
    case "+":
    case "=":
      scatter?.zoomBy(ZOOM);
      return true;
    case "-":
      scatter?.zoomBy(1 / ZOOM);
      return true;
    case "f":
      scatter?.fit();
      return true;
    case "l":
      view.mode.value = view.mode.peek() === "lasso" ? "pan" : "lasso";
      return true;
    case " ":
      store.command({ name: store.playing.peek() ? "pause" : "play", run: null });
      return true;
    default:
      return false;
  }
}
