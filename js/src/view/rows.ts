/** Sets of row positions: sorted, without duplicates. */
import type { SelectOp } from "../scatter";

/** Bits that tell which of two sets a row is in. */
const NOW = 1;
const GIVEN = 2;

const KEPT: Record<Exclude<SelectOp, "replace">, (bits: number) => boolean> = {
  add: (bits) => bits !== 0,
  remove: (bits) => bits === NOW,
  intersect: (bits) => bits === (NOW | GIVEN),
};

export function combine(now: Int32Array, rows: Int32Array, op: SelectOp): Int32Array {
  if (op === "replace") return rows;
  const bits = new Uint8Array(1 + Math.max(now.at(-1) ?? -1, rows.at(-1) ?? -1));
  for (const row of now) bits[row] |= NOW;
  for (const row of rows) bits[row] |= GIVEN;
  return rowsWhere(bits.length, (row) => KEPT[op](bits[row]));
}

export function rowsWhere(n: number, wanted: (row: number) => boolean): Int32Array {
  let count = 0;
  const rows = new Int32Array(n);
  for (let row = 0; row < n; row++) if (wanted(row)) rows[count++] = row;
  return rows.slice(0, count);
}

/** One byte per point, 1 if it is selected; null if none is. */
export function mask(rows: Int32Array, n: number): Uint8Array | null {
  if (rows.length === 0) return null;
  const bytes = new Uint8Array(n);
  for (const row of rows) bytes[row] = 1;
  return bytes;
}
