/** From buffers to numbers and back. */
import { ProtocolError, refuse } from "./checks";

/** Coordinates as two bytes each: offset + scale * unsigned integer. */
export interface Quantized {
  offset: [number, number];
  scale: number;
  /** Whether rows with the code NO_PLACE have no place. */
  gaps: boolean;
  points: DataView;
}

const NO_PLACE = 65_535;

/** NaN where a row has no place. */
export function positionsOf({ offset, scale, gaps, points }: Quantized, n: number): Float32Array {
  if (points.byteLength !== 4 * n) {
    throw new ProtocolError(`expected ${4 * n} bytes, got ${points.byteLength}`);
  }
  const codes = unsigned(points);
  const positions = new Float32Array(codes.length);
  for (let i = 0; i < positions.length; i++) positions[i] = offset[i & 1] + scale * codes[i];
  if (gaps) {
    for (let i = 0; i < positions.length; i += 2)
      if (codes[i] === NO_PLACE) positions[i] = positions[i + 1] = Number.NaN;
  }
  return positions;
}

/** 16-bit codes from a buffer at any alignment. */
export function unsigned(view: DataView): Uint16Array {
  return new Uint16Array(aligned(view));
}

/** Exactly `length` floats from a buffer at any alignment. */
export function floats(view: DataView | undefined, length: number): Float32Array {
  if (view === undefined || view.byteLength !== 4 * length) {
    throw new ProtocolError(`expected ${4 * length} bytes, got ${view?.byteLength}`);
  }
  return new Float32Array(aligned(view));
}

/** `length` floats of either width from a buffer at any alignment. */
export function floatsOf(view: DataView, length: number): Float32Array | Float64Array {
  return view.byteLength === 8 * length ? new Float64Array(aligned(view)) : floats(view, length);
}

export function rowsFromWire(view: DataView | null | undefined): Int32Array {
  return view?.byteLength ? new Int32Array(aligned(view)) : new Int32Array(0);
}

export function rowsToWire(rows: Int32Array): DataView {
  return new DataView(rows.slice().buffer);
}

/**
 * Places of rows: both coordinates are finite, or both are NaN. Multiplying by zero and adding is the fastest way to
 * find a value that is not finite: the sum becomes NaN.
 */
export function places(values: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  if (sum === 0) return values;
  for (let i = 0; i < values.length; i += 2) {
    const [x, y] = [values[i], values[i + 1]];
    const whole = Number.isFinite(x) && Number.isFinite(y);
    if (!whole && !(Number.isNaN(x) && Number.isNaN(y)))
      refuse("a coordinate", "buffer", "finite, or missing in both");
  }
  return values;
}

function aligned(view: DataView): ArrayBuffer {
  return (view.buffer as ArrayBuffer).slice(view.byteOffset, view.byteOffset + view.byteLength);
}
