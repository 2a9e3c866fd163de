/** The control of an axis for all t-SNE maps, or words for values that differ. */
import { distinct, wordsOf } from "../../view/axes";
import type { View } from "../../view/view";
import type { AxisTrait } from "../../wire/traits";
import { AxisControl } from "../parts/AxisControl";

/** At most this many values are shown, else only their number. */
const MAX_VALUES = 5;

export function SharedAxis({ view, axis }: { view: View; axis: AxisTrait }) {
  const runs = view.runs.value;
  const [applied, ...others] = distinct(runs, axis.name);
  if (others.length === 0) return <AxisControl store={view.store} axis={axis} applied={applied} run={null} />;
  const values = wordsOf(runs, axis.name);
  const told = values.length > MAX_VALUES ? `${values.length} values` : values.join(", ");
  return (
    <span class="tw-label" title={values.join(", ")}>
      {axis.label} <span class="tw-value">{told}</span>
    </span>
  );
}
