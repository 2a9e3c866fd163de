/**
 * The wheel scrolls the notebook and zooms the map only with Ctrl or Command, as maps on web pages do; or once the map
 * has the focus; or where there is nothing to scroll.
 */
import { scrollerOf } from "./scroller";
import type { View } from "./view";

/** Whether a turn of the wheel zooms; if not, the page scrolls, and the view says once how to zoom. */
export function takesWheel(view: View, event: WheelEvent): boolean {
  const zooms =
    event.ctrlKey ||
    event.metaKey ||
    view.fullScreen.peek() ||
    hasFocus(view) ||
    scrollerOf(view.root) === null;
  if (zooms) view.wheelHint.take();
  else view.wheelHint.give();
  return zooms;
}

function hasFocus({ root }: View): boolean {
  const { activeElement } = root.getRootNode() as Document | ShadowRoot;
  return activeElement?.classList.contains("tw-map") === true && root.contains(activeElement);
}
