/** May I read this? What Python found about the map, about some of its rows, and about its gaps. */
import { isOf, rests } from "../../../view/reading";
import type { View } from "../../../view/view";
import { count } from "../../../view/words";
import { Select } from "../../parts/fields";
import { Hint } from "../../parts/notes";
import type { Repeating } from "../repeating";
import { AboutGaps } from "./AboutGaps";
import { AboutLuck } from "./AboutLuck";
import { AboutMap } from "./AboutMap";
import { AboutRows } from "./AboutRows";

export function ReadingTab({ view, repeating }: { view: View; repeating: Repeating }) {
  const map = view.reading.map.value;
  if (!view.store.reachable.value) return <Hint>This needs Python: run the cell.</Hint>;
  if (!map.possible.value) return <Hint>There is no such map: {map.status.value?.reason}</Hint>;
  if (!view.reading.begun.value)
    return (
      <Hint>
        What may be read from this map is told once it has begun: the nearest rows of every row are searched
        first.
      </Hint>
    );
  return (
    <section
      class="tw-scroll tw-reading"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the arrows scroll it
      tabIndex={0}
      aria-label="What may be read from this map"
      data-lm-suppress-shortcuts="true"
    >
      <div class="tw-of-map">
        <AboutMap view={view} />
        <div class="tw-about">
          <h3>Its clumps</h3>
          <AboutGaps view={view} />
          <AboutLuck view={view} repeating={repeating} />
        </div>
      </div>
      <AboutRows view={view} />
    </section>
  );
}

/** The drawer's head: the map, and of when the findings are. */
export function ReadingControls({ view }: { view: View }) {
  const { reading, store } = view;
  const map = reading.map.value;
  const { reply } = reading.of("map");
  const asOf = reply && !isOf(reply, map) ? `as of iteration ${count(reply.iteration)}` : "";
  return (
    <>
      {asOf && (
        <span class="tw-note" role="status">
          {asOf}
          {!rests(map) && ", until the map rests"}
        </span>
      )}
      {store.maps.value.length > 1 && (
        <label class="tw-label">
          on
          <Select
            value={map.run}
            offered={store.maps.value.map(({ run }) => ({ value: run, text: view.shortTitle(run) }))}
            onChange={(run) => reading.choose(run)}
          />
        </label>
      )}
    </>
  );
}
