/** The rows that are nearest to the only selected one in the data, and whether the maps keep them; a click goes there. */
import { useEffect } from "preact/hooks";
import { formatOf, isPicture } from "../../view/cells";
import { number } from "../../view/figures";
import type { View } from "../../view/view";
import type { Nearest, RowsReply } from "../../wire/replies";
import { Plain } from "../parts/Button";
import { ColumnPicker } from "../parts/ColumnPicker";
import { Name } from "../parts/Name";
import { Warning } from "../parts/notes";
import { Picture } from "../parts/Picture";
import type { Near } from "./near";

/** CSS pixels of a picture's longer side. */
const PICTURE = 32;

export function NearestRows({ view, near }: { view: View; near: Near }) {
  useEffect(() => near.watch(), [near]);
  useEffect(() => () => view.markRow(null), [view]);
  const nearest = near.nearest.value;
  const error = view.neighbors.error.value || near.latest.error.value;
  if (!nearest) return <Warning hint>{error}</Warning>;
  const [row] = view.store.selection.value;
  return (
    <section class="tw-near" aria-label="Nearest rows in the data" data-near={row}>
      {nearest.map((one) => (
        <InOneMetric view={view} near={near} nearest={one} key={one.runs.join()} />
      ))}
      <Warning>{error}</Warning>
    </section>
  );
}

function InOneMetric({ view, near, nearest }: { view: View; near: Near; nearest: Nearest }) {
  const { positions, distances, sentence } = nearest;
  const span = Math.max(...distances) - Math.min(...distances);
  const where = /nearest (.*) are also/.exec(sentence)?.[1].replace("in the original space", "") ?? "";
  return (
    <>
      <p class="tw-near-head">
        <span>
          the {positions.length} nearest in the data{where && ` ${where}`}, nearest first
        </span>
        <By view={view} near={near} />
      </p>
      <ol onPointerLeave={() => view.markRow(null)}>
        {positions.map((row, i) => (
          <li key={row}>
            <Neighbor
              view={view}
              near={near}
              row={row}
              distance={number(distances[i], span)}
              kept={keptBy(view, nearest, i)}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

interface Keeping {
  /** On how many maps it is among the nearest, of how many. */
  kept: number;
  of: number;
  words: string;
}

/** Which maps keep a neighbour among their nearest. */
function keptBy(view: View, { runs, kept, positions }: Nearest, i: number): Keeping {
  const told = runs.filter((run) => kept[run] !== undefined);
  const keeping = told.filter((run) => kept[run][i]);
  const nearest = `among the ${positions.length} nearest`;
  if (told.length === 1)
    return { kept: keeping.length, of: 1, words: `${keeping.length ? "also" : "not"} ${nearest} on the map` };
  const names = keeping.map((run) => view.shortTitle(run)).join(", ");
  const words =
    keeping.length > 0
      ? `${nearest} on ${keeping.length} of ${told.length} maps: ${names}`
      : `${nearest} on none of the maps`;
  return { kept: keeping.length, of: told.length, words };
}

interface NeighborProps {
  view: View;
  near: Near;
  row: number;
  distance: string;
  kept: Keeping;
}

function Neighbor({ view, near, row, distance, kept }: NeighborProps) {
  const answer = near.latest.answer.value;
  const at = answer?.result.positions.indexOf(row) ?? -1;
  const picture = answer?.result.images?.[at];
  const label = answer?.result.index?.[at] ?? row;
  const called = at >= 0 && answer ? nameOf(answer.result, at, row) : `row ${row}`;
  return (
    <Plain
      class={`tw-neighbor${kept.of > 0 && kept.kept === 0 ? " tw-lost" : ""}`}
      title={`${called}: row ${label}, at distance ${distance}; ${kept.words}. Click goes there`}
      data-row={row}
      data-kept={kept.kept}
      onClick={() => view.goTo(row)}
      onPointerMove={() => view.markRow(row)}
      onFocus={() => view.markRow(row)}
      onBlur={() => view.markRow(null)}
    >
      {answer && picture && isPicture(picture) && (
        <Picture cell={picture} buffers={answer.buffers} size={PICTURE} />
      )}
      <Name>{called}</Name>
      <span class="tw-count">{distance}</span>
      <span class="tw-note">{keptInWords(kept)}</span>
    </Plain>
  );
}

function keptInWords({ kept, of }: Keeping): string {
  if (of === 0) return "";
  if (of === 1) return kept ? "kept" : "not kept";
  return `kept on ${kept} of ${of}`;
}

/** The value of the chosen column, or else the row's label. */
function nameOf({ index, columns: [column] }: RowsReply, at: number, row: number): string {
  if (!column) return index ? index[at] : `row ${row}`;
  return formatOf(column.type, column.values)(column.values[at]);
}

function By({ view, near }: { view: View; near: Near }) {
  const columns = view.store.columns.value.filter(({ type }) => type !== "image");
  const column = near.column.value;
  if (columns.length === 0) return null;
  return (
    <span class="tw-label">
      called by
      <ColumnPicker
        label="Column that names the nearest rows"
        value={column ?? "row"}
        columns={columns}
        chosen={column === null ? [] : [column]}
        onChange={([chosen]) => near.choose(chosen ?? null)}
      />
    </span>
  );
}
