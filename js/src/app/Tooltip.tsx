/** What the pointer is on: its label at once, then what its row says. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { useDetails } from "./details";
import { Picture } from "./Picture";
import type { View } from "./view";

/** Pixels between a point and what is said of it. */
const OFFSET = 12;
/** Of a picture's longer side. */
const PICTURE = 96;

export function Tooltip({ view }: { view: View }) {
  const box = useRef<HTMLDivElement>(null);
  const hover = view.hover.value;
  const details = useDetails(view, hover?.index ?? null);
  useLayoutEffect(() => {
    if (box.current && hover) place(box.current, hover.x, hover.y);
  });
  if (!hover) return null;
  const name = view.labels.name(hover.index);
  return (
    <div class="tw-tooltip" role="tooltip" ref={box} data-row={hover.index} data-complete={details !== null}>
      {details?.picture && <Picture cell={details.picture} buffers={details.images} size={PICTURE} />}
      <div class="tw-told">
        <span class="tw-first">
          {name && <strong>{name}</strong>}
          <span>
            row {hover.index}
            {details?.index != null && details.index !== String(hover.index) && ` · ${details.index}`}
          </span>
        </span>
        {details?.values.map(([column, text]) => (
          <span class="tw-fact" key={column}>
            <span>{column}</span> {text}
          </span>
        ))}
      </div>
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
