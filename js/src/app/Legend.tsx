/** What the colours mean; labels with their counts: a click isolates, with shift adds. Below, the selection. */

import { CATEGORICAL_LIMIT } from "../scatter";
import { ColourBar, ColourMenu, Stability, StabilityOf } from "./Agreement";
import { Link } from "./Button";
import { meanStability, stabilityByLabel, stabilityShown } from "./colouring";
import { cssColour, number } from "./labels";
import { ALIGN_ROWS, type View } from "./view";

/** More entries than this are counted, not listed. */
const MAX_ENTRIES = 200;

export function Legend({ view }: { view: View }) {
  const { labels } = view;
  const byLabel = view.colour.value === "labels" || view.single.value !== null;
  return (
    <aside class="tw-legend" aria-label="Legend">
      {!view.single.value && <ColourMenu view={view} />}
      {!byLabel && <Stability view={view} />}
      {labels.kind === "categories" && <Entries view={view} />}
      {byLabel && labels.kind === "scale" && (
        <ColourBar palette={view.labelPalette.value} low={number(labels.low)} high={number(labels.high)} />
      )}
      {byLabel && labels.repeatsColours && (
        <p class="tw-note">
          {labels.entries.length} labels share {CATEGORICAL_LIMIT} colours
        </p>
      )}
      <Selected view={view} />
    </aside>
  );
}

function Entries({ view }: { view: View }) {
  const isolated = view.isolated.value;
  const palette = view.labelPalette.value;
  const { entries } = view.labels;
  const shown = entries.slice(0, MAX_ENTRIES);
  const stability = stabilityShown(view);
  const means = stability && stabilityByLabel(stability.values, view.labels);
  return (
    <ul class="tw-entries">
      {shown.map(({ code, name, count }) => (
        <li key={code}>
          <button
            type="button"
            class={`tw-entry${isolated.size > 0 && !isolated.has(code) ? " tw-back" : ""}`}
            aria-pressed={isolated.has(code)}
            title={`${name}: ${count} rows. Click isolates, shift-click adds`}
            data-lm-suppress-shortcuts="true"
            onClick={(event) => view.isolate(code, event.shiftKey)}
          >
            <i style={{ background: cssColour(palette, code) }} />
            <span class="tw-name">{name.trim() || "(empty)"}</span>
            <span class="tw-count">
              {means ? <StabilityOf value={means[code]} /> : count.toLocaleString("en")}
            </span>
          </button>
        </li>
      ))}
      {entries.length > MAX_ENTRIES && (
        <li class="tw-note">and {(entries.length - MAX_ENTRIES).toLocaleString("en")} more</li>
      )}
    </ul>
  );
}

function Selected({ view }: { view: View }) {
  const { store } = view;
  const rows = store.selection.value;
  const stability = stabilityShown(view);
  if (view.marked.value) return <p class="tw-selected">marked: those that travel furthest</p>;
  if (rows.length === 0) return null;
  return (
    <p class="tw-selected">
      selected {rows.length.toLocaleString("en")} {rows.length === 1 ? "row" : "rows"}
      <Link
        onClick={() => {
          store.select(new Int32Array(0));
          view.focusMap(); // this button goes away
        }}
      >
        clear
      </Link>
      {!view.single.value && rows.length >= ALIGN_ROWS && <AlignToThem view={view} />}
      {stability && (
        <span class="tw-wide">
          stable <StabilityOf value={meanStability(stability.values, rows)} />
        </span>
      )}
    </p>
  );
}

function AlignToThem({ view }: { view: View }) {
  const { store } = view;
  const now = store.align.value === "selection";
  return (
    <Link
      title={now ? "Turn the maps so that all points fit" : "Turn the maps so that the selected points fit"}
      onClick={() => store.setAlign(now ? true : "selection")}
    >
      {now ? "align by all" : "align by these"}
    </Link>
  );
}
