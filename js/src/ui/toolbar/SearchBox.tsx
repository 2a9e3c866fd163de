/** Finds rows that contain a text while the user types, and selects them. */
import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Answer, Latest, type Question } from "../../store/latest";
import { combine } from "../../view/rows";
import type { View } from "../../view/view";
import { count, named, rowsInWords } from "../../view/words";
import { rowsFromWire } from "../../wire/bytes";
import { Plain, Worded } from "../parts/Button";
import { ColumnPicker } from "../parts/ColumnPicker";
import { Warning } from "../parts/notes";
import { Popover } from "../parts/Popover";

interface SearchBoxProps {
  view: View;
  /** Zooms to rows that have just been selected. */
  onZoom: (rows: Int32Array) => void;
}

/** Stands for the index and all text columns; no column has this name. */
const EVERYWHERE = "\u0000everywhere";
/** How many of the rows found are ringed on the maps. */
const MAX_RINGS = 100;
/** The kinds of columns that can be searched. */
const SEARCHABLE = ["text", "category", "object", "date", "number", "boolean"];

export function SearchBox({ view, onZoom }: SearchBoxProps) {
  const column = useSignal<string | null>(null);
  return (
    <Popover label="Find rows by text" class="tw-find" face={<FindIcon />}>
      {(close) => <Search view={view} onZoom={onZoom} column={column} close={close} />}
    </Popover>
  );
}

function FindIcon() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor">
      <path
        d="M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.400 10.400l3.300 3.300"
        stroke-width="1.6"
      />
    </svg>
  );
}

/** What to do with the found rows. */
type Act = "select" | "add" | "zoom";

interface SearchProps extends SearchBoxProps {
  column: Signal<string | null>;
  close: () => void;
}

export function Search({ view, onZoom, column, close }: SearchProps) {
  const { store } = view;
  const latest = useMemo(() => new Latest<Question<"find">>(store), [store]);
  useEffect(() => () => latest.dispose(), [latest]);
  useSignalEffect(() => {
    const answer = text.value && !latest.error.value ? latest.answer.value : null;
    view.ringed.value = answer ? [...rowsFromWire(answer.buffers[0]).subarray(0, MAX_RINGS)] : [];
  });
  useEffect(
    () => () => {
      view.ringed.value = [];
      view.markRow(null);
    },
    [view],
  );
  const text = useSignal("");
  // Enter may come before the answer does.
  const pending = useSignal<Act | null>(null);
  // At once, not in an effect: the effects of one frame have no reliable order, and the one below would take
  // the previous question for the answered one.
  const look = () => {
    pending.value = null;
    if (text.peek()) latest.ask({ name: "find", text: text.peek(), column: column.peek() });
    else latest.forget();
  };
  const act = (how: Act, answer: Answer<Question<"find">>) => {
    const rows = rowsFromWire(answer.buffers[0]);
    pending.value = null;
    if (rows.length === 0) return;
    store.select(how === "add" ? combine(store.selection.peek(), rows, "add") : rows);
    if (how === "zoom") onZoom(rows);
    close();
    view.focusMap();
  };
  useSignalEffect(() => {
    if (latest.loading.value || !pending.value) return;
    const answer = latest.error.value ? null : latest.answer.value;
    if (answer) act(pending.value, answer);
    else pending.value = null;
  });
  const want = (how: Act) => {
    if (text.peek()) pending.value = how;
  };
  const found = text.value && !latest.error.value ? (latest.answer.value?.result.count ?? 0) : 0;
  return (
    <div class="tw-menu tw-search" data-loading={latest.loading.value} data-found={found}>
      <input
        type="text"
        class="tw-number tw-filter"
        placeholder="text to find"
        aria-label="Text to find"
        autocomplete="off"
        spellcheck={false}
        data-lm-suppress-shortcuts="true"
        onInput={(event) => {
          text.value = event.currentTarget.value;
          look();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") want(event.shiftKey ? "add" : "select");
        }}
      />
      <Where
        view={view}
        column={column.value}
        onChange={(chosen) => {
          column.value = chosen;
          look();
        }}
      />
      <Found text={text.value} latest={latest} />
      {text.value && <Hits view={view} latest={latest} />}
      <div class="tw-group">
        <Worded disabled={found === 0} title="Enter; Shift Enter adds them" onClick={() => want("select")}>
          select
        </Worded>
        <Worded
          disabled={found === 0}
          title="Adds them to the selection (Shift Enter)"
          onClick={() => want("add")}
        >
          add
        </Worded>
        <Worded disabled={found === 0} onClick={() => want("zoom")}>
          select and zoom
        </Worded>
      </div>
    </div>
  );
}

