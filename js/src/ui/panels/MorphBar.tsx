/** Below the title of an enlarged map: the map it morphs into, how far, and the points that travel farthest. */

import type { MapState } from "../../store/map";
import { MARKED } from "../../view/travel";
import type { View } from "../../view/view";
import { percent } from "../../view/words";
import { Link } from "../parts/Button";
import { Select, Slider } from "../parts/fields";

export function MorphBar({ view, map }: { view: View; map: MapState }) {
  const { store } = view;
  const others = store.maps.value.filter((other) => other !== map && other.possible.value);
  const morph = view.morphing.value;
  const marked = view.marked.value;
  const choose = (other: number | "") => {
    view.morph.value = other === "" ? null : { other, t: 0, marked: false };
  };
  const change = (changes: { t?: number; marked?: boolean }) => {
    if (view.morph.value) view.morph.value = { ...view.morph.value, ...changes };
  };
  return (
    <div class="tw-morph">
      <label class="tw-label">
        morph to
        <Select
          value={morph?.other ?? ""}
          offered={[
            { value: "", text: "…" },
            ...others.map(({ run }) => ({ value: run, text: view.title(run) })),
          ]}
          onChange={choose}
        />
      </label>
      {morph && (
        <>
          <Slider
            class="tw-slider tw-way"
            min={0}
            max={1}
            step={0.01}
            value={morph.t}
            aria-label={`from ${view.title(map.run)} to ${view.title(morph.other)}`}
            aria-valuetext={percent(morph.t)}
            onInput={(event) => change({ t: Number(event.currentTarget.value) })}
          />
          <label class="tw-label">
            <input
              type="checkbox"
              checked={marked}
              data-lm-suppress-shortcuts="true"
              onChange={(event) => change({ marked: event.currentTarget.checked })}
            />
            mark the furthest {percent(MARKED)}
          </label>
          {marked && (
            <Link
              onClick={() => {
                store.select(view.travelers.value);
                change({ marked: false });
                view.focusMap(); // this button goes away
              }}
            >
              select them
            </Link>
          )}
        </>
      )}
    </div>
  );
}
