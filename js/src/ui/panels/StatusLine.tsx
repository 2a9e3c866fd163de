/** The state of the map or maps: stage, iteration, KL; why it stopped; whether the kernel is there. */
import type { MapState } from "../../store/map";
import { spoken } from "../../view/described";
import type { Past } from "../../view/playback";
import type { View } from "../../view/view";
import { count, percent, rowsInWords, tally } from "../../view/words";
import type { Status } from "../../wire/news";
import { Link } from "../parts/Button";
import { Curve } from "./Curve";
import { told } from "./Scrubber";

export function StatusLine({ view }: { view: View }) {
  const map = view.single.value;
  const past = view.playback.shown.value.size > 0;
  const noticed = (view.store.hasPython.value && connectionOf(view)) || refusal(view);
  return (
    <div class={`tw-status${noticed ? " tw-noticed" : ""}`}>
      {map ? <OfOne view={view} map={map} /> : <OfMany view={view} />}
      {!map && <Weights view={view} />}
      <Notices view={view} />
      {map && !past && <Reason map={map} />}
      <Outside view={view} />
    </div>
  );
}

function OfOne({ view, map }: { view: View; map: MapState }) {
  const status = map.status.value;
  const past = view.playback.shown.value.get(map.run);
  if (past) return <AsItWas map={map} past={past} now={status?.iteration ?? 0} />;
  if (!status) return null;
  return (
    <>
      <Stage view={view} map={map} status={status} />
      <span class="tw-figure tw-iteration">
        iteration {count(status.iteration)} of {count(status.limit)}
      </span>
      {status.neighbors_kept !== null && (
        <span class="tw-figure" title={status.kept_in_words}>
          {percent(status.neighbors_kept)} of neighbours kept
        </span>
      )}
      <Weights view={view} />
      <Figures map={map} known={status} />
      <Curve name={map.method.figures[0]?.name} points={map.curve.value} />
    </>
  );
}

/** How neighbours are weighted, if that is unusual. */
function Weights({ view }: { view: View }) {
  const { weights } = view.store.points;
  return weights ? <span class="tw-note tw-weights">{weights}</span> : null;
}

/** It is never cut off. The figures behind it are its tooltip. */
function Stage({ view, map, status }: { view: View; map: MapState; status: Status }) {
  const { stage, advice, may_go_on, reason } = status;
  const { store } = view;
  return (
    <span class="tw-state" title={reason || undefined}>
      <span class="tw-stage">{stage}</span>
      {advice && `: ${advice} `}
      {may_go_on && store.reachable.value && (
        <Link onClick={() => store.command({ name: "play", run: map.run })}>go on</Link>
      )}
    </span>
  );
}

function Figures({ map, known }: { map: MapState; known: Pick<Status, "words"> }) {
  return map.figures(known).map(({ name, text }) => (
    <span class="tw-figure" key={name}>
      {name} {text}
    </span>
  ));
}

function AsItWas({ map, past, now }: { map: MapState; past: Past; now: number }) {
  return (
    <>
      <strong class="tw-stage">as it was at iteration {count(past.iteration)}</strong>
      <Figures map={map} known={past} />
      <span class="tw-note">now at iteration {count(now)}</span>
    </>
  );
}

function OfMany({ view }: { view: View }) {
  const { maps, incomparable, connection } = view.store;
  const noted = connection.value === "live" && !refusal(view);
  const stages = maps.value.map((map) => map.stage.value);
  return (
    <>
      <span class="tw-figure">{maps.value.length} maps</span>
      {view.playback.shown.value.size === 0 ? (
        <span class="tw-stage tw-tally" title={tally(stages)}>
          {tally(stages)}
        </span>
      ) : (
        <strong class="tw-stage">as they were at {told(view)}</strong>
      )}
      {noted &&
        incomparable.value.map(({ words, why }) => (
          <span class="tw-note" key={words} title={`${words}: ${why}`}>
            {words}
          </span>
        ))}
    </>
  );
}

function Reason({ map }: { map: MapState }) {
  const { reason, ended } = map.status.value ?? {};
  const told = map.method.live && ended; // by the stage
  if (!reason || told || map.kind.value === "failed") return null;
  return (
    <span class="tw-note" title={reason}>
      {reason}
    </span>
  );
}

/** For a single or enlarged map. */
function Outside({ view }: { view: View }) {
  const run = view.single.value?.run ?? view.focus.value;
  const outside = (run !== null && view.cameras.value.get(run)?.outside) || 0;
  if (outside === 0) return null;
  return (
    <span class="tw-note">
      {count(outside)} {outside === 1 ? "point lies" : "points lie"} outside the view
    </span>
  );
}

const CONNECTION = {
  live: "",
  silent: "no answer from the kernel: it may be busy; the map stays as it is",
  absent:
    "opened without its kernel: the map is as saved, and a selection stays in this page; run the cell to continue",
  saved: "saved without Python: look, select, zoom",
  lost: "the kernel is gone: the map stays as it is, its controls do nothing; run the cell again",
};

/** Words about the connection; without a map they appear in its place. */
function connectionOf({ store }: View): string {
  const shown = store.maps.value.some((map) => map.status.value !== null);
  return shown ? CONNECTION[store.connection.value] : "";
}

/** Why the last request failed; empty if it did not. */
function refusal({ store, playback }: View): string {
  return (
    store.refusal.value ||
    (playback.possible.value && playback.error.value && `history: ${playback.error.value}`) ||
    ""
  );
}

function Notices({ view }: { view: View }) {
  const { store } = view;
  const connection = connectionOf(view);
  const refused = refusal(view);
  return (
    <>
      {refused && (
        <span class="tw-warning" role="alert" title={refused}>
          {refused}
        </span>
      )}
      {connection && (
        <span class={store.hasPython.value ? "tw-warning" : "tw-note"} title={connection}>
          {connection}
        </span>
      )}
      {!connection && store.awaiting.value > 0 && (
        <span class="tw-note tw-late">waiting for the kernel …</span>
      )}
    </>
  );
}

/** Changes in words for screen readers, without the figures that change all the time. */
export function LiveRegion({ view }: { view: View }) {
  const { store } = view;
  const selected = store.selection.value.length;
  const filter = store.filter.value;
  return (
    <div class="tw-offscreen" aria-live="polite">
      <span>{view.playback.at.value === null ? spoken(store.maps.value) : `history, ${told(view)}`}. </span>
      <span>{selected > 0 && `${rowsInWords(selected)} selected. `}</span>
      <span>{filter && `filter: ${count(filter.count)} of ${rowsInWords(store.points.n)} shown. `}</span>
      <span>{connectionOf(view)}</span>
    </div>
  );
}
