/** All controls in one line that wraps. */

import { offering } from "../../view/axes";
import type { View } from "../../view/view";
import { Button } from "../parts/Button";
import { LinkIcon } from "../parts/icons";
import { Steering } from "../parts/Steering";
import { AlignMenu } from "./AlignMenu";
import { CompareMenu } from "./CompareMenu";
import { MoreMenu } from "./MoreMenu";
import { PlaceMenu } from "./PlaceMenu";
import { SharedAxis } from "./SharedAxis";
import { Tools } from "./Tools";

export function Toolbar({ view }: { view: View }) {
  const { store } = view;
  return (
    <fieldset class="tw-toolbar" aria-label="Map controls">
      {store.hasPython.value && <Computing view={view} />}
      <div class="tw-group">
        {store.hasPython.value && <CompareMenu view={view} />}
        {!view.single.value && <Together view={view} />}
        <PlaceMenu view={view} />
      </div>
      <Tools view={view} />
    </fieldset>
  );
}

/** What starts and steers the computation of maps. */
function Computing({ view }: { view: View }) {
  const { store } = view;
  return (
    <>
      <fieldset class="tw-group" disabled={!store.reachable.value}>
        <Steering store={store} run={null} playing={store.playing.value} shortcut=" (Space)" />
      </fieldset>
      <Axes view={view} restarts={false} />
      <Axes view={view} restarts={true} />
      <MoreMenu view={view} />
    </>
  );
}

function Axes({ view, restarts }: { view: View; restarts: boolean }) {
  const { store } = view;
  const axes = offering(store.axes.value).filter((axis) => axis.in_toolbar && axis.restarts === restarts);
  return (
    <fieldset class="tw-group" disabled={!store.reachable.value}>
      {axes.map((axis) => (
        <SharedAxis key={axis.name} view={view} axis={axis} />
      ))}
    </fieldset>
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
