/** The distribution of a column above its values; a range of numbers or some of the values filter the rows. */
import { useMemo } from "preact/hooks";
import { toWords } from "../../view/figures";
import { conditionOn, filterRange, filterValue } from "../../view/filtering";
import type { View } from "../../view/view";
import { count, named, rowsInWords } from "../../view/words";
import { MISSING_BIN } from "../../wire/replies";
import type { ConditionTrait } from "../../wire/traits";
import { Plain } from "../parts/Button";
import { Name } from "../parts/Name";
import { RangeBrush, type Steps } from "../parts/RangeBrush";
import { countOf, type Distribution, type Distributions } from "./distributions";

/** How many values are listed. */
const LISTED = 4;
/** The height of a histogram, in its own units. */
const HEIGHT = 100;

interface Props {
  view: View;
  distributions: Distributions;
  column: string;
}

export function ColumnFilter({ view, distributions, column }: Props) {
  const told = distributions.of(column).value;
  const { selection, filter } = view.store;
  const rows = selection.value.length > 0 ? selection.value : filter.value?.rows;
  const part = useMemo(() => (told && rows ? countOf(told.codes, rows) : null), [told, rows]);
  if (!told) return null;
  const shown = { view, told, part, of: selection.value.length > 0 ? "selected" : "shown" };
  if (told.ends.length > 0) return <Histogram {...shown} />;
  return told.names.length > 0 ? <Values {...shown} /> : null;
}

interface ShownProps {
  view: View;
  told: Distribution;
  /** How many rows of each bin are selected or pass the filter; null: nothing is selected and there is no filter. */
  part: Uint32Array | null;
  /** What they are. */
  of: string;
}

function Histogram({ view, told, part, of }: ShownProps) {
  const { column, ends, counts, least, most } = told;
  const steps = ends.length;
  const most_rows = Math.max(...counts.subarray(0, steps), 1);
  const range = conditionOn(view, column)?.range ?? null;
  const write = toWords(told);
  const inWords = ([first, last]: Steps): [string, string] => {
    const [low, high] = valuesOf(told, [first, last]);
    return [write(low ?? least), write(high ?? most)];
  };
  const [low, high] = [range?.[0] ?? least, range?.[1] ?? most].map(write);
  const missing = counts[MISSING_BIN];
  const gap = missing > 0 && <Value shown={{ view, told, part, of }} bin={MISSING_BIN} name={null} />;
  if (least === most)
    return (
      <div class="tw-frequent" data-distribution={column}>
        <span class="tw-note">all {write(least)}</span>
        {gap}
      </div>
    );
  return (
    <div class="tw-histogram" data-distribution={column}>
      <RangeBrush
        single
        label={column}
        steps={steps}
        value={range && binsOf(told, range)}
        told={inWords}
        onChange={(bins) => filterRange(view, column, bins && valuesOf(told, bins))}
      >
        <svg viewBox={`0 0 ${steps} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {ends.map((end, bin) => {
            const whole = heightOf(counts[bin], most_rows);
            const within = part ? heightOf(part[bin], most_rows) : 0;
            return (
              <g key={bin}>
                <title>{end && binInWords(end.map(write), counts[bin], part?.[bin], of)}</title>
                <rect class="tw-all-rows" x={bin + 0.08} y={HEIGHT - whole} width={0.84} height={whole} />
                {part && (
                  <rect
                    class="tw-some-rows"
                    x={bin + 0.08}
                    y={HEIGHT - within}
                    width={0.84}
                    height={within}
                  />
                )}
              </g>
            );
          })}
        </svg>
      </RangeBrush>
      <span class="tw-ends">
        <span>{low}</span>
        <span>{high}</span>
      </span>
      {gap}
    </div>
  );
}

/** Even one row is seen. */
function heightOf(rows: number, most: number): number {
  return rows === 0 ? 0 : Math.max(4, (HEIGHT * rows) / most);
}

function binInWords([low, high]: string[], rows: number, part: number | undefined, of: string): string {
  const range = low === high ? low : `${low} to ${high}`;
  return `${range}: ${rowsInWords(rows)}${part === undefined ? "" : `, ${count(part)} ${of}`}`;
}

/** The bins that a range reaches. */
function binsOf({ ends }: Distribution, [low, high]: NonNullable<ConditionTrait["range"]>): Steps {
  const reached = ends.flatMap((end, bin) =>
    end && (low === null || end[1] >= low) && (high === null || end[0] <= high) ? [bin] : [],
  );
  const first = low === null ? 0 : (reached[0] ?? 0);
  const last = high === null ? ends.length - 1 : (reached.at(-1) ?? first);
  return [first, Math.max(first, last)];
}

/** The values at the ends of some bins; the first and last also stand for infinite ones. */
function valuesOf({ ends }: Distribution, [first, last]: Steps): [number | null, number | null] {
  const within = ends.slice(first, last + 1).filter((end) => end !== null);
  if (within.length === 0)
    return first === 0 ? [null, before(ends, last)] : [before(ends, first), before(ends, first)];
  const low = first === 0 ? null : within[0][0];
  return [low, last === ends.length - 1 ? null : within[within.length - 1][1]];
}

/** The most value below a bin: an empty range holds no more than that. */
function before(ends: Distribution["ends"], bin: number): number | null {
  return ends.slice(0, bin).findLast((end) => end !== null)?.[1] ?? null;
}

/** The most frequent values as bars, and how many more there are. */
function Values(shown: ShownProps) {
  const { view, told } = shown;
  const { column, names, counts } = told;
  const chosen = conditionOn(view, column)?.values ?? [];
  const distinct = names.every((_, bin) => counts[bin] === 1);
  if (distinct && names.length > LISTED)
    return <span class="tw-note">{count(names.length + told.more)} different values</span>;
  const listed = names
    .map((name, bin) => ({ name, bin }))
    .filter(({ name, bin }) => bin < LISTED || chosen.includes(name));
  const missing = counts[MISSING_BIN] > 0;
  const more = names.length - listed.length + told.more;
  return (
    <div class="tw-frequent" data-distribution={column}>
      {listed.map(({ name, bin }) => (
        <Value shown={shown} bin={bin} name={name} key={bin} />
      ))}
      {missing && <Value shown={shown} bin={MISSING_BIN} name={null} />}
      {more > 0 && <span class="tw-note">and {count(more)} more</span>}
    </div>
  );
}

interface ValueProps {
  shown: ShownProps;
  bin: number;
  /** null: a missing value. */
  name: string | null;
}

function Value({ shown: { view, told, part, of }, bin, name }: ValueProps) {
  const { column, counts } = told;
  const most = Math.max(...counts.subarray(0, told.names.length), counts[MISSING_BIN], 1);
  const pressed = conditionOn(view, column)?.values?.includes(name) ?? false;
  const called = name === null ? "missing" : named(name);
  const rows = part ? `${count(part[bin])} of ${rowsInWords(counts[bin])} ${of}` : rowsInWords(counts[bin]);
  return (
    <Plain
      class={`tw-value-bar${name === null ? " tw-note" : ""}`}
      aria-pressed={pressed}
      title={`${called}: ${rows}. Click filters by it`}
      data-value={name ?? ""}
      onClick={() => filterValue(view, column, name)}
    >
      <i class="tw-all-rows" style={{ width: `${(100 * counts[bin]) / most}%` }} />
      {part && <i class="tw-some-rows" style={{ width: `${(100 * part[bin]) / most}%` }} />}
      <Name>{called}</Name>
      <span class="tw-count">{count(counts[bin])}</span>
    </Plain>
  );
}
