/** A figure over time as a line without axes; its lowest and highest value fill the height. */
import type { CurvePoint } from "../../store/map";

const WIDTH = 64;
const HEIGHT = 14;

export function Curve({ name, points }: { name: string; points: CurvePoint[] }) {
  if (points.length < 3) return null;
  return (
    <svg class="tw-curve" width={WIDTH} height={HEIGHT} role="img" aria-label={`${name} over time`}>
      <path d={curvePath(points, WIDTH, HEIGHT)} />
    </svg>
  );
}

function curvePath(points: CurvePoint[], width: number, height: number): string {
  const values = points.map((point) => point.value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const first = points[0].iteration;
  const length = points[points.length - 1].iteration - first || 1;
  const at = ({ iteration, value }: CurvePoint) => {
    const x = ((iteration - first) / length) * width;
    const y = 1 + (1 - (value - low) / span) * (height - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return `M${points.map(at).join("L")}`;
}
