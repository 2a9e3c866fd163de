/**
 * What the colours mean: labels with their counts, of which a click isolates one and shift adds. Below, the
 * selection.
 */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { colorMode, type Measured, measuredShown } from "../../view/coloring";
import { cssColor, inOrder, type Entry as LabelEntry, type LabelOrder, rowsOf } from "../../view/labels";
import { meansByLabel, together } from "../../view/means";
import type { View } from "../../view/view";
import { count, named, rowsInWords } from "../../view/words";
import type { Nearest } from "../../wire/replies";
import { Link, Plain } from "../parts/Button";
import { Select } from "../parts/fields";
import { IsolateIcon, TargetIcon } from "../parts/icons";
import { Name } from "../parts/Name";
import { AllRows } from "./AllRows";
import { ColorMenu } from "./ColorMenu";
import { Filtered } from "./Filtered";
import { GroupList, NameField } from "./GroupList";
import { MapOfThese } from "./MapOfThese";
import { Means } from "./Means";
import { MeasuredBar } from "./MeasuredBar";
import { NewRows } from "./NewRows";
import { FindClumps, Suggestions } from "./Suggestions";

/** More entries than this are counted instead of listed. */
const MAX_ENTRIES = 200;
/** So few labels are found in any order. */
const FEW = 3;
const ORDERS: { value: LabelOrder; text: string }[] = [
  { value: "own", text: "in their order" },
  { value: "count", text: "largest first" },
  { value: "name", text: "by name" },
];

export function Legend({ view }: { view: View }) {
  const { labels } = view;
  const byLabel = colorMode(view) === "labels";
  return (
    <aside class="tw-legend" aria-label="Legend">
      <ColorMenu view={view} />
      <MeasuredBar view={view} />
      {byLabel && labels.sharing && (
        <p class="tw-note">
          {count(labels.sharing.labels)} labels share {count(labels.sharing.colors)} colours
        </p>
      )}
      <div class="tw-listed">
        <GroupList view={view} />
        <Suggestions view={view} />
        {labels.kind === "categories" && <Entries view={view} headed={!byLabel} key={labels.column} />}
      </div>
      <FindClumps view={view} />
      <NewRows view={view} />
      <AllRows view={view} />
      <Filtered view={view} />
      <Selected view={view} />
      <Doubts view={view} />
      <LeftOut note={view.store.points.note} />
    </aside>
  );
}

/** What features and neighbours say against the maps, those in one metric the same; and why they are not saved. */
function Doubts({ view }: { view: View }) {
  const { maps, points, savingProblem } = view.store;
  const told = maps.value.map(({ status }) => status.value?.doubt);
  const doubts = new Set([points.doubt, ...told, savingProblem.value].filter((doubt) => doubt));
  return [...doubts].map((told) => (
    <p class="tw-note tw-doubt" title={told} key={told}>
      {told}
    </p>
  ));
}

/** Which part of the data the map ignores. */
function LeftOut({ note }: { note: string }) {
  return note ? (
    <p class="tw-note tw-left-out" title={note}>
      {note}
    </p>
  ) : null;
}

/**
 * The filter belongs to one column and is cleared with another. `headed`: names the column of the entries if it
 * does not colour.
 */
function Entries({ view, headed }: { view: View; headed: boolean }) {
  const { entries, column } = view.labels;
  const typed = useSignal("");
  const measured = averaged(view);
  const means = measured?.values.map((parts) => parts.map((values) => meansByLabel(values, view.labels)));
  const meanOf = (code: number) =>
    measured &&
    together(
      (means ?? []).map((parts) => parts.map((one) => one[code])),
      measured.runs.map((run) => view.title(run)),
      measured,
    );
  const wanted = typed.value.trim().toLowerCase();
  const matching = wanted ? entries.filter(({ name }) => name.toLowerCase().includes(wanted)) : entries;
  const order = view.labelOrder.value;
  const found = useMemo(() => inOrder(matching, order), [matching, order]);
  return (
    <section aria-label="Labels">
      <div class="tw-headed">
        {headed && <h3 class="tw-heading">{column}</h3>}
        {entries.length > FEW && (
          <Select
            aria-label="Order of the labels"
            title="Order of the labels"
            value={order}
            offered={ORDERS}
            onChange={(to) => (view.labelOrder.value = to)}
          />
        )}
      </div>
      {entries.length > MAX_ENTRIES && (
        <input
          type="search"
          class="tw-number tw-filter"
          placeholder="type to find a label"
          aria-label="Find a label"
          data-lm-suppress-shortcuts="true"
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      )}
      <ul class="tw-entries">
        {found.slice(0, MAX_ENTRIES).map((entry) => (
          <Entry view={view} entry={entry} mean={meanOf(entry.code)} key={entry.code} />
        ))}
        {found.length > MAX_ENTRIES && <li class="tw-note">and {count(found.length - MAX_ENTRIES)} more</li>}
      </ul>
    </section>
  );
}

interface EntryProps {
  view: View;
  entry: LabelEntry;
  /** The mean of the measure, and the mean on each of several maps; null if none is shown. */
  mean: { text: string; title: string } | null;
}

