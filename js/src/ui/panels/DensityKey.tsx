/** On the map of a sample: of how many rows it is one, and what the shade below it is. The legend says more. */
import type { MapState } from "../../store/map";
import type { View } from "../../view/view";

/** CSS pixels: on a narrower map the first words alone, on one narrower still none. */
const NARROW = 540;
const NARROWEST = 300;

export function DensityKey({ view, map, width }: { view: View; map: MapState; width: number }) {
  const told = view.store.density.value;
  if (!told || told.run !== map.run || map.picture.value === null) return null;
  const belongs = view.density.belongs.value;
  const words = belongs ? told.words.slice(0, view.density.seen.value ? 2 : 1) : [told.elsewhere];
  if (width < NARROWEST) return null;
  return (
    <p class="tw-note tw-density-key" data-density={belongs ? "shown" : "elsewhere"} title={words.join("; ")}>
      {(width < NARROW ? words.slice(0, 1) : words).join("; ")}
    </p>
  );
}
