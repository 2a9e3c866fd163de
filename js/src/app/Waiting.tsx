/** What is being waited for, over the map; and what failed, with a way out. */
import type { View } from "./view";

const LONG_STAGES: { [stage: string]: string } = {
  "initial layout": "computing the initial layout",
  compiling: "compiling (longer on first use)",
  "finding neighbours": "finding neighbours",
  perplexity: "fitting the perplexity",
};

export function Waiting({ view }: { view: View }) {
  const { store } = view;
  const status = store.status.value;
  if (status === null) return <Note words="waiting for the kernel" progress={null} late={false} />;
  if (status.stage === "failed") return <Failed view={view} reason={status.reason} />;
  const words = LONG_STAGES[status.stage];
  const first = store.picture.value === null || status.iteration === 0;
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

function Failed({ view, reason }: { view: View; reason: string }) {
  return (
    <div class="tw-waiting tw-failed" role="alert">
      <strong>The optimisation failed.</strong>
      <span>{reason}</span>
      <span>The map shows the last good layout.</span>
      <button
        type="button"
        class="tw-button tw-worded"
        data-lm-suppress-shortcuts="true"
        onClick={() => view.store.command({ name: "restart" })}
      >
        restart
      </button>
    </div>
  );
}
