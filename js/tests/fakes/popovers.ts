/** happy-dom has no popovers: here they open and close, and say so before. */
export function fakePopovers(): void {
  const open = new WeakSet<HTMLElement>();
  const toggle = (element: HTMLElement, opens: boolean) => {
    if (open.has(element) === opens) return;
    const event = new Event("beforetoggle");
    element.dispatchEvent(Object.assign(event, { newState: opens ? "open" : "closed" }));
    if (opens) open.add(element);
    else open.delete(element);
  };
  Object.assign(HTMLElement.prototype, {
    togglePopover(this: HTMLElement) {
      toggle(this, !open.has(this));
    },
    hidePopover(this: HTMLElement) {
      toggle(this, false);
    },
  });
}
