/** The mean of a measure on one map, or on each of several. */
import type { Measured } from "../../view/coloring";
import { mean, meansInWords } from "../../view/means";
import type { View } from "../../view/view";

interface MeansProps {
  view: View;
  measured: Measured;
  /** The rows to average; null: all. */
  rows: Int32Array | null;
}

export function Means({ view, measured, rows }: MeansProps) {
  const { runs, values } = measured;
  const means = values.map((parts) => (
    <span class="tw-share">
      {meansInWords(
        parts.map((part) => mean(part, rows)),
        measured,
      )}
    </span>
  ));
  if (means.length === 1) return means[0];
  return (
    <>
      {means.map((one, i) => (
        <span class="tw-kept" data-run={runs[i]} key={runs[i]}>
          <span>{view.shortTitle(runs[i])}</span>
          {one}
        </span>
      ))}
    </>
  );
}
