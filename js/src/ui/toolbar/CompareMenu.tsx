/** Which maps stand side by side: the product of the values of all axes. */

import { useSignal } from "@preact/signals";
import { offering } from "../../view/axes";
import { plan, type Wanted, wantedNow } from "../../view/comparePlan";
import type { View } from "../../view/view";
import type { AxisTrait, AxisValue } from "../../wire/traits";
import { Link } from "../parts/Button";
import { Popover } from "../parts/Popover";

export function CompareMenu({ view }: { view: View }) {
  return (
    <Popover label="Compare several maps side by side" class="tw-compare" face="compare ▾">
      {(close) => <Choices view={view} close={close} />}
    </Popover>
  );
}

function Choices({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const runs = view.runs.value;
  const axes = store.axes.value;
  const wanted = useSignal<Wanted>(wantedNow(axes, runs));
  const change = (changes: Wanted) => {
    wanted.value = { ...wanted.value, ...changes };
  };
  const now = view.beside.value.map(({ run }) => view.title(run));
  const beside = useSignal(now);
  const wantedBeside = { now, wanted: beside.value };
  const { command, count, same, problem, warning } = plan(
    wanted.value,
    axes,
    runs,
    store.limits,
    wantedBeside,
  );
  const show = () => {
    if (problem || same) return;
    store.command(command);
    close();
    view.focusMap();
  };
  const maps = count === 1 ? "1 map" : `${count} maps`;
  return (
    <form
      class="tw-menu"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        // JupyterLab takes Enter for itself, so the browser does not act on it either.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) show();
      }}
    >
      {offering(axes).map((axis) => (
        <Values key={axis.name} axis={axis} wanted={wanted.value} change={change} />
      ))}
      <BesideTicks
        names={[...now, ...store.methods.slice(1).map(({ label }) => label)]}
        chosen={beside.value}
        onChange={(names) => (beside.value = names)}
      />
      {axes.map(
        ({ name, needs }) =>
          needs &&
          Number(wanted.value[name]) > 1 &&
          !(wanted.value[needs.axis] as AxisValue[]).includes(needs.value) && (
            <p key={name} class="tw-note">
              {needs.sentence}{" "}
              <Link onClick={() => change({ [needs.axis]: [needs.value] })}>{needs.offer}</Link>
            </p>
          ),
      )}
      {warning && <p class="tw-note">{warning}</p>}
      {problem && (
        <p class="tw-warning" role="alert">
          {problem}
        </p>
      )}
      <div class="tw-group">
        <button
          type="button"
          class="tw-button tw-worded"
          disabled={problem !== "" || same || !store.reachable.value}
          data-lm-suppress-shortcuts="true"
          onClick={show}
        >
          {same ? "as shown" : `show ${problem ? "" : maps}`}
        </button>
        {runs.length > 1 && <BackToOne view={view} close={close} />}
      </div>
    </form>
  );
}

interface ValuesProps {
  axis: AxisTrait;
  wanted: Wanted;
  change: (changes: Wanted) => void;
}

/** The values of one axis: numbers as typed, how many seeds, or choices to be ticked. */
function Values(props: ValuesProps) {
  if (props.axis.kind === "choice") return <Ticks {...props} />;
  return props.axis.kind === "seed" ? <HowMany {...props} /> : <Numbers {...props} />;
}

function Numbers({ axis: { name, plural, offered }, wanted, change }: ValuesProps) {
  const numbers = offered.map(({ text }) => text).join(", ");
  return (
    <label class="tw-label">
      {plural}
      <input
        type="text"
        class="tw-number tw-list"
        value={wanted[name] as string}
        data-lm-suppress-shortcuts="true"
        onInput={(event) => change({ [name]: event.currentTarget.value })}
      />
      <Link onClick={() => change({ [name]: numbers })}>{numbers}</Link>
    </label>
  );
}

function HowMany({ axis: { name, plural }, wanted, change }: ValuesProps) {
  return (
    <label class="tw-label">
      {plural}: how many
      <input
        type="number"
        class="tw-number"
        min={1}
        step={1}
        value={wanted[name] as number}
        data-lm-suppress-shortcuts="true"
        onInput={(event) => change({ [name]: Number(event.currentTarget.value) })}
      />
    </label>
  );
}

function Ticks({ axis: { name, plural, offered }, wanted, change }: ValuesProps) {
  const chosen = wanted[name] as AxisValue[];
  const toggle = (value: AxisValue, on: boolean) => {
    const kept = offered
      .map((each) => each.value)
      .filter((each) => (each === value ? on : chosen.includes(each)));
    change({ [name]: kept });
  };
  return (
    <div class="tw-label">
      {plural}
      {offered.map(({ value, text }) => (
        <label class="tw-choice" key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            data-lm-suppress-shortcuts="true"
            onChange={(event) => toggle(value, event.currentTarget.checked)}
          />
          {text}
        </label>
      ))}
    </div>
  );
}

interface BesideProps {
  /** Of maps that are there, and of methods by what they are called. */
  names: string[];
  chosen: string[];
  onChange: (names: string[]) => void;
}

/** Maps by other methods. */
function BesideTicks({ names, chosen, onChange }: BesideProps) {
  const offered = [...new Set(names)];
  if (offered.length === 0) return null;
  return (
    <div class="tw-label">
      beside t-SNE
      {offered.map((name) => (
        <label class="tw-choice" key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            data-lm-suppress-shortcuts="true"
            onChange={(event) => {
              const on = event.currentTarget.checked;
              onChange(offered.filter((each) => (each === name ? on : chosen.includes(each))));
            }}
          />
          {name}
        </label>
      ))}
    </div>
  );
}

/** The enlarged map stays, or else the reference, if t-SNE has made it. */
function BackToOne({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const wanted = [store.mapOf(view.focus.value ?? -1), store.reference.value];
  const run = (wanted.find((map) => map && view.ofTsne.value.includes(map)) ?? view.ofTsne.value[0]).run;
  return (
    <button
      type="button"
      class="tw-button tw-worded"
      title={`keeps ${view.title(run)}`}
      disabled={!store.reachable.value}
      data-lm-suppress-shortcuts="true"
      onClick={() => {
        store.command({ name: "keep", run });
        close();
        view.focusMap();
      }}
    >
      back to one
    </button>
  );
}
