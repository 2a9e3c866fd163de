/** The distribution of a number on two sides: the selected rows filled, the others as a line. */

const WIDTH = 100;
const HEIGHT = 22;

interface DistributionProps {
  /** Shares of each side in equal bins. */
  selected: readonly number[];
  other: readonly number[];
}

export function Distribution({ selected, other }: DistributionProps) {
  const most = Math.max(...selected, ...other, 0) || 1;
  return (
    <svg
      class="tw-distribution"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="tw-here" d={`${steps(selected, most)}V${HEIGHT}H0Z`} />
      <path class="tw-there" d={steps(other, most)} />
    </svg>
  );
}

/** From left to right along the tops of the bins. */
function steps(shares: readonly number[], most: number): string {
  const width = WIDTH / Math.max(1, shares.length);
  const top = (share: number) => ((HEIGHT - 1) * (1 - share / most) + 0.5).toFixed(1);
  const parts = shares.map((share, bin) => `V${top(share)}H${((bin + 1) * width).toFixed(1)}`);
  return `M0,${HEIGHT}${parts.join("")}`;
}
