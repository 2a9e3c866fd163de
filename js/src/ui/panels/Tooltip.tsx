/** The point under the pointer: its label at once, then its row. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { measuredShown, valueInWords, valueOn } from "../../view/coloring";
import { useDetails } from "../../view/details";
import { isBeyond, nearestTo, placedOn } from "../../view/newRows";
import type { View } from "../../view/view";
import { Picture } from "../parts/Picture";

/** Pixels between a point and its tooltip. */
const OFFSET = 12;
/** Pixels of a picture's longer side. */
const PICTURE = 96;

export function Tooltip({ view }: { view: View }) {
  const box = useRef<HTMLDivElement>(null);
  const hover = view.hover.value;
  const details = useDetails(view, hover?.index ?? null);
  useLayoutEffect(() => {
    if (box.current && hover) place(box.current, hover.x, hover.y, hover.reach);
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
        <MeasuredFact view={view} />
        {details?.values.map(([column, text]) => (
          <span class="tw-fact" key={column}>
            <span>{column}</span> {text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The measure's value for the row, on the map under the pointer. */
function MeasuredFact({ view }: { view: View }) {
  const hover = view.hover.value;
  const measured = measuredShown(view);
  const value = hover && measured && valueOn(measured, hover.panel, hover.index);
  if (!measured || value == null) return null;
  return (
    <span class="tw-fact" data-measure={measured.measure}>
      <span>{measured.called}</span> {valueInWords(value, measured)}
    </span>
  );
}

/** The new row under the pointer, and the rows of the data nearest to it. */
export function NewRowTooltip({ view }: { view: View }) {
  const box = useRef<HTMLDivElement>(null);
  const square = view.newRow.value;
  useLayoutEffect(() => {
    if (box.current && square) place(box.current, square.x, square.y);
  });
  const rows = view.store.newRows.value;
  const map = square && view.store.mapOf(square.panel);
  const placed = map && placedOn(view, map);
  if (!square || !rows || !placed) return null;
  const { index } = square;
  const label = rows.labels?.[index];
  return (
    <div class="tw-tooltip" role="tooltip" ref={box} data-new-row={index}>
      <div class="tw-told">
        <span class="tw-first">
          {label && <strong>{label}</strong>}
          <span>
            new row {index}
            {rows.names && rows.names[index] !== String(index) && ` · ${rows.names[index]}`}
          </span>
        </span>
        {[...nearestTo(placed, index)].map((row, i) => (
          <span class="tw-fact" key={row}>
            <span>{i === 0 ? "nearest" : ""}</span> row {row}
            {view.labels.name(row) && ` · ${view.labels.name(row)}`} at{" "}
            {rounded(placed.distances[index * placed.nearest + i])}
          </span>
        ))}
        {placed.nearest === 0 && (
          <span class="tw-note">nearest rows unknown: this page does not hold the data</span>
        )}
        {isBeyond(placed, index) && <span class="tw-note">beyond the data: its position means little</span>}
      </div>
    </div>
  );
}

function rounded(distance: number): string {
  return String(Number(distance.toPrecision(4)));
}

function place(box: HTMLElement, x: number, y: number, reach = 0): void {
  const { clientWidth: width, clientHeight: height } = box.parentElement as HTMLElement;
  const spot = spotOf(
    { width: box.offsetWidth, height: box.offsetHeight },
    { width, height },
    x,
    y,
    OFFSET + reach,
  );
  box.style.left = `${spot.left}px`;
  box.style.top = `${spot.top}px`;
}

interface Size {
  width: number;
  height: number;
}

/** Above the point at a distance, below it if there is no room, else on the roomier side; always within the map. */
export function spotOf(
  box: Size,
  map: Size,
  x: number,
  y: number,
  away = OFFSET,
): { left: number; top: number } {
  const within = (at: number, room: number) => Math.max(0, Math.min(room, at));
  const [right, bottom] = [map.width - box.width, map.height - box.height];
  const above = y - away - box.height;
  const below = y + away;
  if (above >= 0 || below <= bottom)
    return { left: within(x - box.width / 2, right), top: above >= 0 ? above : below };
  const beside = x < map.width / 2 ? x + away : x - away - box.width;
  return { left: within(beside, right), top: within(y - box.height / 2, bottom) };
}
