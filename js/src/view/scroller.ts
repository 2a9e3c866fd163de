/** What scrolls an element, across shadow roots. */

/** The nearest box around an element that can be scrolled now, or the page; null: nothing can. */
export function scrollerOf(element: Element): Element | null {
  for (let box = outer(element); box; box = outer(box)) {
    if (box === document.documentElement || box === document.body) continue;
    if (scrolls(box) && box.scrollHeight > box.clientHeight) return box;
  }
  const page = document.scrollingElement ?? document.documentElement;
  return page.scrollHeight > page.clientHeight ? page : null;
}

export function scrolls(box: Element): boolean {
  return ["auto", "scroll"].includes(getComputedStyle(box).overflowY);
}

export function outer(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
