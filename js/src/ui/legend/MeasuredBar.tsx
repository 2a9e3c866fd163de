/** The colour bar of numbers, and a sentence that explains them. */

import type { JSX } from "preact";
import { SQUARE_SIDE } from "../../scatter";
import { BAR_STEPS, rangeOfSteps, stepsOfRange } from "../../view/barRange";
import { colorMode, measureChosen, measuredShown, paletteOf, rangeMeasured } from "../../view/coloring";
import { toWords } from "../../view/figures";
import { conditionOn, filterRange } from "../../view/filtering";
import { cssColor, type Range } from "../../view/labels";
import type { View } from "../../view/view";
import { named, rowsInWords } from "../../view/words";
import type { Caution } from "../../wire/replies";
import type { MeasureTrait } from "../../wire/traits";
import { Link } from "../parts/Button";
import { RangeBrush, type Steps } from "../parts/RangeBrush";
import { Means } from "./Means";

export function MeasuredBar({ view }: { view: View }) {
  const { labels, labelPalette } = view;
  const about = measureChosen(view);
  if (about) return <Measure view={view} about={about} />;
  if (colorMode(view) === "groups") return <p class="tw-note">{ungrouped(view)}</p>;
  if (labels.kind !== "scale") return null;
  const bar = <ColorBar palette={labelPalette.value} {...labels.range} />;
  return view.store.reachable.value ? <FilterBar view={view} /> : bar;
}

/** The colours of a column of numbers, on which a range filters the rows. */
function FilterBar({ view }: { view: View }) {
  const { labels, store } = view;
  const scale = store.labels.value;
  const column = store.color.value.column;
  if (scale?.kind !== "scale" || column === null) return null;
  const transform = scale.least > 0 ? store.transform.value : "linear";
  const write = toWords(scale);
  const range = conditionOn(view, column)?.range ?? null;
  const told = (steps: Steps): [string, string] => {
    const [low, high] = rangeOfSteps(steps, scale, transform);
    return [write(low ?? scale.least), write(high ?? scale.most)];
  };
  return (
    <ColorBar palette={view.labelPalette.value} {...labels.range}>
      {(bar) => (
        <RangeBrush
          label={`Range of ${named(column)}`}
          steps={BAR_STEPS}
          value={range && stepsOfRange(range, scale, transform)}
          told={told}
          onChange={(steps) => filterRange(view, column, steps && rangeOfSteps(steps, scale, transform))}
        >
          {bar}
        </RangeBrush>
      )}
    </ColorBar>
  );
}

function ungrouped({ store }: View): string {
  const groups = store.groups.value;
  if (groups.length === 0)
    return store.hasPython.value
      ? "no group yet: select rows, then save them as a group"
      : "there are no groups";
  const rows = new Set<number>();
  for (const group of groups) for (const row of group.rows) rows.add(row);
  const times = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const several = times > rows.size ? "; where groups overlap, the later one shows" : "";
  const none = store.points.n - rows.size;
  return `${rowsInWords(none)} ${none === 1 ? "is" : "are"} in no group${several}`;
}

function Measure({ view, about }: { view: View; about: MeasureTrait }) {
  const measured = measuredShown(view);
  if (!measured) return <Unanswered view={view} about={about} />;
  const { sentence, caution, values } = measured;
  const means = about.by_label && <Means view={view} measured={measured} rows={null} />;
  return (
    <>
      {about.parts.length > 0 ? (
        <ColorSquare palette={paletteOf(view, about)} parts={about.parts} {...rangeMeasured(measured)} />
      ) : (
        <ColorBar palette={paletteOf(view, about)} ends={about.ends} {...rangeMeasured(measured)} />
      )}
      <p>
        {means && values.length === 1 && <>mean {means}: </>}
        {sentence}
      </p>
      {means && values.length > 1 && (
        <div class="tw-means" data-means={about.name}>
          mean {means}
        </div>
      )}
      {caution && <Cautioned view={view} caution={caution} />}
    </>
  );
}

/** Why the numbers say little, and a link to maps that say more. */
function Cautioned({ view, caution }: { view: View; caution: Caution }) {
  const { text, axis, value, action } = caution;
  const again = () => view.store.command({ name: "compare", values: { [axis]: [value] }, beside: null });
  return (
    <p class="tw-warning" role="note">
      {text} {view.store.hasPython.value && <Link onClick={again}>{action}</Link>}
    </p>
  );
}

function Unanswered({ view, about }: { view: View; about: MeasureTrait }) {
  if (!view.store.tellsRows.value) return <p class="tw-note">unknown: there is no kernel</p>;
  if (about.needs === "maps" && view.compared.value.length < 2)
    return <p class="tw-note">needs at least two maps</p>;
  const error = view.measurements.of(about.name).latest.error.value;
  const waiting = about.needs === "row" ? "point at a row" : "measuring …";
  return <p class="tw-note">{error || waiting}</p>;
}

/** The colours of the scale that the bar is drawn with. */
const STOPS = [0, 32, 64, 96, 128, 160, 192, 224, 255];

interface ColorBarProps extends Range {
  palette: Uint8Array;
  /** Words for the ends. */
  ends?: [string, string];
  /** What surrounds the colours. */
  children?: (bar: JSX.Element) => JSX.Element;
}

function ColorBar({ palette, low, middle, high, beyond, below, above, ends, children }: ColorBarProps) {
  const ramp = STOPS.map((step) => cssColor(palette, step)).join(", ");
  const bar = <i style={{ background: `linear-gradient(to right, ${ramp})` }} />;
  return (
    <div class="tw-colorbar" title={beyond && `${beyond}; the ends of the bar stand for all values beyond`}>
      {children ? children(bar) : bar}
      <span>
        {below && "≤ "}
        {low} {ends && <small>{ends[0]}</small>}
      </span>
      <span class="tw-high">
        {ends && <small>{ends[1]}</small>} {above && "≥ "}
        {high}
      </span>
      {middle && <span class="tw-note tw-middle">log scale, {middle} in the middle</span>}
    </div>
  );
}

interface ColorSquareProps extends Range {
  palette: Uint8Array;
  /** What rises to the right, and what upwards. */
  parts: string[];
}

function ColorSquare({ palette, parts: [right, up], low, high: end, above }: ColorSquareProps) {
  const high = above ? `≥ ${end}` : end;
  const steps = Array.from({ length: SQUARE_SIDE }, (_, i) => i);
  const row = (y: number) => steps.map((x) => cssColor(palette, SQUARE_SIDE * y + x)).join(", ");
  return (
    <div class="tw-colorsquare">
      <span class="tw-up">
        {up} <small>{high}</small>
      </span>
      <div role="img" aria-label={`Colours from ${low} to ${high}: ${right} to the right, ${up} upwards`}>
        {steps.map((y) => (
          <i style={{ background: `linear-gradient(to right, ${row(SQUARE_SIDE - 1 - y)})` }} key={y} />
        ))}
      </div>
      <span class="tw-right">
        <small>{low}</small> {right} <small>{high}</small>
      </span>
    </div>
  );
}
