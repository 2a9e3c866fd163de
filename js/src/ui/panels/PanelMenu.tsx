/** The menu of one map of a grid. */
import type { MapState } from "../../store/map";
import { axesOf, offering } from "../../view/axes";
import type { View } from "../../view/view";
import type { Command } from "../../wire/protocol";
import type { AxisTrait } from "../../wire/traits";
import { AxisControl } from "../parts/AxisControl";
import { Item } from "../parts/Button";
import { MenuIcon } from "../parts/icons";
import { Warning } from "../parts/notes";
import { Popover } from "../parts/Popover";
import { Steering } from "../parts/Steering";

interface Props {
  view: View;
  map: MapState;
}

export function PanelMenu({ view, map }: Props) {
  const label = `Menu of ${view.title(map.run)}`;
  return (
    <Popover
      label={label}
      class="tw-small"
      face={<MenuIcon />}
      onOpen={() => {
        view.store.refusal.value = "";
      }}
    >
      {(close) => <Items view={view} map={map} close={close} />}
    </Popover>
  );
}

function Items({ view, map, close }: Props & { close: () => void }) {
  const { store } = view;
  const { run } = map;
  const disabled = !store.reachable.value;
  const { made_by } = map.settings.value;
  const { about, label } = map.method;
  const is = store.reference.value === map;
  const act = (action: () => void) => () => {
    action();
    close();
    view.focusMap();
  };
  const send = (command: Command) => act(() => store.command(command));
  return (
    <div class="tw-menu">
      <strong>{view.title(run)}</strong>
      {made_by !== label && made_by !== view.title(run) && <p class="tw-note">{made_by}</p>}
      {about && <p class="tw-note">{about}</p>}
      {store.hasPython.value && <Computing view={view} map={map} />}
      <Item onClick={act(() => view.enlarge(run))}>
        {view.focus.value === run ? "back to the grid" : "enlarge"}
      </Item>
      <Item disabled={is || !map.possible.value} onClick={act(() => store.alignTo(run))}>
        {is ? "the others are turned onto this one" : "turn the others onto this one"}
      </Item>
      {!is && map.possible.value && <Fit view={view} run={run} />}
      {store.hasPython.value && !view.beside.value.includes(map) && (
        <Item disabled={disabled} onClick={send({ name: "keep", run })}>
          keep only this one
        </Item>
      )}
      {store.hasPython.value && (
        <Item disabled={disabled} onClick={send({ name: "remove", run })}>
          remove
        </Item>
      )}
    </div>
  );
}

/** What starts and steers the computation of this map. */
function Computing({ view, map }: Props) {
  const { store } = view;
  const { run } = map;
  const disabled = !store.reachable.value;
  const { values, made_by } = map.settings.value;
  const { live } = map.method;
  const concerned = offering(axesOf(map.settings.value, map.method, store.axes.value));
  return (
    <>
      <fieldset class="tw-group" disabled={disabled || !map.possible.value}>
        <Steering
          store={store}
          run={run}
          playing={map.playing.value}
          live={live}
          restart={live ? undefined : `Compute ${made_by} again`}
        />
      </fieldset>
      {[false, true].map((restarts) => {
        const axes = concerned.filter((axis) => axis.restarts === restarts);
        return axes.length > 0 ? (
          <fieldset key={String(restarts)} class="tw-group" disabled={disabled}>
            {axes.map((axis) => (
              <AxisControl key={axis.name} store={store} axis={axis} applied={values[axis.name]} run={run} />
            ))}
          </fieldset>
        ) : null;
      })}
      <Unconcerned view={view} map={map} />
      <Warning>{store.refusal.value}</Warning>
    </>
  );
}

/** Which controls are missing, and why. */
function Unconcerned({ view, map }: Props) {
  const { axes, follows } = map.method;
  const others = offering(view.store.axes.value).filter(({ name }) => !axes.includes(name));
  const followed = others.filter(({ name }) => follows.includes(name));
  const unconcerned = others.filter(({ name }) => !follows.includes(name));
  return (
    <>
      {followed.length > 0 && (
        <p class="tw-note">{listed(followed, "is that", "are those")} of the first t-SNE map</p>
      )}
      {unconcerned.length > 0 && (
        <p class="tw-note">
          {listed(unconcerned, "does", "do")} not concern {map.settings.value.made_by}
        </p>
      )}
    </>
  );
}

/** "perplexity does", "exaggeration and metric do" */
function listed(axes: readonly AxisTrait[], one: string, several: string): string {
  const labels = axes.map(({ label }) => label);
  const last = labels.pop();
  return labels.length > 0 ? `${labels.join(", ")} and ${last} ${several}` : `${last} ${one}`;
}

/** Below this, turning two maps hardly makes them alike. */
const POOR = 0.6;

function Fit({ view, run }: { view: View; run: number }) {
  const fit = view.scatter?.alignment(run)?.correlation;
  if (fit === undefined) return null;
  const onto = view.title(view.store.reference.value.run);
  return (
    <p class="tw-note" title="correlation of the turned coordinates with those of the other map">
      fits {onto} at {fit.toFixed(2)}
      {fit < POOR && ": poorly, so the same direction means little"}
    </p>
  );
}
