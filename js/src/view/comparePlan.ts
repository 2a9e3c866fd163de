/** Turns what is typed in the compare menu into the maps it makes. */
import type { Command } from "../wire/protocol";
import type { AxisTrait, AxisValue, LimitsTrait, RunTrait } from "../wire/traits";
import { distinct, wordsOf } from "./axes";
import { sameMembers } from "./sets";

/** By axis: numbers as typed, separated by commas or spaces; the number of seeds; the choices. */
export type Wanted = Record<string, string | number | AxisValue[]>;

export interface Plan {
  command: Extract<Command, { name: "compare" }>;
  count: number;
  /** Why it cannot be done; empty if it can. */
  problem: string;
  /** Whether these maps are already there. */
  same: boolean;
  /** How the result will differ from the request. */
  warning: string;
}

/** The maps beside t-SNE by name: the present ones and the wanted ones. */
export interface Beside {
  now: string[];
  wanted: string[];
}

/** The wanted values of one axis. */
interface Part {
  values: AxisValue[];
  count: number;
  problem: string;
  warning: string;
}

export function wantedNow(axes: readonly AxisTrait[], runs: readonly RunTrait[]): Wanted {
  return Object.fromEntries(
    axes.map(({ name, kind }) => {
      if (kind === "number") return [name, wordsOf(runs, name).join(", ")];
      const values = distinct(runs, name);
      return [name, kind === "seed" ? values.length : values];
    }),
  );
}

export function plan(
  wanted: Wanted,
  axes: readonly AxisTrait[],
  runs: readonly RunTrait[],
  { runs_max }: LimitsTrait,
  beside: Beside,
): Plan {
  const parts = axes.map((axis) => partOf(axis, wanted[axis.name], runs, runs_max));
  const count = parts.reduce((product, part) => product * part.count, 1) + beside.wanted.length;
  const many = count > runs_max ? `${count.toLocaleString("en")} maps: at most ${runs_max}` : "";
  return {
    command: {
      name: "compare",
      values: Object.fromEntries(axes.map(({ name }, i) => [name, parts[i].values])),
      beside: beside.wanted,
    },
    count,
    same:
      count === runs.length &&
      sameMembers(beside.now, beside.wanted) &&
      axes.every(({ name }, i) => sameMembers(distinct(runs, name), parts[i].values)),
    problem: parts.map(({ problem }) => problem).find(Boolean) ?? many,
    warning: parts.map(({ warning }) => warning).find(Boolean) ?? "",
  };
}

function partOf(axis: AxisTrait, wanted: Wanted[string], runs: readonly RunTrait[], most: number): Part {
  if (axis.kind === "number") return numbers(axis, wanted as string);
  if (axis.kind === "seed") return seeds(axis, wanted as number, runs, most);
  const values = wanted as AxisValue[];
  const problem = values.length === 0 ? `choose at least one ${axis.label}` : "";
  return { values, count: values.length, problem, warning: "" };
}

function numbers({ label, reach }: AxisTrait, typed: string): Part {
  const words = typed.split(/[\s,;]+/).filter(Boolean);
  const values = words.map(Number);
  const { low, high, allowed, in_range } = reach ?? { low: Number.NEGATIVE_INFINITY, high: null };
  const outside = words.filter((_, i) => high !== null && values[i] > high);
  const wrong = words.find((_, i) => !(Number.isFinite(values[i]) && values[i] >= low));
  const twice = words.find((_, i) => values.indexOf(values[i]) < i);
  let problem = "";
  if (words.length === 0) problem = `enter at least one ${label}`;
  else if (wrong !== undefined) problem = `${label} ${wrong}: must be ${allowed}`;
  else if (twice !== undefined) problem = `${label} ${twice} occurs twice`;
  const warning =
    outside.length > 0
      ? `${outside.join(", ")}: out of range, must be ${in_range}; that map will say so`
      : "";
  return { values, count: values.length, problem, warning };
}

/** The present seeds, then the next ones. */
function seeds(
  { name, plural, reach }: AxisTrait,
  wanted: number,
  runs: readonly RunTrait[],
  most: number,
): Part {
  const last = reach?.high ?? Number.MAX_SAFE_INTEGER;
  // One more than allowed is enough to report too many.
  const count = Math.max(0, Math.min(wanted, most + 1, last));
  const values = (distinct(runs, name) as number[]).slice(0, count);
  for (let next = values[0]; values.length < count; next = (next + 1) % (last + 1)) {
    if (!values.includes(next)) values.push(next);
  }
  const problem = Number.isInteger(wanted) && wanted >= 1 ? "" : `enter how many ${plural}, 1 or more`;
  return { values, count: wanted, problem, warning: "" };
}
