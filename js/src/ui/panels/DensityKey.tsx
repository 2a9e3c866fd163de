/** On the map of a sample: of how many rows it is one, and what the shade below it is. */
import type { MapState } from "../../store/map";
import type { View } from "../../view/view";
import { percent } from "../../view/words";

/** CSS pixels: on a narrower map, the first words alone. */
const NARROW = 420;

export function DensityKey({ view, map, width }: { view: View; map: MapState; width: number }) {
  const { density, store } = view;
  const told = store.density.value;
  if (!told || told.run !== map.run || map.picture.value === null) return null;
  const belongs = density.belongs.value;
  const words = belongs ? wordsOf(view, told.words) : [told.elsewhere];
  return (
    <p
      class={`tw-note tw-density-key${belongs ? "" : " tw-elsewhere"}`}
      data-density={belongs ? "shown" : "elsewhere"}
      title={[...words, belongs && density.unlike.value.far].filter(Boolean).join("; ")}
    >
      {(width < NARROW ? words.slice(0, 1) : words).join("; ")}
    </p>
  );
}

function wordsOf({ density }: View, [sample, shade]: [string, string]): string[] {
  if (!density.on.value) return [sample];
  const { progress, error } = density;
  if (error) return [sample, `no density: ${error}`];
  if (progress !== null) return [sample, `reading all rows: ${percent(progress)}`];
  return [sample, shade, density.unlike.value.words].filter(Boolean);
}
