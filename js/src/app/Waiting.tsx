/** What is being waited for, over the map; and what failed, with a way out. */
import type { MapState } from "../map";
import type { View } from "./view";

const LONG_STAGES: { [stage: string]: string } = {
  "initial layout": "computing the initial layout",
  compiling: "compiling (longer on first use)",
  "finding neighbours": "finding neighbours",
  perplexity: "fitting the perplexity",
};

export function Waiting({ view, map }: { view: View; map: MapState }) {
  const status = map.status.value;
  if (status === null) return <Note words="waiting for the kernel" progress={null} late={false} />;
  if (status.stage === "failed") return <Failed view={view} map={map} reason={status.reason} />;
  if (status.stage === "out of range") return <OutOfRange reason={status.reason} />;
  const words = LONG_STAGES[status.stage];
  const first = map.picture.value === null || status.iteration === 0;
  return words ? <Note words={words} progress={status.progress} late={!first} /> : null;
}

/** `late`: only after a while, so that what is done at once does not flash. */
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

function Failed({ view, map, reason }: { view: View; map: MapState; reason: string }) {
  return (
    <div class="tw-waiting tw-failed" role="alert">
      <strong>The optimisation failed.</strong>
      <span>{reason}</span>
      <span>The map shows the last good layout.</span>
      <button
        type="button"
        class="tw-button tw-worded"
        data-lm-suppress-shortcuts="true"
        onClick={() => view.store.command({ name: "restart", run: map.run })}
      >
        restart
      </button>
    </div>
  );
}
