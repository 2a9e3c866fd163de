/** A slider on a logarithmic scale and a field for a number, applied on release or after a rest. */
import { useEffect, useRef } from "preact/hooks";
import type { Note, Reach } from "../../wire/traits";
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
  const scale = reach?.slider ? scaleOf(reach.slider, reach.step, props.applied) : null;
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
        <span class={`tw-note tw-meaning${unusual(asked.value, note) ? " tw-doubtful" : ""}`}>
          {noteOn(asked.value, reach)}
        </span>
      )}
    </>
  );
}

/** "≈ 90 neighbours of 1,797" */
function noteOn(value: number, reach: Reach | null): string | undefined {
  if (!reach?.note) return undefined;
  const { words, per, most, beyond } = reach.note;
  const count = Math.min(most, Math.round(per * value)).toLocaleString("en");
  return words.replace("{}", count) + (unusual(value, reach.note) ? beyond : "");
}

function unusual(value: number, { usual }: Note): boolean {
  return usual !== null && value > usual;
}

interface Scale {
  value(position: number): number;
  position(value: number): number;
}

/** Over the range of a slider, or more if already in force. */
export function scaleOf([low, high]: [number, number], step: number | null, applied: number): Scale {
  const ends: [number, number] = [Math.min(applied, low), Math.max(applied, high)];
  return ends[0] > 0 ? new LogScale(ends, step) : new EvenScale(ends, step);
}

class EvenScale implements Scale {
  constructor(
    private readonly ends: [number, number],
    private readonly step: number | null,
  ) {}

  value(position: number): number {
    const [low, high] = this.ends;
    return within(this.ends, rounded(low + ((high - low) * position) / STEPS, this.step));
  }

  position(value: number): number {
    const [low, high] = this.ends;
    return Math.round((STEPS * (value - low)) / (high - low || 1));
  }
}

class LogScale implements Scale {
  private readonly low: number;
  private readonly high: number;

  constructor(
    private readonly ends: [number, number],
    private readonly step: number | null,
  ) {
    [this.low, this.high] = ends;
  }

  value(position: number): number {
    if (position <= 0) return this.low;
    return within(this.ends, rounded(this.low * (this.high / this.low) ** (position / STEPS), this.step));
  }

  position(value: number): number {
    return Math.round((STEPS * Math.log(value / this.low)) / Math.log(this.high / this.low || 2));
  }
}

function within([low, high]: [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

function rounded(value: number, step: number | null): number {
  const multiple = step ?? (value < 10 ? 0.1 : 1);
  return Number((Math.round(value / multiple) * multiple).toPrecision(12));
}
