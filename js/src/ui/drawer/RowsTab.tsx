/** The selected rows, or else all that pass the filter, batch by batch; of one row also the nearest in the data. */
import { useEffect } from "preact/hooks";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { RowsReply } from "../../wire/replies";
import { Plain } from "../parts/Button";
import { ColumnPicker } from "../parts/ColumnPicker";
import { Hint, Warning } from "../parts/notes";
import { BATCH, type Batches } from "./batches";
import type { Distributions } from "./distributions";
import { NearestRows } from "./NearestRows";
import type { Near } from "./near";
import { RowsTable } from "./RowsTable";

interface Props {
  view: View;
  batches: Batches;
}

interface TabProps extends Props {
  distributions: Distributions;
  near: Near;
}

export function RowsTab({ view, batches, distributions, near }: TabProps) {
  useEffect(() => batches.watch(), [batches]);
  const { answer, loading, error } = batches.latest;
  if (answer.value?.result.total === 0 && !loading.value)
    return <Hint>no row passes the filter: clear it in the legend, or drop one of its conditions</Hint>;
  return (
    <>
      <Warning hint>{error.value || (answer.value?.result.image_error ?? "")}</Warning>
      {answer.value && (
        <RowsTable
          view={view}
          batches={batches}
          distributions={distributions}
          answer={answer.value}
          stale={loading.value || error.value !== ""}
        />
      )}
      {view.store.selection.value.length === 1 && <NearestRows view={view} near={near} />}
    </>
  );
}

/** The drawer's head: which rows these are, other batches, other columns. */
export function RowsControls({ view, batches }: Props) {
  return (
    <>
      <Pager batches={batches} />
      <Columns view={view} batches={batches} />
    </>
  );
}

function Pager({ batches }: { batches: Batches }) {
  const answer = batches.latest.answer.value;
  if (!answer) return null;
  const offset = batches.offset.value;
  const { total } = answer.result;
  const last = BATCH * Math.floor(Math.max(0, total - 1) / BATCH);
  const to = (label: string, sign: string, target: number) => (
    <PagerButton label={label} off={target === offset} onClick={() => batches.go(target)}>
      {sign}
    </PagerButton>
  );
  return (
    <nav class="tw-pager" aria-label="Pages">
      {last > 0 && to("First rows", "«", 0)}
      {last > 0 && to("Rows before", "‹", Math.max(0, offset - BATCH))}
      <span class="tw-figure" title={batches.called.value}>
        {answer.result.total > 0 && range(answer.query.offset, answer.result)}
      </span>
      {last > 0 && to("Rows after", "›", Math.min(last, offset + BATCH))}
      {last > 0 && to("Last rows", "»", last)}
    </nav>
  );
}

/** "rows 1–50 of 173" */
function range(offset: number, { positions, total }: RowsReply): string {
  const from = count(offset + 1);
  const to = count(offset + positions.length);
  return `rows ${from === to ? from : `${from}–${to}`} of ${count(total)}`;
}

interface PagerButtonProps {
  label: string;
  off: boolean;
  onClick: () => void;
  children: string;
}

/** Inactive but not disabled: a disabled button would lose the focus at the last batch. */
function PagerButton({ label, off, onClick, children }: PagerButtonProps) {
  return (
    <Plain
      class="tw-button tw-small"
      title={label}
      aria-label={label}
      aria-disabled={off}
      onClick={() => !off && onClick()}
    >
      {children}
    </Plain>
  );
}

function Columns({ view, batches }: Props) {
  const columns = view.store.columns.value;
  const chosen = batches.columns.value;
  if (columns.length === 0) return null;
  return (
    <ColumnPicker
      label="Columns of the table"
      value={`${chosen.length} of ${count(columns.length)} columns`}
      columns={columns}
      chosen={chosen}
      several
      onChange={(names) => batches.choose(names)}
    />
  );
}
