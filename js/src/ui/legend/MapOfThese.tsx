/** Gives the selected rows a map of their own, or all others. */
import type { View } from "../../view/view";
import { count, rowsInWords } from "../../view/words";
import { Link } from "../parts/Button";

export function MapOfThese({ view }: { view: View }) {
  const { store } = view;
  const rows = store.selection.value.length;
  const others = store.points.n - rows;
  if (!store.reachable.value || others === 0) return null;
  return (
    <>
      <Offer view={view} rows={rows} words="map of these" which={`these ${rowsInWords(rows)} alone`} />
      <Offer
        view={view}
        rows={others}
        words="map without these"
        which={`the other ${rowsInWords(others)} alone`}
        without
      />
    </>
  );
}

interface OfferProps {
  view: View;
  /** How many rows the map would be of. */
  rows: number;
  words: string;
  which: string;
  without?: boolean;
}

/** Too few rows for the perplexity are offered a map with the largest that they allow. */
function Offer({ view, rows, words, which, without = false }: OfferProps) {
  const { store } = view;
  const needed = store.limits.neighbors_per_perplexity;
  const wanted = perplexityOf(view);
  const most = (rows - 1) / needed;
  const few = wanted > most;
  const largest = Math.floor(most);
  const make = () => {
    store.command({ name: "map_selection", without, perplexity: few ? largest : null });
    if (view.focus.value !== null) view.enlarge(view.focus.value); // the new map stands in the grid
    view.focusMap();
  };
  if (!few)
    return (
      <Link title={`A t-SNE map of ${which}, beside the others`} onClick={make}>
        {words}
      </Link>
    );
  const why = `perplexity ${wanted} needs ${count(Math.floor(needed * wanted) + 1)} rows`;
  if (largest < 2)
    return without || rows === 1 ? null : <span class="tw-note">too few for a map of their own</span>;
  return (
    <>
      <Link title={`A t-SNE map of ${which}, beside the others: ${why}`} onClick={make}>
        {words} at perplexity {largest}
      </Link>
      <span class="tw-wide tw-note">
        {why}; these are {count(rows)}
      </span>
    </>
  );
}

/** That of the first t-SNE map, which comes first. */
function perplexityOf(view: View): number {
  return Number(view.store.maps.value[0]?.settings.value.values.perplexity);
}
