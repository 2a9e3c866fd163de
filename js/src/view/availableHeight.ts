/** Lowers the map if the host bounds the height of outputs, as marimo does, so that the bars stay in sight. */
import type { View } from "./view";

/** CSS pixels: an output lower than the first is meant to be scrolled; a map is never lower than the second. */
const OUTPUT = 400;
const LEAST = 240;

/** Keeps `view.availableHeight` up to date; returns how to stop. */
export function watchAvailableHeight(view: View): () => void {
  const box = boundedBox(view.root);
  if (box === null) return () => {};
  const bars = [...view.root.querySelectorAll<HTMLElement>(".tw-toolbar, .tw-status, .tw-advice")];
  const measure = () => {
    const style = getComputedStyle(box);
    const bound = Number.parseFloat(style.maxHeight);
    const around = [style.paddingTop, style.paddingBottom, style.borderTopWidth, style.borderBottomWidth];
    const taken = around.reduce((sum, width) => sum + Number.parseFloat(width), 0);
    const ours = view.root.offsetHeight - view.root.clientHeight; // our border
    const bar = bars.reduce((sum, { offsetHeight }) => sum + offsetHeight, 0);
    view.availableHeight.value =
      bound >= OUTPUT ? Math.max(LEAST, Math.floor(bound - taken - ours - bar)) : Infinity;
  };
  const observer = new ResizeObserver(measure);
  for (const element of [box, ...bars]) observer.observe(element);
  return () => observer.disconnect();
}

/** The scrolling box of bounded height around an element, across shadow roots. */
function boundedBox(root: HTMLElement): HTMLElement | null {
  for (let element: Element | null = root; element; element = outer(element)) {
    const { maxHeight, overflowY } = getComputedStyle(element);
    const bounded = maxHeight.endsWith("px") && Number.parseFloat(maxHeight) >= OUTPUT;
    if (bounded && ["auto", "scroll"].includes(overflowY)) return element as HTMLElement;
  }
  return null;
}

function outer(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
