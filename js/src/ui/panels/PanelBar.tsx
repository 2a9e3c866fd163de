/** Above a panel of a grid: its title, which enlarges it, its state, and its menu. */
import type { MapState } from "../../store/map";
import type { Bar } from "../../view/grid";
import type { Past } from "../../view/playback";
import type { View } from "../../view/view";
import { count, percent } from "../../view/words";
import type { Status } from "../../wire/news";
import { Plain } from "../parts/Button";
import { ReferenceIcon } from "../parts/icons";
import { PanelMenu } from "./PanelMenu";

export function PanelBar({ view, map, bar }: { view: View; map: MapState; bar: Bar }) {
  return (
    <>
      <div class="tw-bar">
        <Title view={view} map={map} bar={bar} />
        {(bar === "one line" || bar === "headed") && <Figures view={view} map={map} />}
        <PanelMenu view={view} map={map} />
      </div>
      {bar === "two lines" && (
        <div class="tw-second">
          {tellsStage(map) && <SecondStage stage={view.stageOf(map)} />}
          <Figures view={view} map={map} />
        </div>
      )}
    </>
  );
}

/** Letters of a stage that is shown whole, whatever that leaves the figures: 'not settled yet'. */
const WHOLE = 16;

function SecondStage({ stage }: { stage: string }) {
  return <span class={`tw-note${stage.length <= WHOLE ? " tw-whole" : ""}`}>{stage}</span>;
}

/** A map that is not live is either computed or not: in little room its figures say more, unless there is more to say. */
function tellsStage({ method, status }: MapState): boolean {
  return method.live || !status.value?.settled || status.value.reason !== "";
}

/** In a table the headers name the map, so the stage is the button. */
function Title({ view, map, bar }: { view: View; map: MapState; bar: Bar }) {
  const { run } = map;
  const title = view.title(run);
  const enlarged = view.focus.value === run;
  const figures = asItIs(map).map(({ text }) => text);
  const told = [ofWhat(map), view.stageOf(map), ...figures, map.status.value?.reason]
    .filter(Boolean)
    .join(", ");
  const onto = view.store.reference.value === map;
  return (
    <Plain
      class="tw-title"
      aria-pressed={enlarged}
      aria-label={`${title}: ${told}`}
      title={`${title}: ${told}. ${onto ? "The others are turned onto this map. " : ""}${enlarged ? "Back to the grid" : "Enlarge"}`}
      onClick={() => view.enlarge(run)}
    >
      {bar !== "headed" && <strong>{view.shortTitle(run)}</strong>}
      {onto && <ReferenceIcon />}
      {bar === "one line" && <span class="tw-note tw-rest">{view.stageOf(map)}</span>}
      {bar === "headed" && <span class="tw-note">{view.stageOf(map)}</span>}
    </Plain>
  );
}

/** What made a map whose method alone does not tell: of how many of the rows it is. */
function ofWhat({ method, settings }: MapState): string {
  const { made_by, title } = settings.value;
  return made_by === method.label || made_by === title ? "" : made_by;
}

function Figures({ view, map }: { view: View; map: MapState }) {
  const morph = view.morphing.value;
  if (morph?.panel === map.run && morph.t > 0) return <OnTheWay to={view.title(morph.other)} t={morph.t} />;
  const past = view.playback.shown.value.get(map.run);
  return (
    <span class="tw-figures">
      {(past ? asItWas(map, past) : asItIs(map)).map(({ text, meaning }) => (
        <span key={meaning} title={meaning}>
          {text}
        </span>
      ))}
    </span>
  );
}

function OnTheWay({ to, t }: { to: string; t: number }) {
  return (
    <span class="tw-figures">
      <strong>
        {percent(t)} of the way to {to}
      </strong>
    </span>
  );
}

interface Told {
  text: string;
  meaning: string;
}

function asItWas(map: MapState, past: Past): Told[] {
  const then = ofMethod(map, past).map(({ text, meaning }) => ({ text, meaning: `${meaning} then` }));
  return [{ text: `iteration ${count(past.iteration)}`, meaning: "as it was then" }, ...then];
}

function ofMethod(map: MapState, known: Pick<Status, "words">): Told[] {
  return map.figures(known).map(({ short, text, meaning }) => ({ text: `${short} ${text}`, meaning }));
}

/** The iteration of a moving map, the figures of one at rest; a narrow panel hides the last ones. */
function asItIs(map: MapState): Told[] {
  const status = map.status.value;
  if (!status) return [];
  const { playing, iteration, neighbors_kept, kept_in_words } = status;
  const told = [];
  if (playing && iteration > 0) told.push({ text: count(iteration), meaning: "iterations done" });
  if (neighbors_kept !== null) told.push({ text: `${percent(neighbors_kept)} kept`, meaning: kept_in_words });
  return [...told, ...ofMethod(map, status)];
}
