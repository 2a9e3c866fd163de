/** All controls in one line that wraps. */

import { distinct, offering, wordsOf } from "../../view/axes";
import type { View } from "../../view/view";
import { AxisControl } from "../parts/AxisControl";
import { Button } from "../parts/Button";
import { LinkIcon } from "../parts/icons";
import { Steering } from "../parts/Steering";
import { AlignMenu } from "./AlignMenu";
import { CompareMenu } from "./CompareMenu";
import { Tools } from "./Tools";

export function Toolbar({ view }: { view: View }) {
  const { store } = view;
  const disabled = !store.reachable.value;
  return (
    <fieldset class="tw-toolbar" aria-label="Map controls">
      <fieldset class="tw-group" disabled={disabled}>
        <Steering store={store} run={null} playing={store.playing.value} shortcut=" (Space)" />
      </fieldset>
      <Axes view={view} restarts={false} />
      <Axes view={view} restarts={true} />
      <div class="tw-group">
        <CompareMenu view={view} />
        {!view.single.value && <Together view={view} />}
      </div>
      <Tools view={view} />
    </fieldset>
  );
}

/** Controls for shared values, or words for values that differ. */
function Axes({ view, restarts }: { view: View; restarts: boolean }) {
  const { store } = view;
  const runs = view.runs.value;
  const axes = offering(store.axes.value).filter((axis) => axis.in_toolbar && axis.restarts === restarts);
  return (
    <fieldset class="tw-group" disabled={!store.reachable.value}>
      {axes.map((axis) => {
        const [applied, ...others] = distinct(runs, axis.name);
        return others.length > 0 ? (
          <Varied key={axis.name} name={axis.label} values={wordsOf(runs, axis.name)} />
        ) : (
          <AxisControl key={axis.name} store={store} axis={axis} applied={applied} run={null} />
        );
      })}
    </fieldset>
  );
}

/** The toolbar shows at most this many values, else only their number. */
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
