/** Keys: some act only on the map, some in the whole widget, and one is held. */
import type { Mode } from "../scatter";
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
  const key = event.key.toLowerCase();
  let act: Act | undefined;
  if (event.ctrlKey || event.metaKey) act = SHORTCUTS[key];
  else act = ANYWHERE[key] ?? (target.classList.contains("tw-map") ? ON_MAP[event.key] : undefined);
  act?.(view, event);
  return act !== undefined;
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

type Act = (view: View, event: KeyboardEvent) => void;

/** Keys that work anywhere in the widget. */
const ANYWHERE: Record<string, Act> = {
  f: (view) => view.scatter?.fit(panelOf(view)),
  l: (view) => switchTo(view, "lasso"),
  r: (view) => switchTo(view, "rectangle"),
  z: (view) => view.zoomToSelection(),
  i: (view) => view.invert(),
  "[": (view) => view.playback.back(),
  "]": (view) => view.playback.forward(),
  "?": (view) => view.root.querySelector<HTMLElement>(`.${KEYS_BUTTON}`)?.click(),
};

/** Keys that would mean something else on a button or a slider. */
const ON_MAP: Record<string, Act> = {
  ArrowLeft: pan(PAN, 0),
  ArrowRight: pan(-PAN, 0),
  ArrowUp: pan(0, PAN),
  ArrowDown: pan(0, -PAN),
  "+": (view) => zoom(view, "in"),
  "=": (view) => zoom(view, "in"),
  "-": (view) => zoom(view, "out"),
  " ": (view) => tell(view, view.store.playing.peek() ? "pause" : "play"),
};

/** Keys with Ctrl or Command. */
const SHORTCUTS: Record<string, Act> = {
  a: (view) => view.selectAll(),
  y: (view) => tell(view, "redo"),
  z: (view, { shiftKey }) => tell(view, shiftKey ? "redo" : "undo"),
};

function tell({ store }: View, name: "play" | "pause" | "undo" | "redo"): void {
  if (!store.hasPython.peek()) return;
  store.command(name === "play" || name === "pause" ? { name, run: null } : { name });
}

function pan(dx: number, dy: number): Act {
  return (view) => view.scatter?.panBy(dx, dy, panelOf(view));
}

export function zoom(view: View, way: "in" | "out"): void {
  view.scatter?.zoomBy(way === "in" ? ZOOM : 1 / ZOOM, panelOf(view));
}

/** To a mode, or from it back to panning. */
function switchTo({ mode }: View, wanted: Mode): void {
  mode.value = mode.peek() === wanted ? "pan" : wanted;
}

/** With free cameras: the panel under the pointer, else the enlarged one, else all. */
function panelOf(view: View): number | undefined {
  if (view.linked.peek()) return undefined;
  return view.pointedAt.peek() ?? view.focus.peek() ?? undefined;
}
