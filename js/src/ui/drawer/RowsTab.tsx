/** The selected rows, batch by batch. */
import { useEffect } from "preact/hooks";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { RowsReply } from "../../wire/replies";
import { Plain } from "../parts/Button";
import { ColumnPicker } from "../parts/ColumnPicker";
import { Hint, Warning } from "../parts/notes";
import { BATCH, type Batches } from "./batches";
import { RowsTable } from "./RowsTable";

interface Props {
  view: View;
  batches: Batches;
}

export function RowsTab({ view, batches }: Props) {
  useEffect(() => batches.watch(), [batches]);
  const { answer, loading, error } = batches.latest;
  const selected = view.store.selection.value.length;
  if (selected === 0)
    return <Hint>no rows are selected: draw around points on the map, click one, or choose a label</Hint>;
  return (
    <>
      <Warning hint>{error.value || (answer.value?.result.image_error ?? "")}</Warning>
      {answer.value && (
        <RowsTable
          view={view}
          batches={batches}
          answer={answer.value}
          stale={loading.value || error.value !== ""}
        />
      )}
    </>
  );
}

/** The drawer's head: which rows these are, other batches, other columns. */
export function RowsControls({ view, batches }: Props) {
  if (view.store.selection.value.length === 0) return null;
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
  const last = BATCH * Math.floor((total - 1) / BATCH);
  const to = (label: string, sign: string, target: number) => (
    <PagerButton label={label} off={target === offset} onClick={() => batches.go(target)}>
      {sign}
    </PagerButton>
  );
  return (
    <nav class="tw-pager" aria-label="Pages">
      {last > 0 && to("First rows", "«", 0)}
      {last > 0 && to("Rows before", "‹", Math.max(0, offset - BATCH))}
      <span class="tw-figure">{range(answer.query.offset, answer.result)}</span>
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
