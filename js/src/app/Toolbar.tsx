/** All controls in one line that wraps. */
import { AlignMenu } from "./AlignMenu";
import { Button } from "./Button";
import { CompareMenu } from "./CompareMenu";
import {
  FitIcon,
  LassoIcon,
  LinkIcon,
  PanIcon,
  PauseIcon,
  PlayIcon,
  RectangleIcon,
  RestartIcon,
  RowsIcon,
  StepIcon,
} from "./icons";
import { PerplexityControl } from "./PerplexityControl";
import { SearchBox } from "./SearchBox";
import { InitControl, SeedControl } from "./SeedControl";
import { SelectMenu } from "./SelectMenu";
import { distinct, initName, plain } from "./titles";
import type { View } from "./view";

export function Toolbar({ view }: { view: View }) {
  const { store } = view;
  const disabled = store.connection.value === "lost";
  return (
    <div class="tw-toolbar" role="toolbar" aria-label="Map controls">
      <fieldset class="tw-group" disabled={disabled}>
        <PlayButton view={view} />
        <Button label="One step" onClick={() => store.command({ name: "step", value: 1, run: null })}>
          <StepIcon />
        </Button>
        <Button
          label="Restart from the beginning"
          onClick={() => store.command({ name: "restart", run: null })}
        >
          <RestartIcon />
        </Button>
      </fieldset>
      <fieldset class="tw-group" disabled={disabled}>
        <Perplexity view={view} />
      </fieldset>
      <fieldset class="tw-group" disabled={disabled}>
        <Start view={view} />
      </fieldset>
      <div class="tw-group">
        <CompareMenu view={view} />
        {!view.single.value && <Together view={view} />}
      </div>
      <fieldset class="tw-group tw-end">
        <Button
          label="Lasso: draw around points to select them (L). Shift adds, Alt removes, both intersect"
          pressed={view.mode.value === "lasso"}
          onClick={() => (view.mode.value = "lasso")}
        >
          <LassoIcon />
        </Button>
        <Button
          label="Rectangle: drag over points to select them (R). Shift adds, Alt removes, both intersect"
          pressed={view.mode.value === "rectangle"}
          onClick={() => (view.mode.value = "rectangle")}
        >
          <RectangleIcon />
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
      <div class="tw-group">
        <SelectMenu view={view} />
        <SearchBox view={view} onZoom={(rows) => view.scatter?.zoomTo(rows)} />
        <Button
          label="Rows that are selected, what sets them apart, distances"
          pressed={view.drawer.value !== null}
          onClick={() => (view.drawer.value = view.drawer.value === null ? "rows" : null)}
        >
          <RowsIcon />
        </Button>
      </div>
    </div>
  );
}

function PlayButton({ view }: { view: View }) {
  const { store } = view;
  const playing = store.playing.value;
  return (
    <Button
      label={playing ? "Pause (Space)" : "Play (Space)"}
      onClick={() => store.command({ name: playing ? "pause" : "play", run: null })}
    >
      {playing ? <PauseIcon /> : <PlayIcon />}
    </Button>
  );
}

/** What all maps share can be changed for all; what tells them apart is said. */
function Perplexity({ view }: { view: View }) {
  const values = distinct(view.runs.value, "perplexity");
  if (values.length > 1) return <Varied name="perplexity" values={values.map(plain)} />;
  return <PerplexityControl store={view.store} applied={values[0]} run={null} />;
}

function Start({ view }: { view: View }) {
  const { store } = view;
  const seeds = distinct(view.runs.value, "random_state");
  const inits = distinct(view.runs.value, "init");
  return (
    <>
      {seeds.length > 1 ? (
        <Varied name="seed" values={seeds.map(String)} />
      ) : (
        <SeedControl store={store} applied={seeds[0]} run={null} />
      )}
      {inits.length > 1 ? (
        <Varied name="init" values={inits.map(initName)} />
      ) : (
        <InitControl store={store} applied={inits[0]} run={null} />
      )}
    </>
  );
}

/** More values than this are counted. */
const MAX_VALUES = 5;

function Varied({ name, values }: { name: string; values: string[] }) {
  const told = values.length > MAX_VALUES ? `${values.length} values` : values.join(", ");
  return (
    <span class="tw-label" title={values.join(", ")}>
      {name} <span class="tw-value">{told}</span>
    </span>
  );
}

function Together({ view }: { view: View }) {
  return (
    <>
      <AlignMenu view={view} />
      <Button
        label="Move and zoom all maps together"
        pressed={view.linked.value}
        onClick={() => (view.linked.value = !view.linked.value)}
      >
        <LinkIcon />
      </Button>
    </>
  );
}
