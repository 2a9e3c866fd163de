/** Steps along the colour bar of a column, and the range of values that they stand for. */
import type { ConditionTrait, Scale, Transform } from "../wire/traits";

type Range = NonNullable<ConditionTrait["range"]>;
type Ends = Pick<Scale, "low" | "high" | "least" | "most">;

/** How many steps the bar has. */
export const BAR_STEPS = 100;
/** Guards against rounding at the border of two steps. */
const NEAR = 1e-6;

/** The value at a share of the bar. */
function valueAt(share: number, { low, high }: Ends, transform: Transform): number {
  if (transform === "log") return Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
  return low * (1 - share) + high * share; // the difference may overflow
}

function shareOf(value: number, { low, high }: Ends, transform: Transform): number {
  if (transform === "log") return (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
  const shrink = Number.isFinite(high - low) ? 1 : 0.5;
  return (value * shrink - low * shrink) / (high * shrink - low * shrink);
}

/** The values of some steps; the first and the last also stand for all values beyond. */
export function rangeOfSteps([first, last]: [number, number], ends: Ends, transform: Transform): Range {
  return [
    first === 0 ? null : valueAt(first / BAR_STEPS, ends, transform),
    last === BAR_STEPS - 1 ? null : valueAt((last + 1) / BAR_STEPS, ends, transform),
  ];
}

/** The steps that hold a range. */
export function stepsOfRange([low, high]: Range, ends: Ends, transform: Transform): [number, number] {
  const within = (step: number) => Math.max(0, Math.min(BAR_STEPS - 1, step));
  const at = (value: number) => BAR_STEPS * shareOf(value, ends, transform);
  const first = low === null ? 0 : within(Math.floor(at(low) + NEAR));
  const last = high === null ? BAR_STEPS - 1 : within(Math.ceil(at(high) - NEAR) - 1);
  return [Math.min(first, last), Math.max(first, last)];
}
