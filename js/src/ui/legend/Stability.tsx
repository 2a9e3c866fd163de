/** How much the maps agree, in the legend: the mean over all points, and what it is worth. */

import { agreeByConstruction } from "../../view/axes";
import { meanStability, stabilityShown } from "../../view/coloring";
import type { View } from "../../view/view";
import { Link } from "../parts/Button";

export function Stability({ view }: { view: View }) {
  const runs = view.compared.value;
  const stability = stabilityShown(view);
  if (runs.length < 2) return <p class="tw-note">two maps at least are needed</p>;
  if (!stability && !view.store.reachable.value)
    return <p class="tw-note">not measured: the kernel is gone</p>;
  if (!stability) return <p class="tw-note tw-late">comparing neighbours …</p>;
  const { k, values } = stability;
  const chance = (k / (view.store.points.n - 1)) ** (runs.length - 1);
  const all = runs.length === 2 ? "both maps" : `all ${runs.length} maps`;
  const which = runs.length < view.runs.value.length ? runs.map((run) => view.title(run)).join(" and ") : all;
  return (
    <>
      <p>
        stability <StabilityOf value={meanStability(values, null)} />: that share of a point's {k} nearest
        neighbours on a map is the same on {runs.length > 2 ? all : which}{" "}
        <span class="tw-note">(by chance {share(chance)})</span>
      </p>
      <Worth view={view} />
    </>
  );
}

/** Maps that start alike agree because they start alike. */
function Worth({ view }: { view: View }) {
  const compared = view.runs.value.filter(({ run }) => view.compared.value.includes(run));
  const needs = agreeByConstruction(view.store.axes.value, compared);
  if (!needs) return null;
  return (
    <p class="tw-warning" role="note">
      These maps start from the same layout, and a seed changes next to nothing then: that they agree says
      nearly nothing.{" "}
      <Link onClick={() => view.store.command({ name: "compare", values: { [needs.axis]: [needs.value] } })}>
        {needs.offer}
      </Link>
    </p>
  );
}

export function StabilityOf({ value }: { value: number }) {
  return <span class="tw-share">{share(value)}</span>;
}

function share(value: number): string {
  return value > 0 && value < 0.005 ? "< 0.01" : value.toFixed(2);
}
