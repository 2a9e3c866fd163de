/** One batch of rows as a table; the row under the pointer is marked on the map, and vice versa. */
import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Question } from "../../store/latest";
import { formatOf, isPicture, MISSING } from "../../view/cells";
import type { View } from "../../view/view";
import { named } from "../../view/words";
import type { Cell, RowsReply } from "../../wire/replies";
import type { ColumnType } from "../../wire/traits";
import { Plain } from "../parts/Button";
import { Picture } from "../parts/Picture";
import type { Batches } from "./batches";
import { ColumnFilter } from "./ColumnFilter";
import type { Distributions } from "./distributions";

/** CSS pixels of a picture's longer side. */
const PICTURE = 32;
/** Texts longer than this may not fit: a title shows them in full. */
const LONG = 80;

interface Props {
  view: View;
  batches: Batches;
  distributions: Distributions;
  answer: Answer<Question<"rows">>;
  /** Whether the result no longer answers the latest question. */
  stale: boolean;
}

export function RowsTable({ view, batches, distributions, answer, stale }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { result, query } = answer;
  useEffect(() => followMap(view, box.current as HTMLDivElement), [view, answer]);
  useEffect(() => () => view.markRow(null), [view]);
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [query.offset, query.sort]);
  return (
    <div class={`tw-scroll${stale ? " tw-stale" : ""}`} ref={box}>
      <table class="tw-rows" aria-label={batches.called.value}>
        <Head view={view} batches={batches} distributions={distributions} result={result} />
        <Body view={view} answer={answer} />
      </table>
    </div>
  );
}

type HeadProps = Pick<Props, "view" | "batches" | "distributions"> & { result: RowsReply };

function Head({ view, batches, distributions, result }: HeadProps) {
  const sort = batches.sort.value;
  const several = view.store.selection.value.length !== 1; // of one row, its nearest rows have that room
  return (
    <thead>
      <tr>
        <th scope="col">{result.index ? view.store.rows.value.index || "index" : "row"}</th>
        {result.images && <th scope="col">image</th>}
        {result.columns.map(({ name, type }) => {
          const sorted = sort?.column === name ? (sort.descending ? "descending" : "ascending") : "none";
          return (
            <th scope="col" key={name} class={`tw-of-${type}`} aria-sort={sorted}>
              {type === "image" ? name : <SortButton name={name} sorted={sorted} batches={batches} />}
            </th>
          );
        })}
      </tr>
      {several && view.store.reachable.value && result.columns.length > 0 && (
        <tr class="tw-filters">
          <td colSpan={result.images ? 2 : 1} />
          {result.columns.map(({ name, type }) => (
            <td key={name}>
              {type !== "image" && <ColumnFilter view={view} distributions={distributions} column={name} />}
            </td>
          ))}
        </tr>
      )}
    </thead>
  );
}

const SORTED = { ascending: " ▴", descending: " ▾", none: "" };

interface SortButtonProps {
  name: string;
  sorted: keyof typeof SORTED;
  batches: Batches;
}

function SortButton({ name, sorted, batches }: SortButtonProps) {
  return (
    <Plain
      class="tw-sort"
      title={`${name}: click to sort, again to reverse, a third time for the rows' own order`}
      onClick={() => batches.turn(name)}
    >
      <span class="tw-name">{named(name)}</span>
      <span aria-hidden="true">{SORTED[sorted]}</span>
    </Plain>
  );
}

/** Tab reaches one row, the arrows the others. */
function Body({ view, answer }: { view: View; answer: Answer<Question<"rows">> }) {
  const { result, buffers } = answer;
  const [active, setActive] = useState<number | null>(null);
  const reached = result.positions.includes(active ?? -1) ? active : result.positions[0];
  const formats = result.columns.map(({ type, values }) => formatOf(type, values));
  // Only on moves: rows may scroll by under a resting pointer.
  const point = (event: Event) => view.markRow(rowOf(event.target));
  return (
    <tbody
      onPointerMove={point}
      onPointerLeave={() => view.markRow(null)}
      onFocusIn={(event) => {
        setActive(rowOf(event.target));
        point(event);
      }}
      onFocusOut={() => view.markRow(null)}
      onKeyDown={moveFocus}
    >
      {result.positions.map((row, i) => (
        <tr
          key={row}
          data-row={row}
          tabIndex={row === reached ? 0 : -1}
          data-lm-suppress-shortcuts="true"
          onDblClick={() => view.scatter?.zoomTo(Int32Array.of(row))}
        >
          <th scope="row" title={result.index ? `${result.index[i]}: row ${row}` : undefined}>
            {result.index ? result.index[i] : row}
          </th>
          {result.images && (
            <td class="tw-of-image">
              <Thumbnail cell={result.images[i]} buffers={buffers} />
            </td>
          )}
          {result.columns.map(({ name, type, values }, column) => (
            <td key={name} class={`tw-of-${type}`}>
              <Value cell={values[i]} type={type} text={formats[column](values[i])} buffers={buffers} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

interface ValueProps {
  cell: Cell;
  type: ColumnType;
  text: string;
  buffers: readonly DataView[];
}

function Value({ cell, type, text, buffers }: ValueProps) {
  if (cell === null) return <Missing />;
  if (isPicture(cell)) return <Thumbnail cell={cell} buffers={buffers} />;
  const whole = String(cell);
  const told = type === "number" ? whole !== text : whole.length > LONG;
  return (
    <div class="tw-cell" title={told ? whole : undefined}>
      {text}
    </div>
  );
}

function Thumbnail({ cell, buffers }: { cell: Cell; buffers: readonly DataView[] }) {
  return isPicture(cell) ? <Picture cell={cell} buffers={buffers} size={PICTURE} /> : <Missing />;
}

function Missing() {
  return (
    <span class="tw-note" role="img" aria-label="missing">
      {MISSING}
    </span>
  );
}

function rowOf(target: EventTarget | null): number | null {
  const row = (target as Element | null)?.closest<HTMLElement>("tr[data-row]");
  return row ? Number(row.dataset.row) : null;
}

/** Moves to the row above or below, the first or the last. */
function moveFocus(event: KeyboardEvent): void {
  const row = (event.target as Element).closest<HTMLElement>("tr[data-row]");
  const all = row?.parentElement?.children;
  if (!row || !all) return;
  const to = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: all[0],
    End: all[all.length - 1],
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (!(to instanceof HTMLElement)) return;
  // The page stays where it is: only the table scrolls.
  to.focus({ preventScroll: true });
  reveal(to);
}

/** Shows which row the pointer on the map is on, without redrawing the table at each move. */
function followMap(view: View, box: HTMLElement): () => void {
  let marked: HTMLElement | null = null;
  const stop = effect(() => {
    const index = view.hover.value?.index;
    marked?.removeAttribute("data-hovered");
    marked = index === undefined ? null : box.querySelector<HTMLElement>(`tr[data-row="${index}"]`);
    marked?.setAttribute("data-hovered", "");
    if (marked) reveal(marked);
  });
  return () => {
    stop();
    marked?.removeAttribute("data-hovered");
  };
}

/** Scrolls only the table until a row is in sight below the head. */
function reveal(row: HTMLElement): void {
  const box = row.closest<HTMLElement>(".tw-scroll");
  const head = box?.querySelector("thead th"); // it stays in sight
  if (!box || !head) return;
  const { top, bottom } = row.getBoundingClientRect();
  const above = top - head.getBoundingClientRect().bottom;
  const below = bottom - (box.getBoundingClientRect().top + box.clientHeight);
  if (above < 0) box.scrollTop += above;
  else if (below > 0) box.scrollTop += below;
}