function Entry({ view, entry: { code, name, count: rows }, mean }: EntryProps) {
  const isolated = view.isolated.value;
  const shown = named(name);
  const colors = colorMode(view) === "labels";
  const selected = view.selectedByLabel.value?.[code];
  const told =
    selected === undefined
      ? rowsInWords(rows)
      : `${count(selected)} of ${count(rows)} ${rows === 1 ? "row" : "rows"} selected`;
  return (
    <li class="tw-row tw-of-label" data-label={name} data-selected={selected}>
      <Plain
        class={`tw-entry${isolated.size > 0 && !isolated.has(code) ? " tw-back" : ""}`}
        aria-pressed={isolated.has(code)}
        title={`${name}: ${told}. Click isolates it: all others stand back. Shift adds`}
        onClick={(event) => view.isolate(code, event.shiftKey)}
      >
        <span class="tw-called">
          {colors ? (
            <i style={{ background: cssColor(view.labelPalette.value, code) }} />
          ) : (
            <i class="tw-ring" />
          )}
          <Name>{shown}</Name>
        </span>
        <span class="tw-counted">
          {mean ? (
            <span class="tw-count tw-share" title={mean.title}>
              {mean.text}
            </span>
          ) : (
            <span class="tw-count">
              {selected !== undefined && `${count(selected)} of `}
              {count(rows)}
            </span>
          )}
          <IsolateIcon />
        </span>
      </Plain>
      <Plain
        class="tw-button tw-small"
        aria-label={`Select ${shown}`}
        title={`Select the ${rowsInWords(rows)} of ${shown}. Shift adds, Alt removes`}
        onClick={(event) => view.select(rowsOf(view.labels, code), view.opOf(event))}
      >
        <TargetIcon />
      </Plain>
    </li>
  );
}

/** The measure on show if its means make sense: only the enlarged map's if every map is measured by itself. */
function averaged(view: View): Measured | null {
  const measured = measuredShown(view);
  if (!measured?.about.by_label) return null;
  const only = measured.values.length > 1 ? measured.runs.indexOf(view.focus.value ?? -1) : -1;
  return only < 0 ? measured : { ...measured, runs: [measured.runs[only]], values: [measured.values[only]] };
}

function Selected({ view }: { view: View }) {
  const rows = view.store.selection.value;
  const measured = averaged(view);
  if (view.marked.value) return <p class="tw-selected">marked: the points that travel farthest</p>;
  if (rows.length === 0) return null;
  return (
    <div class="tw-selected">
      <span>{rowsInWords(rows.length)} selected</span>
      <Link
        onClick={() => {
          view.select(new Int32Array(0));
          view.focusMap(); // this button disappears
        }}
      >
        clear
      </Link>
      <Link onClick={() => (view.drawer.value = "rows")}>show rows</Link>
      {view.store.hasPython.value && (
        <Link onClick={() => (view.drawer.value = "contrast")}>what sets them apart</Link>
      )}
      <SaveGroup view={view} />
      <MapOfThese view={view} />
      {!view.single.value && rows.length >= view.store.limits.align_rows && <AlignToThem view={view} />}
      {measured && (
        <div class="tw-wide tw-means" data-mean={measured.measure}>
          mean {measured.measure} <Means view={view} measured={measured} rows={rows} />
        </div>
      )}
      <Kept view={view} />
      <Dimmed view={view} />
    </div>
  );
}

function SaveGroup({ view }: { view: View }) {
  const naming = useSignal(false);
  if (!view.store.reachable.value) return null;
  if (!naming.value) return <Link onClick={() => (naming.value = true)}>save as group</Link>;
  const save = (name: string) => {
    view.store.command({ name: "save_group", group: name.trim() || null, color: null });
    naming.value = false;
  };
  return (
    <NameField
      view={view}
      value=""
      label="Name of the group"
      placeholder="name, then Enter"
      onName={save}
      onCancel={() => (naming.value = false)}
    />
  );
}

/** A lasso takes only points that stand out; this tells how many others it circled. */
function Dimmed({ view }: { view: View }) {
  const leftOut = view.leftOut.value;
  if (leftOut?.selection !== view.store.selection.value) return null;
  return (
    <span class="tw-wide tw-note">
      {rowsInWords(leftOut.count)} there {leftOut.count === 1 ? "was" : "were"} not selected:{" "}
      {leftOut.count === 1 ? "it stands" : "they stand"} back
    </span>
  );
}

const JOINED = "lines join it to them";

/** How many of the selected row's neighbours the maps keep, each in its metric. */
function Kept({ view }: { view: View }) {
  const neighbors = view.neighbors.answer.value?.result;
  const [row, ...others] = view.store.selection.value;
  if (!neighbors || neighbors.row !== row || others.length > 0) return null;
  return (
    <div class="tw-wide" data-kept={neighbors.row}>
      {neighbors.by_metric.map((nearest) => (
        <KeptOf view={view} nearest={nearest} key={nearest.sentence} />
      ))}
    </div>
  );
}

function KeptOf({ view, nearest: { sentence, kept } }: { view: View; nearest: Nearest }) {
  const only = view.single.value;
  if (only)
    return (
      <span title={JOINED}>
        <span class="tw-share">{keptOn(kept, only.run)}</span> {sentence}
      </span>
    );
  return (
    <>
      <span title={JOINED}>{sentence}</span>
      {view.runs.value
        .filter(({ run }) => kept[run] !== undefined)
        .map(({ run }) => (
          <div class="tw-kept" key={run}>
            <span>{view.shortTitle(run)}</span>
            <span class="tw-share">{keptOn(kept, run)}</span>
          </div>
        ))}
    </>
  );
}

function keptOn(kept: Nearest["kept"], run: number): number | undefined {
  return kept[run]?.filter((one) => one).length;
}

function AlignToThem({ view }: { view: View }) {
  const { store } = view;
  const now = store.align.value === "selection";
  return (
    <Link
      title={now ? "Turn the maps to fit all points" : "Turn the maps to fit the selected points"}
      onClick={() => store.setAlign(now ? true : "selection")}
    >
      {now ? "align by all" : "align by these"}
    </Link>
  );
}
