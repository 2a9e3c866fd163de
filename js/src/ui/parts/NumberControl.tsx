/** A slider on a logarithmic scale and a field for a number, applied on release or after a rest. */
import { useEffect, useRef } from "preact/hooks";
import type { Reach } from "../../wire/traits";
import { type AxisProps, useAxis } from "./axis";
import { Slider } from "./fields";
import { NumberField } from "./NumberField";

/** Milliseconds without movement before a slider that is still held is applied. */
const REST = 150;
const STEPS = 1000;

export function NumberControl(props: AxisProps<number>) {
  const { label, reach } = props.axis;
  const asked = useAxis(props);
  const timer = useRef(0);
  const scale = reach?.slider ? new LogScale(reach.slider, props.applied) : null;
  useEffect(() => () => clearTimeout(timer.current), []);

  const apply = (value: number) => {
    clearTimeout(timer.current);
    asked.ask(value);
  };
  const drag = (value: number) => {
    asked.preview(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => asked.ask(value), REST);
  };
  const note = reach?.note;

  return (
    <>
      {scale ? (
        <label class="tw-label">
          {label}
          <Slider
            min={0}
            max={STEPS}
            value={scale.position(asked.value)}
            aria-valuetext={String(asked.value)}
            title={noteOn(asked.value, reach)}
            onInput={(event) => drag(scale.value(Number(event.currentTarget.value)))}
            onChange={(event) => apply(scale.value(Number(event.currentTarget.value)))}
          />
        </label>
      ) : (
        <span class="tw-label">{label}</span>
      )}
      <NumberField label={`${label} as a number`} step="any" value={asked.value} onCommit={apply} />
      {note && (
        <span class={`tw-note tw-meaning${asked.value > note.usual ? " tw-doubtful" : ""}`}>
          {noteOn(asked.value, reach)}
        </span>
      )}
    </>
  );
}

/** "≈ 90 neighbours of 1,797" */
function noteOn(value: number, reach: Reach | null): string | undefined {
  if (!reach?.note) return undefined;
  const { words, per, most, usual, beyond } = reach.note;
  const count = Math.min(most, Math.round(per * value)).toLocaleString("en");
  return words.replace("{}", count) + (value > usual ? beyond : "");
}

/** Over the range of a slider, or more if already in force; round numbers only. */
export class LogScale {
  private readonly low: number;
  private readonly high: number;

  constructor([low, high]: [number, number], applied: number) {
    this.high = Math.max(applied, high);
    this.low = Math.min(applied, low);
  }

  value(position: number): number {
    if (position <= 0) return this.low;
    const raw = this.low * (this.high / this.low) ** (position / STEPS);
    const rounded = raw < 10 ? Math.round(raw * 10) / 10 : Math.round(raw);
    return Math.min(this.high, Math.max(this.low, rounded));
  }

  position(value: number): number {
    return Math.round((STEPS * Math.log(value / this.low)) / Math.log(this.high / this.low || 2));
  }
}
