/** Above a panel of a grid: its title, which enlarges it, how it is, and its menu. */
import type { MapState } from "../map";
import type { Status } from "../protocol";
import { PanelMenu } from "./PanelMenu";
import type { View } from "./view";
import { kept, percent } from "./words";

export function PanelBar({ view, map, thumbnail }: { view: View; map: MapState; thumbnail: boolean }) {
  const { run } = map;
  const enlarged = view.focus.value === run;
  const title = view.title(run);
  const stage = map.status.value?.stage ?? "waiting";
  const told = [stage, ...figures(map.status.value).map(({ text }) => text)].join(", ");
  return (
    <div class="tw-bar">
      <button
        type="button"
        class="tw-title"
        aria-pressed={enlarged}
        aria-label={`${title}: ${told}`}
        title={`${title}: ${told}. ${enlarged ? "Back to the grid" : "Enlarge"}`}
        data-lm-suppress-shortcuts="true"
        onClick={() => view.enlarge(run)}
      >
        <strong>{view.shortTitles.value.get(run)}</strong>
        {!thumbnail && <span class="tw-note">{stage}</span>}
      </button>
      {!thumbnail && <Figures map={map} />}
      <PanelMenu view={view} map={map} />
    </div>
  );
}

function Figures({ map }: { map: MapState }) {
  return (
    <span class="tw-figures">
      {figures(map.status.value).map(({ text, meaning }) => (
        <span key={meaning} title={meaning}>
          {text}
        </span>
      ))}
    </span>
  );
}

/** The iteration while it moves, what it has come to when it rests. */
function figures(status: Status | null): { text: string; meaning: string }[] {
  if (!status) return [];
  const { playing, iteration, kl, neighbors_kept } = status;
  const told = [];
  if (playing && iteration > 0)
    told.push({ text: iteration.toLocaleString("en"), meaning: "iterations done" });
  if (kl !== null) told.push({ text: `KL ${kl.toFixed(3)}`, meaning: "Kullback-Leibler divergence" });
  if (neighbors_kept !== null)
    told.push({ text: `10-NN ${percent(neighbors_kept)}`, meaning: kept(neighbors_kept) });
  return told;
}
