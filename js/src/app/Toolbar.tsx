/** All controls in one line that wraps. */
import { Button } from "./Button";
import { FitIcon, LassoIcon, PanIcon, PauseIcon, PlayIcon, RestartIcon, StepIcon } from "./icons";
import { PerplexityControl } from "./PerplexityControl";
import { SeedControl } from "./SeedControl";
import type { View } from "./view";

export function Toolbar({ view }: { view: View }) {
  const { store } = view;
  const disabled = store.connection.value === "lost";
  return (
    <div class="tw-toolbar" role="toolbar" aria-label="Map controls">
      <fieldset class="tw-group" disabled={disabled}>
        <PlayButton view={view} />
        <Button label="One step" onClick={() => store.command({ name: "step", value: 1 })}>
          <StepIcon />
        </Button>
        <Button label="Restart from the beginning" onClick={() => store.command({ name: "restart" })}>
          <RestartIcon />
        </Button>
      </fieldset>
      <fieldset class="tw-group" disabled={disabled}>
        <PerplexityControl store={store} />
      </fieldset>
      <fieldset class="tw-group" disabled={disabled}>
        <SeedControl store={store} />
      </fieldset>
      <fieldset class="tw-group tw-end">
        <Button
          label="Lasso: draw around points to select them (L). Shift adds, Alt removes"
          pressed={view.mode.value === "lasso"}
          onClick={() => (view.mode.value = "lasso")}
        >
          <LassoIcon />
        </Button>
        <Button
          label="Pan: drag to move the map"
          pressed={view.mode.value === "pan"}
          onClick={() => (view.mode.value = "pan")}
        >
          <PanIcon />
        </Button>
        <Button label="Fit the map to the view, and follow it (F)" onClick={() => view.scatter?.fit()}>
          <FitIcon />
        </Button>
      </fieldset>
    </div>
  );
}

function PlayButton({ view }: { view: View }) {
  const { store } = view;
  const playing = store.playing.value;
  return (
    <Button
      label={playing ? "Pause (Space)" : "Play (Space)"}
      onClick={() => store.command({ name: playing ? "pause" : "play" })}
    >
      {playing ? <PauseIcon /> : <PlayIcon />}
    </Button>
  );
}
