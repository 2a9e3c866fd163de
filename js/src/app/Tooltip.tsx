/** What the pointer is on: label and row. */
import type { View } from "./view";

const OFFSET = 12;

export function Tooltip({ view }: { view: View }) {
  const hover = view.hover.value;
  if (!hover) return null;
  const name = view.labels.name(hover.index);
  const width = view.scatter ? hover.x : 0;
  const place = { left: `${width}px`, top: `${hover.y}px`, "--offset": `${OFFSET}px` };
  return (
    <div class="tw-tooltip" role="tooltip" style={place}>
      {name && <strong>{name}</strong>}
      <span>row {hover.index}</span>
    </div>
  );
}
