/** Keys: some act only on the map, some in the whole widget, and one is held. */
import { KEYS_BUTTON } from "./keys";
import type { View } from "./view";

const PAN = 40;
const ZOOM = 1.25;
/** While held, it colours the points by their distance to the point under the pointer in the original space. */
const HOLD = "d";
/** Elements that use keys themselves. */
const TYPED = "input, textarea, select, .cm-editor, [contenteditable='true'], [popover]";

export function listenToKeys(view: View): () => void {
  const leave = new AbortController();
  const { signal } = leave;
  view.root.addEventListener("keydown", (event) => press(view, event), { signal });
  // Captured before the notebook, which deletes a cell on D D; the focus need not be on the map.
  window.addEventListener("keydown", (event) => hold(view, event), { capture: true, signal });
  window.addEventListener("keyup", (event) => isHold(event) && release(view), { capture: true, signal });
  window.addEventListener("blur", () => release(view), { signal });
  return () => leave.abort();
}

function press(view: View, event: KeyboardEvent): void {
  // The browser closes an open menu on Escape.
  const ofMenu = event.key === "Escape" && view.root.querySelector(":popover-open") !== null;
  if (!ofMenu && !actOn(view, event)) return;
  // The notebook has commands on these keys.
  event.stopPropagation();
  if (!ofMenu) event.preventDefault();
}

/** Acts on a key; returns whether it is one of ours. */
function actOn(view: View, event: KeyboardEvent): boolean {
  if (event.key === "Escape") return view.escape();
  const target = event.target as HTMLElement;
  if (target.closest(`${TYPED}, .tw-drawer`)) return false;
  if (event.ctrlKey || event.metaKey) return actOnShortcut(view, event);
  return actOnLetter(view, event) || (target.classList.contains("tw-map") && actOnMap(view, event));
}

function isHold({ key }: KeyboardEvent): boolean {
  return key.toLowerCase() === HOLD;
}

/** The held key works while the pointer or the focus is on the map. */
function hold(view: View, event: KeyboardEvent): void {
  // If a host puts the view into a shadow root, the window sees that root's host as the target.
  const target = event.composedPath()[0] as HTMLElement;
  const focused = view.root.contains(target) && target.classList.contains("tw-map");
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (!isHold(event) || modified || !(focused || view.pointedAt.peek() !== null)) return;
  if (target.closest?.(TYPED)) return;
  view.holding.value = true;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function release(view: View): void {
  view.holding.value = false;
}

/** Keys that work anywhere in the widget. */
function actOnLetter(view: View, { key }: KeyboardEvent): boolean {
  switch (key.toLowerCase()) {
    case "f":
      view.scatter?.fit(panelOf(view));
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
    case "[":
      view.playback.back();
      return true;
    case "]":
      view.playback.forward();
      return true;
    case "?":
      view.root.querySelector<HTMLElement>(`.${KEYS_BUTTON}`)?.click();
      return true;
    default:
      return false;
  }
}

/** Keys that would mean something else on a button or a slider. */
function actOnMap(view: View, { key }: KeyboardEvent): boolean {
  const { scatter, store } = view;
  const panel = panelOf(view);
  switch (key) {
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
    case " ":
      store.command({ name: store.playing.peek() ? "pause" : "play", run: null });
      return true;
    default:
      return false;
  }
}

/** Keys with Ctrl or Command. */
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

/** With free cameras: the panel under the pointer, else the enlarged one, else all. */
function panelOf(view: View): number | undefined {
  if (view.linked.peek()) return undefined;
  return view.pointedAt.peek() ?? view.focus.peek() ?? undefined;
}
