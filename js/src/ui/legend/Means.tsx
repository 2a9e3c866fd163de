/** The mean of a measure on one map, or on each of several. */
import type { Measured } from "../../view/coloring";
import { mean, meansInShort, meansInWords } from "../../view/means";
import type { View } from "../../view/view";

interface MeansProps {
  view: View;
  measured: Measured;
  /** The rows to average; null: all. */
  rows: Int32Array | null;
}

export function Means({ view, measured, rows }: MeansProps) {
  const { runs, values } = measured;
  const means = values.map((parts) => parts.map((part) => mean(part, rows)));
  if (means.length === 1) return <span class="tw-share">{meansInWords(means[0], measured)}</span>;
  return (
    <>
      {measured.about.parts.join(" · ")}
      {means.map((one, i) => (
        <span class="tw-kept" data-run={runs[i]} title={meansInWords(one, measured)} key={runs[i]}>
          <span>{view.shortTitle(runs[i])}</span>
          <span class="tw-share">{meansInShort(one, measured)}</span>
        </span>
      ))}
    </>
  );
}
