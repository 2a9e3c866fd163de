/** Keys on the map. */
import type { View } from "./view";

const PAN = 40;
const ZOOM = 1.25;

/** Acts on a key; whether it was one of ours. */
export function actOnKey(view: View, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const { scatter, store } = view;
  const panel = panelOf(view);
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case "ArrowLeft":
      scatter?.panBy(PAN, 0, panel);
      return true;
    case "ArrowRight":
      scatter?.panBy(-PAN, 0, panel);
      return true;
    case "ArrowUp":
      scatter?.panBy(0, PAN, panel);
      return true;
    case "ArrowDown":
      scatter?.panBy(0, -PAN, panel);
      return true;
    case "+":
    case "=":
      scatter?.zoomBy(ZOOM, panel);
      return true;
    case "-":
      scatter?.zoomBy(1 / ZOOM, panel);
      return true;
    case "f":
      scatter?.fit(panel);
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

/** Free cameras: the panel that is pointed at, else the enlarged one, else all. */
function panelOf(view: View): number | undefined {
  if (view.linked.peek()) return undefined;
  return view.pointedAt.peek() ?? view.focus.peek() ?? undefined;
}
