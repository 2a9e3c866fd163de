/** Keys on the map. */
import type { View } from "./view";

const PAN = 40;
const ZOOM = 1.25;

/** Held, it colours the points by their distance in the original space to what is pointed at. */
export const HOLD = "d";

/** Acts on a key; whether it was one of ours. */
export function actOnKey(view: View, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return actOnShortcut(view, event);
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
    case "r":
      view.mode.value = view.mode.peek() === "rectangle" ? "pan" : "rectangle";
      return true;
    case "z":
      view.zoomToSelection();
      return true;
    case "i":
      view.invert();
      return true;
    case HOLD:
      view.holding.value = true;
      return true;
    case " ":
      store.command({ name: store.playing.peek() ? "pause" : "play", run: null });
      return true;
    default:
      return false;
  }
}

/** With Ctrl or Command. */
function actOnShortcut(view: View, event: KeyboardEvent): boolean {
  switch (event.key.toLowerCase()) {
    case "a":
      view.selectAll();
      return true;
    case "y":
      view.store.command({ name: "redo" });
      return true;
    case "z":
      view.store.command({ name: event.shiftKey ? "redo" : "undo" });
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
