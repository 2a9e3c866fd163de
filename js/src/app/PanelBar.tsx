/** Above a panel of a grid: its title, which enlarges it, how it is, and its menu. */
import type { MapState } from "../map";
import type { Status } from "../protocol";
import type { Cell } from "./grid";
import { PanelMenu } from "./PanelMenu";
import type { View } from "./view";
import { kept, percent } from "./words";

export function PanelBar({ view, map, cell }: { view: View; map: MapState; cell: Cell }) {
  const oneLine = !cell.thumbnail && cell.lines === 1;
  return (
    <>
      <div class="tw-bar">
        <Title view={view} map={map} withStage={oneLine} />
        {oneLine && <Figures map={map} />}
        <PanelMenu view={view} map={map} />
      </div>
      {cell.lines === 2 && (
        <div class="tw-second">
          <span class="tw-note">{stageOf(map)}</span>
          <Figures map={map} />
        </div>
      )}
    </>
  );
}

function Title({ view, map, withStage }: { view: View; map: MapState; withStage: boolean }) {
  const { run } = map;
  const title = view.title(run);
  const enlarged = view.focus.value === run;
  const told = [stageOf(map), ...figures(map.status.value).map(({ text }) => text)].join(", ");
  return (
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
      {withStage && <span class="tw-note">{stageOf(map)}</span>}
    </button>
  );
}

function stageOf(map: MapState): string {
  return map.status.value?.stage ?? "waiting";
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