interface WhereProps {
  view: View;
  /** null: the index and all text columns. */
  column: string | null;
  onChange: (column: string | null) => void;
}

/** The columns to search. */
function Where({ view, column, onChange }: WhereProps) {
  const { columns, rows } = view.store;
  const everywhere = rows.value.index === null ? "all text columns" : "index and all text columns";
  const extra = useMemo(() => [{ value: EVERYWHERE, label: everywhere }], [everywhere]);
  const offered = useMemo(
    () => columns.value.filter(({ type }) => SEARCHABLE.includes(type)),
    [columns.value],
  );
  return (
    <div class="tw-label">
      in
      <ColumnPicker
        label="Column to search"
        value={column ?? everywhere}
        columns={offered}
        chosen={[column ?? EVERYWHERE]}
        extra={extra}
        onChange={([chosen]) => onChange(chosen === EVERYWHERE ? null : chosen)}
      />
    </div>
  );
}

/** The first rows found with their values; a click goes there. */
function Hits({ view, latest }: { view: View; latest: Latest<Question<"find">> }) {
  const result = latest.answer.value?.result;
  if (!result || latest.error.value || result.count === 0) return null;
  const { hits, count: found } = result;
  return (
    <div
      class={`tw-hits${latest.loading.value ? " tw-stale" : ""}`}
      onPointerLeave={() => view.markRow(null)}
    >
      {hits.map(({ row, label, column, value }) => (
        <Plain
          class="tw-hit"
          key={row}
          data-row={row}
          title={`${column} of ${label}: ${value}. Click goes there`}
          onClick={() => view.goTo(row)}
          onPointerMove={() => view.markRow(row)}
          onFocus={() => view.markRow(row)}
          onBlur={() => view.markRow(null)}
        >
          <span class="tw-value">{around(value, latest.answer.value?.query.text ?? "")}</span>
          <span class="tw-note">{value === label ? column : `${column}, ${label}`}</span>
        </Plain>
      ))}
      {found > hits.length && <p class="tw-note">and {count(found - hits.length)} more</p>}
    </div>
  );
}

/** How many characters of a long value are shown. */
const SHOWN = 60;

/** The part of a value around a text. */
function around(value: string, text: string): string {
  if (value.length <= SHOWN) return named(value);
  const at = Math.max(0, value.toLowerCase().indexOf(text.toLowerCase()));
  const from = Math.max(0, Math.min(at - Math.floor((SHOWN - text.length) / 2), value.length - SHOWN));
  const end = from + SHOWN;
  return `${from > 0 ? "…" : ""}${value.slice(from, end).trim()}${end < value.length ? "…" : ""}`;
}

/** How many rows; always one line, to keep the buttons in place. */
function Found({ text, latest }: { text: string; latest: Latest<Question<"find">> }) {
  const error = latest.error.value;
  if (error) return <Warning>{error}</Warning>;
  const result = text ? latest.answer.value?.result : undefined;
  if (!result) return <p class="tw-note">{text ? "looking …" : "any part of a value, ignoring case"}</p>;
  const { count: found, searched } = result;
  return (
    <p class={latest.loading.value ? "tw-stale" : ""} aria-live="polite" title={`in ${searched.join(", ")}`}>
      {found === 0 ? "no row" : rowsInWords(found)}
    </p>
  );
}
