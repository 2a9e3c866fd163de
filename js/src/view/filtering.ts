/** Filtering by the values of a column: which of them pass, and what the user asks for instead. */
import type { ConditionTrait } from "../wire/traits";
import type { View } from "./view";

type Range = NonNullable<ConditionTrait["range"]>;

/** The condition that keeps a range or some values of a column; null if there is none, or if it is turned around. */
export function conditionOn({ store }: View, column: string): ConditionTrait | null {
  const there = store.filter.value?.conditions.filter((one) => one.column === column) ?? [];
  return there.length === 1 && !there[0].negated ? there[0] : null;
}

/** Has rows stand out by a range of a column; null: by none. */
export function filterRange({ store }: View, column: string, range: Range | null): void {
  const nothing = range === null && !store.filter.peek()?.conditions.some((one) => one.column === column);
  if (!nothing) store.command({ name: "filter", column, range, values: null });
}

/** Adds a value of a column to those that pass, or takes it from them. */
export function filterValue(view: View, column: string, value: string | null): void {
  const now = conditionOn(view, column)?.values ?? [];
  const left = now.filter((one) => one !== value);
  const values = left.length < now.length ? left : [...now, value];
  view.store.command({ name: "filter", column, range: null, values: values.length > 0 ? values : null });
}
