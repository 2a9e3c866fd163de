/** New rows in the legend: their mark, how many there are, and a way to hide them. */
import { beyondInWords, beyondMeans, nearestUnknown } from "../../view/newRows";
import type { View } from "../../view/view";
import { count, named, rowsInWords } from "../../view/words";
import { Plain } from "../parts/Button";

/** How many names of columns it lists. */
const LISTED = 8;

export function NewRows({ view }: { view: View }) {
  const rows = view.store.newRows.value;
  if (!rows) return null;
  const shown = view.showsNewRows.value;
  const selected = view.store.selectedPlaced.value;
  const beyond = beyondInWords(view);
  return (
    <section class="tw-new-rows" aria-label="New rows" data-new-rows={rows.number}>
      <Plain
        class={`tw-entry${shown ? "" : " tw-back"}`}
        aria-pressed={shown}
        title={`${rows.name}: ${rowsInWords(rows.count)}, placed on the maps. Click ${shown ? "hides" : "shows"} them; a click on one selects it${nearestUnknown(view) ? "" : " and the rows nearest to it"}`}
        onClick={() => (view.showsNewRows.value = !shown)}
      >
        <i class="tw-square" />
        <span class="tw-name">{named(rows.name)}</span>
        <span class="tw-count">{count(rows.count)}</span>
      </Plain>
      {selected.length > 0 && (
        <p class="tw-note" data-selected-placed={selected.length}>
          {rowsInWords(selected.length)} selected
        </p>
      )}
      <Unused view={view} />
      {beyond && (
        <p class="tw-note tw-doubt" title={`${beyond}: ${beyondMeans(view)}`}>
          {beyond}
        </p>
      )}
    </section>
  );
}

/** Columns that came with pasted rows, and that the map knows nothing of. */
function Unused({ view }: { view: View }) {
  const unused = view.store.placer?.unused.value ?? [];
  if (unused.length === 0) return null;
  const listed = unused.slice(0, LISTED).join(", ");
  const more = unused.length > LISTED ? ` and ${count(unused.length - LISTED)} more` : "";
  return (
    <p class="tw-note" role="status">
      not used: {listed}
      {more}
    </p>
  );
}
