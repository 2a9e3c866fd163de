/**
 * Lowers the map if its host leaves it less room: in outputs of bounded height, as marimo's, so that the bars stay in
 * sight; beside an open drawer, so that map and rows are seen at once; and on the full screen, which it fills.
 */
import { effect } from "@preact/signals";
import { outer, scrolls } from "./scroller";
import type { View } from "./view";

/** CSS pixels: an output lower than the first is meant to be scrolled; a map is never lower than the second. */
const OUTPUT = 400;
const LEAST = 240;

/** Keeps `view.availableHeight` up to date; returns how to stop. */
export function watchAvailableHeight(view: View): () => void {
  const { root } = view;
  const bars = [...root.querySelectorAll<HTMLElement>(".tw-toolbar, .tw-foot, .tw-advice, .tw-edge")];
  const output = boundedBox(root);
  const measure = () => {
    const drawer = view.drawer.peek() === null ? 0 : view.drawerHeight.peek();
    const taken = bars.reduce((sum, { offsetHeight }) => sum + offsetHeight, frame(root));
    const left = (height: number) => Math.max(LEAST, Math.floor(height - taken - drawer));
    if (view.fullScreen.peek()) view.availableHeight.value = left(innerHeight);
    else if (view.fills.peek()) view.availableHeight.value = left(roomOnPage(root));
    else if (output !== null) view.availableHeight.value = left(roomIn(output) + drawer);
    else if (drawer > 0) view.availableHeight.value = left(scrollingBox(root)?.clientHeight ?? innerHeight);
    else view.availableHeight.value = Infinity;
  };
  const observer = new ResizeObserver(measure);
  for (const element of [output, ...bars]) if (element) observer.observe(element);
  // A page's heading takes more lines in a narrower window.
  const above = root.parentElement?.previousElementSibling;
  if (above) observer.observe(above);
  window.addEventListener("resize", measure);
  const follow = effect(() => {
    view.fullScreen.value;
    view.drawer.value;
    view.drawerHeight.value;
    measure();
  });
  return () => {
    observer.disconnect();
    window.removeEventListener("resize", measure);
    follow();
  };
}

/** The height of an element's own border. */
function frame({ offsetHeight, clientHeight }: HTMLElement): number {
  return offsetHeight - clientHeight;
}

/** The height of the window below what is above on the page, less the margin that its holder keeps below. */
function roomOnPage(root: HTMLElement): number {
  const holder = root.parentElement as HTMLElement;
  const below = Number.parseFloat(getComputedStyle(holder).marginBottom);
  return innerHeight - holder.getBoundingClientRect().top - scrollY - (below || 0);
}

/** The height inside an output; infinite if it is meant to be scrolled. */
function roomIn(output: HTMLElement): number {
  const style = getComputedStyle(output);
  const bound = Number.parseFloat(style.maxHeight);
  if (!(bound >= OUTPUT)) return Infinity;
  const around = [style.paddingTop, style.paddingBottom, style.borderTopWidth, style.borderBottomWidth];
  return around.reduce((left, width) => left - Number.parseFloat(width), bound);
}

/** The scrolling box of bounded height around an element. */
function boundedBox(root: HTMLElement): HTMLElement | null {
  for (let element: Element | null = root; element; element = outer(element)) {
    const { maxHeight } = getComputedStyle(element);
    const bounded = maxHeight.endsWith("px") && Number.parseFloat(maxHeight) >= OUTPUT;
    if (bounded && scrolls(element)) return element as HTMLElement;
  }
  return null;
}

/** The outermost box around an element that scrolls, such as the notebook; inner ones may be as high as they hold. */
function scrollingBox(root: HTMLElement): HTMLElement | null {
  let found: HTMLElement | null = null;
  for (let box = outer(root); box && box !== document.body; box = outer(box)) {
    if (scrolls(box) && box.clientHeight >= OUTPUT && box.clientHeight <= innerHeight)
      found = box as HTMLElement;
  }
  return found;
}
