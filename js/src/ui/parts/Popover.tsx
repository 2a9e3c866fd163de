/** A button that opens a small panel above everything else; Escape or a click outside closes it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface PopoverProps {
  label: string;
  /** The choice in it; screen readers read it with the label. */
  value?: string;
  class?: string;
  onOpen?: () => void;
  /** What the button shows. */
  face: ComponentChildren;
  /** What the panel shows while it is open; `close` closes it. */
  children: (close: () => void) => ComponentChildren;
}

/** Pixels kept free at the window's edges. */
const EDGE = 8;

export function Popover({ label, value, class: name, onOpen, face, children }: PopoverProps) {
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  const before = useRef<HTMLElement | null>(null);
  const close = () => panel.current?.hidePopover();
  useLayoutEffect(() => {
    if (!open.value) return;
    const at = place(panel.current as HTMLElement, button.current as HTMLElement);
    const first = panel.current?.querySelector<HTMLElement>("input, select, textarea, button");
    (first ?? panel.current)?.focus({ preventScroll: true });
    // The panel is placed at its button: if that moves, the panel is in the wrong place. The event of an earlier scroll
    // comes late if the page is busy.
    const leave = new AbortController();
    window.addEventListener("scroll", () => hasMoved(button.current as HTMLElement, at) && close(), {
      capture: true,
      signal: leave.signal,
    });
    window.addEventListener("resize", close, { signal: leave.signal });
    return () => leave.abort();
  }, [open.value]);
  const toggle = (opens: boolean) => {
    const focused = document.activeElement as HTMLElement | null;
    if (opens) {
      before.current = focused?.closest(".tsne-widget") ? focused : button.current;
      onOpen?.();
    } else if (panel.current?.contains(focused)) {
      before.current?.focus({ preventScroll: true }); // the element that has the focus is about to go
    }
    open.value = opens;
  };
  return (
    <>
      <button
        type="button"
        class={`tw-button ${name ?? ""}`}
        ref={button}
        title={label}
        aria-label={value === undefined ? label : `${label}: ${value}`}
        aria-haspopup="dialog"
        aria-expanded={open.value}
        data-lm-suppress-shortcuts="true"
        onClick={() => panel.current?.togglePopover()}
      >
        {face}
      </button>
      <div
        class="tw-popover"
        ref={panel}
        popover="auto"
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        data-lm-suppress-shortcuts="true"
        onBeforeToggle={(event) => toggle(event.newState === "open")}
      >
        {open.value && children(close)}
      </div>
    </>
  );
}

/** Places the panel below the button, or above if there is no room; beside nothing but its own widget, if it fits. */
function place(panel: HTMLElement, button: HTMLElement): DOMRect {
  const at = button.getBoundingClientRect();
  const widget = button.closest(".tsne-widget")?.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = panel;
  const upTo = (edge: number) => Math.min(at.left, edge - offsetWidth, innerWidth - EDGE - offsetWidth);
  const inWidget = upTo(widget?.right ?? innerWidth);
  const left = inWidget >= (widget?.left ?? 0) ? inWidget : upTo(innerWidth);
  const below = at.bottom + 2;
  const top = below + offsetHeight <= innerHeight - EDGE ? below : Math.max(EDGE, at.top - offsetHeight - 2);
  panel.style.left = `${Math.max(EDGE, left)}px`;
  panel.style.top = `${top}px`;
  return at;
}

function hasMoved(button: HTMLElement, from: DOMRect): boolean {
  const { left, top } = button.getBoundingClientRect();
  return left !== from.left || top !== from.top;
}
