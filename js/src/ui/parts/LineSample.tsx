/** A short piece of a line as it is drawn on the map. */
import type { LineStyle } from "../../scatter";

export function LineSample({ style }: { style: LineStyle }) {
  return (
    <svg class={`tw-line tw-line-${style}`} viewBox="0 0 26 8" aria-hidden="true">
      <path d="M2 4H24" />
    </svg>
  );
}
