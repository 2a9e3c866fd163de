/** From what is typed in the compare menu to the maps that it makes. */
import type { Command } from "../wire/protocol";
import type { LimitsTrait, RunTrait } from "../wire/traits";
import { sameMembers } from "./sets";
import { distinct, plain } from "./titles";

export interface Wanted {
  /** As typed: numbers, apart by commas or spaces. */
  perplexities: string;
  seeds: number;
  inits: string[];
}

export interface Plan {
  command: Extract<Command, { name: "compare" }>;
  count: number;
  /** Why it cannot be done; empty where it can. */
  problem: string;
  /** Whether these maps are there already. */
  same: boolean;
  /** What will be unlike what was asked for. */
  warning: string;
}

export function wantedNow(runs: readonly RunTrait[]): Wanted {
  return {
    perplexities: distinct(runs, "perplexity").map(plain).join(", "),
    seeds: distinct(runs, "random_state").length,
    inits: distinct(runs, "init"),
  };
}

export function plan(wanted: Wanted, runs: readonly RunTrait[], limits: LimitsTrait): Plan {
  const words = wanted.perplexities.split(/[\s,;]+/).filter(Boolean);
  const perplexity = words.map(Number);
  // One more than may be is enough to say that they are too many.
  const random_state = seeds(Math.min(wanted.seeds, limits.runs_max + 1), runs, limits.random_state_max);
  const init = wanted.inits;
  const count = perplexity.length * wanted.seeds * init.length;
  const outside = perplexity.filter((value) => value >= limits.perplexity_max);
  return {
    command: { name: "compare", perplexity, random_state, init },
    count,
    same:
      count === runs.length &&
      sameMembers(distinct(runs, "perplexity"), perplexity) &&
      sameMembers(distinct(runs, "random_state"), random_state) &&
      sameMembers(distinct(runs, "init"), init),
    problem: problem(words, perplexity, wanted, count, limits),
    warning:
      outside.length > 0
        ? `${outside.map(plain).join(", ")}: out of range, must be below ${limits.perplexity_max}; that map will say so`
        : "",
  };
}

function problem(
  words: string[],
  perplexity: number[],
  { seeds, inits }: Wanted,
  count: number,
  { runs_max }: LimitsTrait,
): string {
  const wrong = words.find((_, i) => !(Number.isFinite(perplexity[i]) && perplexity[i] > 1));
  const twice = words.find((_, i) => perplexity.indexOf(perplexity[i]) < i);
  if (words.length === 0) return "a perplexity is needed";
  if (wrong !== undefined) return `perplexity ${wrong}: must be a number above 1`;
  if (twice !== undefined) return `perplexity ${twice} is there twice`;
  if (!(Number.isInteger(seeds) && seeds >= 1)) return "a number of seeds is needed, 1 or more";
  if (inits.length === 0) return "an init is needed";
  if (count > runs_max) return `${count.toLocaleString("en")} maps: at most ${runs_max}`;
  return "";
}

/** The seeds that there are, then those that follow. */
function seeds(count: number, runs: readonly RunTrait[], most: number): number[] {
  const found = distinct(runs, "random_state").slice(0, Math.max(0, count));
  for (let next = found[0]; found.length < Math.min(count, most); next = (next + 1) % (most + 1)) {
    if (!found.includes(next)) found.push(next);
  }
  return found;
}
