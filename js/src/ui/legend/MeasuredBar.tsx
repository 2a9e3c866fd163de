/** The colour bar of numbers, and in words what they are. */

import { coloring, colorMode, measuredShown, rangeMeasured } from "../../view/coloring";
import { cssColor, type Range } from "../../view/labels";
import type { View } from "../../view/view";
import { rowsInWords } from "../../view/words";
import { Stability } from "./Stability";

export function MeasuredBar({ view }: { view: View }) {
  const { labels } = view;
  switch (colorMode(view)) {
    case "labels":
      return labels.kind === "scale" ? <ColorBar view={view} {...labels.range} /> : null;
    case "stability":
      return (
        <>
          <MeasuredRange view={view} />
          <Stability view={view} />
        </>
      );
    case "density":
      return <Density view={view} />;
    case "distance":
      return <Distance view={view} />;
    case "groups":
      return <p class="tw-note">{ungrouped(view)}</p>;
  }
}

function ungrouped({ store }: View): string {
  const groups = store.groups.value;
  if (groups.length === 0) return "no group yet: select rows, then save them as a group";
  const rows = new Set<number>();
  for (const group of groups) for (const row of group.rows) rows.add(row);
  const times = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const several = times > rows.size ? "; where groups overlap the later one shows" : "";
  const none = store.points.n - rows.size;
  return `${rowsInWords(none)} ${none === 1 ? "is" : "are"} in none${several}`;
}

function Density({ view }: { view: View }) {
  const density = view.space.density.value;
  if (!density) return <Unanswered view={view} asked="density" waiting="looking up the neighbours …" />;
  return (
    <>
      <MeasuredRange view={view} ends={["dense", "sparse"]} />
      <p>
        mean distance to the {density.k} nearest in the original space: small is dense. The map itself does
        not show this
      </p>
    </>
  );
}

function Distance({ view }: { view: View }) {
  const distances = view.space.distances.value;
  if (!distances) return <Unanswered view={view} asked="distances" waiting="point at a point" />;
  return (
    <>
      <MeasuredRange view={view} ends={["near", "far"]} />
      <p>
        {distances.metric} distance in the original space to row {distances.row.toLocaleString("en")}
      </p>
    </>
  );
}

interface UnansweredProps {
  view: View;
  asked: "density" | "distances";
  waiting: string;
}

function Unanswered({ view, asked, waiting }: UnansweredProps) {
  if (!view.store.reachable.value) return <p class="tw-note">not known: there is no kernel</p>;
  return <p class="tw-note">{view.space.asked[asked].error.value || waiting}</p>;
}

/** Colours of a scale that the bar is drawn with. */
const STOPS = [0, 32, 64, 96, 128, 160, 192, 224, 255];

interface ColorBarProps extends Range {
  view: View;
  /** What the ends mean. */
  ends?: [string, string];
}

function MeasuredRange({ view, ends }: Pick<ColorBarProps, "view" | "ends">) {
  const measured = measuredShown(view);
  return measured && <ColorBar view={view} ends={ends} {...rangeMeasured(measured)} />;
}

function ColorBar({ view, low, middle, high, beyond, below, above, ends }: ColorBarProps) {
  const { palette } = coloring(view);
  const ramp = STOPS.map((step) => cssColor(palette, step)).join(", ");
  return (
    <div class="tw-colourbar" title={beyond && `${beyond}; the ends of the bar stand for what lies beyond`}>
      <i style={{ background: `linear-gradient(to right, ${ramp})` }} />
      <span>
        {below && "≤ "}
        {low} {ends?.[0]}
      </span>
      <span class="tw-high">
        {ends?.[1]} {above && "≥ "}
        {high}
      </span>
      {middle && <span class="tw-note tw-middle">log scale, {middle} in the middle</span>}
    </div>
  );
}
