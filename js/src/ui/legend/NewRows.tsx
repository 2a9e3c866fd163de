/** New rows in the legend: their mark, how many there are, and a way to hide them. */
import { beyondInWords } from "../../view/newRows";
import type { View } from "../../view/view";
import { count, named, rowsInWords } from "../../view/words";
import { Plain } from "../parts/Button";

const BEYOND = "farther from the nearest row of the data than any row of the data from its own";

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
        title={`${rows.name}: ${rowsInWords(rows.count)}, placed on the maps. Click ${shown ? "hides" : "shows"} them; a click on one selects it and the rows nearest to it`}
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
      {beyond && (
        <p class="tw-note tw-doubt" title={`${beyond}: ${BEYOND}`}>
          {beyond}
        </p>
      )}
    </section>
  );
}
