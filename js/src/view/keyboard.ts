/** Keys: some of the map alone, some of the whole widget, and one that is held. */
import { KEYS_BUTTON } from "./keys";
import type { View } from "./view";

const PAN = 40;
const ZOOM = 1.25;
/** Held, it colours the points by their distance in the original space to what is pointed at. */
const HOLD = "d";
/** What takes keys for itself. */
const TYPED = "input, textarea, select, .cm-editor, [contenteditable='true'], [popover]";

export function listenToKeys(view: View): () => void {
  const leave = new AbortController();
  const { signal } = leave;
  view.root.addEventListener("keydown", (event) => press(view, event), { signal });
  // Before the notebook, which deletes a cell on D twice: the focus need not be on the map for it.
  window.addEventListener("keydown", (event) => hold(view, event), { capture: true, signal });
  window.addEventListener("keyup", (event) => isHold(event) && release(view), { capture: true, signal });
  window.addEventListener("blur", () => release(view), { signal });
  return () => leave.abort();
}

function press(view: View, event: KeyboardEvent): void {
  // An open menu closes itself on Escape.
  const ofMenu = event.key === "Escape" && view.root.querySelector(":popover-open") !== null;
  if (!ofMenu && !actOn(view, event)) return;
  // The notebook has commands of its own on these keys.
  event.stopPropagation();
  if (!ofMenu) event.preventDefault();
}

/** Acts on a key; whether it was one of ours. */
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

/** While the pointer or the focus is on the map. */
function hold(view: View, event: KeyboardEvent): void {
  // Where a host has put the view into a shadow tree, the window is told its root as the target.
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

/** Keys that do the same wherever in the widget the focus is. */
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

/** Keys that mean something else on a button or a slider. */
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
