/** Traits as signals. A trait with an impossible value is refused, and its old value stays. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Check, otherwise } from "../wire/checks";
import { labelsOf } from "../wire/replies";
import { traitChecks, UNTOLD } from "../wire/traitChecks";
import type { Traits, UnsavedLabels } from "../wire/traits";
import type { Channel } from "./channel";
import type { Queries } from "./queries";
import { type Suggestions, suggestionsOf } from "./suggestions";

type Name = keyof Traits & string;

/** What a trait holds once its client has asked for what a notebook must not save. */
type Asked<T extends "labels" | "names"> = Exclude<Traits[`_${T}`], UnsavedLabels | null>;

export class TraitReader {
  private readonly checks: ReturnType<typeof traitChecks>;

  constructor(
    private readonly channel: Channel,
    n: number,
  ) {
    this.checks = traitChecks(n);
  }

  /** The trait's value, or `before` if it is impossible. */
  read<K extends Name>(name: K, before: Traits[K]): Traits[K] {
    const value = this.channel.get(name);
    const check = this.checks[name] as Check<Traits[K]> | undefined;
    return check ? otherwise(() => check(value, name), before, `the trait ${name}`) : value;
  }

  signal<K extends Name>(name: K): ReadonlySignal<Traits[K]> {
    const value = signal(this.read(name, UNTOLD[name]));
    this.channel.listen(`change:${name}`, () => {
      value.value = this.read(name, value.peek());
    });
    return value;
  }

  /** The labels or names themselves, or those that the trait says to ask for; only the newest question counts. */
  asked<T extends "labels" | "names">(name: T, queries: Queries): ReadonlySignal<Asked<T> | null> {
    const found = signal<Asked<T> | null>(null);
    let newest = 0;
    const read = async () => {
      const trait = this.read(`_${name}`, null);
      const number = ++newest;
      if (trait === null || typeof trait === "string" || trait.kind !== "unsaved") {
        found.value = trait as Asked<T> | null;
        return;
      }
      const answer = await queries.ask({ name }).catch(() => null); // without a kernel there are none
      if (answer && number === newest) found.value = labelsOf(answer) as Asked<T>;
    };
    this.channel.listen(`change:_${name}`, read);
    read();
    return found;
  }

  /** The suggested groups, which are asked for whenever the trait says that they have changed. */
  suggestions(queries: Queries): ReadonlySignal<Suggestions | null> {
    const suggestions = signal<Suggestions | null>(null);
    let newest = 0;
    const read = async () => {
      const number = ++newest;
      if (this.read("_suggested", 0) === 0) return;
      const answer = await queries.ask({ name: "suggestions" }).catch(() => null); // without a kernel there are none
      if (number === newest) suggestions.value = answer && suggestionsOf(answer);
    };
    this.channel.listen("change:_suggested", read);
    read();
    return suggestions;
  }
}
