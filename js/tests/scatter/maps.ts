/** Maps of the same points for tests: copies of one another, turned. */
import { turnMatrix } from "../../src/scatter/procrustes";
import { uniform } from "./random";

/** Longer than high, and with no symmetry. */
export function cloud(n: number, seed: number): Float32Array {
  return uniform(n, seed).map((v, i) => (i % 2 ? v : 3 * v + v * v));
}

/** Mirrored left to right or not, then turned, scaled, moved. */
export function copy(
  positions: Float32Array,
  angle: number,
  mirrored: boolean,
  scale = 1,
  x = 0,
  y = 0,
): Float32Array {
  const [a, b, c, d] = turnMatrix(angle, mirrored);
  const out = new Float32Array(positions.length);
  for (let p = 0; p < out.length; p += 2) {
    out[p] = (a * positions[p] + b * positions[p + 1]) * scale + x;
    out[p + 1] = (c * positions[p] + d * positions[p + 1]) * scale + y;
  }
  return out;
}
