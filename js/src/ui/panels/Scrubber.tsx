/** A slider through the history of the maps; its right end shows them as they are now. */

import type { View } from "../../view/view";
import { count } from "../../view/words";
import { Link } from "../parts/Button";
import { Slider } from "../parts/fields";

/** How many steps the slider has until the number of moments is known. */
const UNKNOWN = 1000;

export function Scrubber({ view }: { view: View }) {
  const { playback } = view;
  if (!playback.possible.value) return null;
  const at = playback.at.value;
  const last = playback.moments.value?.length ?? UNKNOWN;
  return (
    <span class="tw-history">
      {at !== null && (
        <Link title="Show the map as it is now" onClick={() => playback.live()}>
          back to now
        </Link>
      )}
      <label class="tw-label" title="How the map came about ([ and ])">
        history
        <Slider
          min={0}
          max={last}
          step={1}
          value={at ?? last}
          aria-label="history"
          aria-valuetext={told(view)}
          onPointerEnter={() => playback.prepare()}
          onFocus={() => playback.prepare()}
          onInput={({ currentTarget: { valueAsNumber, max } }) => playback.seek(valueAsNumber / Number(max))}
        />
      </label>
    </span>
  );
}

/** Which moment is shown. */
export function told({ playback }: View): string {
  const { at, moments } = playback;
  if (at.value === null) return "now";
  return `iteration ${count(moments.value?.[at.value] ?? 0)}`;
}
