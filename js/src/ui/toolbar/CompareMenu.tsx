/** Which maps stand side by side: the product of the values of all axes. */

import { useSignal } from "@preact/signals";
import { offering } from "../../view/axes";
import { plan, type Wanted, wantedNow } from "../../view/comparePlan";
import type { View } from "../../view/view";
import type { AxisTrait, AxisValue } from "../../wire/traits";
import { Link, Worded } from "../parts/Button";
import { Choice } from "../parts/fields";
import { Warning } from "../parts/notes";
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
  /** Maps by other methods that are there, and those that could be. */
  const offered = store.methods.slice(1).filter(({ offered, small }) => offered && !small);
  const methods = [...new Set([...now, ...offered.map(({ label }) => label)])];
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
      {methods.length > 0 && (
        <Ticks
          label="beside t-SNE"
          offered={methods.map((name) => ({ value: name, text: name }))}
          chosen={beside.value}
          onChange={(names) => (beside.value = names)}
        />
      )}
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
      <Warning>{problem}</Warning>
      <div class="tw-group">
        <Worded disabled={problem !== "" || same || !store.reachable.value} onClick={show}>
          {same ? "as shown" : `show ${problem ? "" : maps}`}
        </Worded>
        {runs.length > 1 && <BackToOne view={view} close={close} />}
        <Link
          onClick={() => {
            close();
            view.seek("luck");
          }}
        >
          is it luck?
        </Link>
      </div>
    </form>
  );
}

interface ValuesProps {
  axis: AxisTrait;
  wanted: Wanted;
  change: (changes: Wanted) => void;
}

/** The values of one axis: numbers as typed, how many seeds, or choices to tick. */
function Values(props: ValuesProps) {
  const { axis, wanted, change } = props;
  if (axis.kind === "seed") return <HowMany {...props} />;
  if (axis.kind !== "choice") return <Numbers {...props} />;
  return (
    <Ticks
      label={axis.plural}
      offered={axis.offered}
      chosen={wanted[axis.name] as AxisValue[]}
      onChange={(values) => change({ [axis.name]: values })}
    />
  );
}

function Numbers({ axis: { name, plural, offered }, wanted, change }: ValuesProps) {
  const numbers = offered.map(({ text }) => text).join(", ");
  return (
    <label class="tw-label">
      <span class="tw-varied">{plural}</span>
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
      <span class="tw-varied">{plural}: how many</span>
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

interface TicksProps<Value> {
  label: string;
  offered: { value: Value; text: string }[];
  chosen: Value[];
  onChange: (values: Value[]) => void;
}

function Ticks<Value extends AxisValue>({ label, offered, chosen, onChange }: TicksProps<Value>) {
  const toggle = (value: Value, on: boolean) => {
    const values = offered.map((each) => each.value);
    onChange(values.filter((each) => (each === value ? on : chosen.includes(each))));
  };
  return (
    <div class="tw-label">
      <span class="tw-varied">{label}</span>
      <span class="tw-ticks">
        {offered.map(({ value, text }) => (
          <Choice key={value} checked={chosen.includes(value)} onChange={(on) => toggle(value, on)}>
            {text}
          </Choice>
        ))}
      </span>
    </div>
  );
}

/** The enlarged map stays, or else the reference, if t-SNE has made it. */
function BackToOne({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const wanted = [store.mapOf(view.focus.value ?? -1), store.reference.value];
  const run = (wanted.find((map) => map && view.ofTsne.value.includes(map)) ?? view.ofTsne.value[0]).run;
  return (
    <Worded
      title={`keeps ${view.title(run)}`}
      disabled={!store.reachable.value}
      onClick={() => {
        store.command({ name: "keep", run });
        close();
        view.focusMap();
      }}
    >
      back to one
    </Worded>
  );
}
