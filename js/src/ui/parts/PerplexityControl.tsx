/** The perplexity: a slider on a logarithmic scale and a field, applied on letting go or after a rest. */
import { useEffect, useRef } from "preact/hooks";
import type { Store } from "../../store/store";
import { useAsked } from "./asked";
import { NumberField } from "./NumberField";

/** Milliseconds without movement after which a slider that is still held is applied. */
const REST = 150;
const STEPS = 1000;

interface Props {
  store: Store;
  /** The perplexity in force. */
  applied: number;
  run: number | null;
}

/** Without a run it is about all maps, which have one perplexity. */
export function PerplexityControl({ store, applied, run }: Props) {
  const asked = useAsked(store, applied, (value) => ({ name: "perplexity", value, run }));
  const timer = useRef(0);
  const scale = new LogScale(store.limits.perplexity_max, store.limits.neighbors_per_perplexity, applied);
  useEffect(() => () => clearTimeout(timer.current), []);

  const apply = (perplexity: number) => {
    clearTimeout(timer.current);
    asked.ask(perplexity);
  };
  const drag = (perplexity: number) => {
    asked.preview(perplexity);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => asked.ask(perplexity), REST);
  };

  return (
    <>
      <label class="tw-label">
        perplexity
        <input
          type="range"
          class="tw-slider"
          min={0}
          max={STEPS}
          value={scale.position(asked.value)}
          aria-valuetext={String(asked.value)}
          title={neighbors(asked.value, store)}
          data-lm-suppress-shortcuts="true"
          onInput={(event) => drag(scale.value(Number(event.currentTarget.value)))}
          onChange={(event) => apply(scale.value(Number(event.currentTarget.value)))}
        />
      </label>
      <NumberField label="perplexity as a number" step="any" value={asked.value} onCommit={apply} />
      <span class={`tw-note tw-neighbours${doubtful(asked.value, store) ? " tw-doubtful" : ""}`}>
        {neighbors(asked.value, store)}
      </span>
    </>
  );
}

function doubtful(perplexity: number, { limits }: Store): boolean {
  return perplexity > limits.perplexity_max / limits.neighbors_per_perplexity;
}

function neighbors(perplexity: number, store: Store): string {
  const { limits, points } = store;
  if (points.weights === "uniform weights") {
    return `${Math.round(perplexity).toLocaleString("en")} neighbours of ${points.n.toLocaleString("en")}, all alike`;
  }
  const count = Math.min(points.n - 1, Math.floor(limits.neighbors_per_perplexity * perplexity));
  const text = `≈ ${count.toLocaleString("en")} neighbours of ${points.n.toLocaleString("en")}`;
  return doubtful(perplexity, store) ? `${text}: nearly all, the map shows little` : text;
}

/** From 2 to a third of the points, further if that is what is in force; round numbers only. */
export class LogScale {
  private readonly low: number;
  private readonly high: number;

  constructor(max: number, perNeighbor: number, applied: number) {
    this.high = Math.max(applied, Math.min(max * 0.99, Math.max(max / perNeighbor, 2)));
    this.low = Math.min(applied, 2, (1 + this.high) / 2);
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
