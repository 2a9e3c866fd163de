/** What the pointer is on: label and row. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { View } from "./view";

/** Pixels between a point and what is said of it. */
const OFFSET = 12;

export function Tooltip({ view }: { view: View }) {
  const box = useRef<HTMLDivElement>(null);
  const hover = view.hover.value;
  useLayoutEffect(() => {
    if (box.current && hover) place(box.current, hover.x, hover.y);
  });
  if (!hover) return null;
  const name = view.labels.name(hover.index);
  return (
    <div class="tw-tooltip" role="tooltip" ref={box}>
      {name && <strong>{name}</strong>}
      <span>row {hover.index}</span>
    </div>
  );
}

/** Above the point, below it where there is no room, and within the map on either side. */
function place(box: HTMLElement, x: number, y: number): void {
  const room = (box.parentElement as HTMLElement).clientWidth - box.offsetWidth;
  const above = y - OFFSET - box.offsetHeight;
  box.style.left = `${Math.max(0, Math.min(room, x - box.offsetWidth / 2))}px`;
  box.style.top = `${above >= 0 ? above : y + OFFSET}px`;
}
