/** Shown over the map: what it is waiting for, or what failed, with a way out. */
import type { MapState } from "../../store/map";
import type { Store } from "../../store/store";
import type { View } from "../../view/view";
import { Worded } from "../parts/Button";

export function Waiting({ view, map }: { view: View; map: MapState }) {
  const status = map.status.value;
  if (status === null) return <NothingYet view={view} />;
  const { kind, waiting, progress, reason } = status;
  if (kind === "failed") return <Failed view={view} map={map} reason={reason} />;
  if (kind === "out of range") return <OutOfRange reason={reason} />;
  const first = map.picture.value === null || status.iteration === 0;
  return waiting ? <Note words={waiting} progress={progress} late={!first} /> : null;
}

/** A kernel that does not answer may be busy, or may not know this map: then nothing will come. */
function NothingYet({ view: { store } }: { view: View }) {
  if (store.connection.value === "live") {
    return <Note words="waiting for the kernel" progress={null} late={false} />;
  }
  if (store.connection.value === "saved") {
    return (
      <div class="tw-waiting" role="status">
        There was no map to save: it had failed, or not begun.
      </div>
    );
  }
  return (
    <div class="tw-waiting" role="status">
      <strong>No answer from the kernel.</strong>
      <span>{nothingSaved(store)}</span>
    </div>
  );
}

/** How to get a map if none was saved. */
function nothingSaved({ points }: Store): string {
  const why = points.saved ? "no map was saved with it" : "nothing of the map was saved (save_state=False)";
  return `If you reopened the notebook, run the cell to show the map: ${why}.`;
}

/** `late`: only after a while, to keep short waits from flashing. */
function Note({ words, progress, late }: { words: string; progress: number | null; late: boolean }) {
  return (
    <div class={`tw-waiting${late ? " tw-late" : ""}`}>
      <span>
        {words}
        {progress !== null && ` ${Math.round(100 * progress)} %`}
      </span>
      <progress max={1} value={progress ?? undefined} aria-label={words} />
    </div>
  );
}

function OutOfRange({ reason }: { reason: string }) {
  return (
    <div class="tw-waiting tw-failed" role="alert">
      <strong>Out of range</strong>
      <span>{reason}</span>
    </div>
  );
}

/** Ways out show while they can be taken. */
function Failed({ view, map, reason }: { view: View; map: MapState; reason: string }) {
  const { store } = view;
  const layout = map.picture.value !== null;
  const act = (name: "restart" | "recover") => () => {
    store.command({ name, run: map.run });
    view.focusMap(); // this button goes away
  };
  return (
    <div class="tw-waiting tw-failed" role="alert">
      <strong>{map.method.live ? "The optimisation" : map.settings.value.made_by} failed.</strong>
      <span class="tw-cause">{reason}</span>
      {layout && <span>The map shows the last good layout.</span>}
      {store.reachable.value && (
        <span class="tw-group">
          <Worded onClick={act("restart")}>restart</Worded>
          {layout && map.method.live && <Worded onClick={act("recover")}>back to last good layout</Worded>}
        </span>
      )}
    </div>
  );
}

export function Undrawable({ view }: { view: View }) {
  if (!view.undrawable.value) return null;
  return (
    <div class="tw-waiting tw-failed" role="alert">
      <strong>The map cannot be drawn.</strong>
      <span>
        This browser cannot draw it, with WebGL or without: reload the page, or use another browser.
      </span>
    </div>
  );
}
