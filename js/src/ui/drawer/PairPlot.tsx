/** Each pair of groups as a point: its distance in the original space against that on the map. */
import { count } from "../../view/words";
import { pairInWords } from "./figures";
import type { RankedPair } from "./ranks";

const SIZE = 170;
const MARGIN = 16;
interface PairPlotProps {
  /** The pairs that the map shows most wrongly come first. */
  pairs: readonly RankedPair[];
  /** All pairs, including those that were not sent. */
  total: number;
  /** The pair under the pointer. */
  marked: RankedPair | null;
  onMark: (pair: RankedPair | null) => void;
}

export function PairPlot({ pairs, total, marked, onMark }: PairPlotProps) {
  const widest = (key: "original" | "map") => pairs.reduce((most, pair) => Math.max(most, pair[key]), 0) || 1;
  const [original, map] = [widest("original"), widest("map")];
  const span = SIZE - MARGIN - 5;
  return (
    <figure class="tw-plot">
      <svg
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        width={SIZE}
        height={SIZE}
        role="img"
        aria-label="Distances of pairs"
      >
        <path class="tw-axes" d={`M${MARGIN},0V${SIZE - MARGIN}H${SIZE}`} />
        <text x={(SIZE + MARGIN) / 2} y={SIZE - 4} text-anchor="middle">
          original space →
        </text>
        <text transform={`translate(11 ${(SIZE - MARGIN) / 2}) rotate(-90)`} text-anchor="middle">
          map →
        </text>
        {pairs.map((pair) => (
          <circle
            key={`${pair.a}\0${pair.b}`}
            class={pair === marked ? "tw-marked" : ""}
            cx={MARGIN + (pair.original / original) * span}
            cy={SIZE - MARGIN - (pair.map / map) * span}
            r={pair === marked ? 4.5 : 3}
            onPointerEnter={() => onMark(pair)}
            onPointerLeave={() => onMark(null)}
          >
            <title>{`${pair.a} – ${pair.b}: ${pairInWords(pair, total)}`}</title>
          </circle>
        ))}
      </svg>
      {pairs.length < total && (
        <figcaption class="tw-note">
          the {count(pairs.length)} of {count(total)} pairs that are shown most wrongly
        </figcaption>
      )}
    </figure>
  );
}
