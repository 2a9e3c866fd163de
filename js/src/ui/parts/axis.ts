/** What all controls of an axis share. */
import type { Store } from "../../store/store";
import type { AxisTrait, AxisValue } from "../../wire/traits";
import { type Asked, useAsked } from "./asked";

export interface AxisProps<T extends AxisValue = AxisValue> {
  store: Store;
  axis: AxisTrait;
  /** The value in force. */
  applied: T;
  /** null: all maps, which share one value. */
  run: number | null;
}

export function useAxis<T extends AxisValue>({ store, axis, applied, run }: AxisProps<T>): Asked<T> {
  return useAsked(store, applied, (value) => ({ name: "change", axis: axis.name, value, run }));
}
