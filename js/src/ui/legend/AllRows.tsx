/** All rows in the legend, of which the points are a sample: their shade, how many there are, a way to hide it. */
import type { View } from "../../view/view";
import { count, percent } from "../../view/words";
import { Plain } from "../parts/Button";

export function AllRows({ view }: { view: View }) {
  const { density, store } = view;
  const told = store.density.value;
  if (!told) return null;
  const shown = density.on.value;
  const { words, far } = density.unlike.value;
  return (
    <section
      class="tw-of-all-rows"
      aria-label="All rows"
      data-density={density.belongs.value && shown ? "shown" : ""}
    >
      <Plain
        class={`tw-entry${shown ? "" : " tw-back"}`}
        aria-pressed={shown}
        title={`${told.words.join("; ")}. Click ${shown ? "hides" : "shows"} it`}
        onClick={() => (density.on.value = !shown)}
      >
        <i class="tw-shade" />
        <span class="tw-name">all rows</span>
        <span class="tw-count">{count(told.rows)}</span>
      </Plain>
      <State view={view} elsewhere={told.elsewhere} />
      {words && (
        <p class="tw-note" title={`${words}: ${far}`}>
          {words}
        </p>
      )}
    </section>
  );
}

/** How far all rows are read, or why none is to be seen. */
function State({ view: { density }, elsewhere }: { view: View; elsewhere: string }) {
  const { error, progress } = density;
  if (!density.belongs.value) return <p class="tw-note">{elsewhere}</p>;
  if (!density.on.value) return null;
  if (error) return <p class="tw-note tw-doubt">the density cannot be shown: {error}</p>;
  return progress === null ? null : <p class="tw-note">reading all rows: {percent(progress)}</p>;
}
