/** The control of an axis, for one map or for all that share its value. */
import { distinct } from "../../view/axes";
import { type AxisProps, useAxis } from "./axis";
import { Button } from "./Button";
import { Select } from "./fields";
import { NextIcon } from "./icons";
import { NumberControl } from "./NumberControl";
import { NumberField } from "./NumberField";

export function AxisControl(props: AxisProps) {
  const { kind } = props.axis;
  if (kind === "number") return <NumberControl {...(props as AxisProps<number>)} />;
  return kind === "seed" ? <SeedControl {...(props as AxisProps<number>)} /> : <ChoiceControl {...props} />;
}

function SeedControl(props: AxisProps<number>) {
  const { store, run } = props;
  const { name, label, reach } = props.axis;
  const seed = useAxis(props);
  const next = () => {
    const after = (value: number) => (value + 1) % ((reach?.high ?? Number.MAX_SAFE_INTEGER) + 1);
    // One map skips the seeds of the others.
    const taken =
      run === null
        ? []
        : distinct(
            store.maps.peek().map(({ settings }) => settings.peek()),
            name,
          );
    let value = after(seed.latest());
    while (taken.includes(value)) value = after(value);
    return value;
  };
  return (
    <>
      <span class="tw-label">{label}</span>
      <NumberField label={label} step={1} value={seed.value} onCommit={seed.ask} />
      <Button label={`Next ${label}: restart`} onClick={() => seed.ask(next())}>
        <NextIcon />
      </Button>
    </>
  );
}

function ChoiceControl(props: AxisProps) {
  const { name, label, offered } = props.axis;
  const choice = useAxis(props);
  const axes = props.store.axes.value;
  // What is said of t-SNE's axis need not hold for a method's own.
  const dependent = axes.includes(props.axis)
    ? axes.map(({ needs }) => needs).find((needs) => needs?.axis === name)
    : undefined;
  // A map beside t-SNE may have a value that was not known when the offer was made.
  const known = offered.some(({ value }) => value === choice.value);
  return (
    <label class="tw-label">
      {label}
      <Select
        value={choice.value}
        offered={known ? offered : [...offered, { value: choice.value, text: String(choice.value) }]}
        title={dependent && dependent.value !== choice.value ? dependent.hint : undefined}
        onChange={choice.ask}
      />
    </label>
  );
}
