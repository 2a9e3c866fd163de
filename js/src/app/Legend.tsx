/** Labels with their colours and counts; a click isolates, with shift adds. Below, the selection. */
import { CATEGORICAL_LIMIT } from "../scatter";
import { cssColour, number } from "./labels";
import type { View } from "./view";

/** More entries than this are counted, not listed. */
const MAX_ENTRIES = 200;

export function Legend({ view }: { view: View }) {
  const { labels } = view;
  return (
    <aside class="tw-legend" aria-label="Legend">
      {labels.kind === "categories" && <Entries view={view} />}
      {labels.kind === "scale" && <ColourBar view={view} />}
      {labels.repeatsColours && (
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
  const palette = view.palette.value;
  const { entries } = view.labels;
  const shown = entries.slice(0, MAX_ENTRIES);
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
            <span class="tw-count">{count.toLocaleString("en")}</span>
          </button>
        </li>
      ))}
      {entries.length > MAX_ENTRIES && (
        <li class="tw-note">and {(entries.length - MAX_ENTRIES).toLocaleString("en")} more</li>
      )}
    </ul>
  );
}

/** Colours of a scale that the bar is drawn with. */
const STOPS = [0, 32, 64, 96, 128, 160, 192, 224, 255];

function ColourBar({ view }: { view: View }) {
  const { low, high } = view.labels;
  const palette = view.palette.value;
  const ramp = STOPS.map((step) => cssColour(palette, step)).join(", ");
  return (
    <div class="tw-colourbar">
      <i style={{ background: `linear-gradient(to right, ${ramp})` }} />
      <span>{number(low)}</span>
      <span>{number(high)}</span>
    </div>
  );
}

function Selected({ view }: { view: View }) {
  const { store } = view;
  const count = store.selection.value.length;
  if (count === 0) return null;
  return (
    <p class="tw-selected">
      selected {count.toLocaleString("en")} {count === 1 ? "row" : "rows"}
      <button
        type="button"
        class="tw-link"
        data-lm-suppress-shortcuts="true"
        onClick={() => {
          store.select(new Int32Array(0));
          view.focusMap(); // this button goes away
        }}
      >
        clear
      </button>
    </p>
  );
}
