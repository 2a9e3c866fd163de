/** What is being waited for, over the map; and what failed, with a way out. */
import type { View } from "./view";

const LONG_STAGES: { [stage: string]: string } = {
  "initial layout": "computing the initial layout",
  compiling: "compiling (first use only)",
  "finding neighbours": "finding neighbours",
  perplexity: "fitting the perplexity",
};

export function Waiting({ view }: { view: View }) {
  const { store } = view;
  const status = store.status.value;
  if (status === null) return <Note words="waiting for the kernel" progress={null} />;
  if (status.stage === "failed") return <Failed view={view} reason={status.reason} />;
  const words = LONG_STAGES[status.stage];
  return words ? <Note words={words} progress={status.progress} /> : null;
}

function Note({ words, progress }: { words: string; progress: number | null }) {
  return (
    <div class="tw-waiting">
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
        onClick={() => view.store.command({ name: "restart" })}
      >
        restart
      </button>
    </div>
  );
}
