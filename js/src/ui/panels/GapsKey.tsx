/** On the map: what the lines along its gaps mean, and a way to be rid of them. */
import type { MapState } from "../../store/map";
import { gapsDrawn, kindsOf } from "../../view/traces";
import type { View } from "../../view/view";
import { Plain } from "../parts/Button";
import { LineSample } from "../parts/LineSample";

export function GapsKey({ view, map }: { view: View; map: MapState }) {
  const { reading } = view;
  if (reading.map.value !== map) return null;
  const gaps = gapsDrawn(view);
  if (gaps.length === 0) return null;
  return (
    <div class="tw-gaps-key" data-gaps={gaps.length}>
      <span class="tw-note">
        gaps
        <Plain
          class="tw-button tw-small"
          title="Hide the gaps"
          aria-label="Hide the gaps"
          onClick={() => {
            reading.drawsGaps.value = false;
            view.focusMap();
          }}
        >
          ×
        </Plain>
      </span>
      {kindsOf(gaps).map(({ style, words }) => (
        <span key={style}>
          <LineSample style={style} /> {words}
        </span>
      ))}
    </div>
  );
}
