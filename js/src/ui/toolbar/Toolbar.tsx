/** All controls in one line that wraps. */

import { distinct, initName, plain } from "../../view/titles";
import type { View } from "../../view/view";
import { Button } from "../parts/Button";
import { LinkIcon, PauseIcon, PlayIcon, RestartIcon, StepIcon } from "../parts/icons";
import { PerplexityControl } from "../parts/PerplexityControl";
import { InitControl, SeedControl } from "../parts/SeedControl";
import { AlignMenu } from "./AlignMenu";
import { CompareMenu } from "./CompareMenu";
import { Tools } from "./Tools";

export function Toolbar({ view }: { view: View }) {
  const { store } = view;
  const disabled = !store.reachable.value;
  return (
    <fieldset class="tw-toolbar" aria-label="Map controls">
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
      <Tools view={view} />
    </fieldset>
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
