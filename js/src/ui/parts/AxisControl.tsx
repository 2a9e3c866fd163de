/** The control of an axis, for one map or for all that share its value. */
import { distinct } from "../../view/axes";
import { type AxisProps, useAxis } from "./axis";
import { Button, Item } from "./Button";
import { Select } from "./fields";
import { NextIcon } from "./icons";
import { NumberControl } from "./NumberControl";
import { NumberField } from "./NumberField";
import { Popover } from "./Popover";

export function AxisControl(props: AxisProps) {
  const { kind } = props.axis;
  if (kind === "number") return <NumberControl {...(props as AxisProps<number>)} />;
  return kind === "seed" ? <SeedControl {...(props as AxisProps<number>)} /> : <ChoiceControl {...props} />;
}

function SeedControl(props: AxisProps<number>) {
  const { store, run } = props;
  const { name, label, reach, needs } = props.axis;
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
      {isIdle(props) && needs ? (
        <Popover label={`Next ${label}: changes almost nothing`} face={<NextIcon />}>
          {(close) => (
            <div class="tw-menu tw-idle">
              <p>{needs.hint}.</p>
              <Item
                onClick={() => {
                  store.command({ name: "change", axis: needs.axis, value: needs.value, run });
                  close();
                }}
              >
                {needs.offer}
              </Item>
              <Item
                onClick={() => {
                  seed.ask(next());
                  close();
                }}
              >
                next {label} all the same
              </Item>
            </div>
          )}
        </Popover>
      ) : (
        <Button label={`Next ${label}: restart`} onClick={() => seed.ask(next())}>
          <NextIcon />
        </Button>
      )}
    </>
  );
}

/** Whether another axis has no value with which this one would change much. */
function isIdle({ store, axis: { needs }, run }: AxisProps): boolean {
  if (needs === null) return false;
  const concerned = store.maps.value
    .map(({ settings }) => settings.value)
    .filter((one) => (run === null ? !one.beside : one.run === run));
  return !distinct(concerned, needs.axis).includes(needs.value);
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
