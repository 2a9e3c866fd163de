/** Sets of row positions: sorted, each once. */
import type { SelectOp } from "../scatter";

export function combine(now: Int32Array, rows: Int32Array, op: SelectOp): Int32Array {
  if (op === "replace") return rows;
  const set = new Set(now);
  for (const row of rows) {
    if (op === "add") set.add(row);
    else set.delete(row);
  }
  return Int32Array.from(set).sort();
}

/** One byte a point, 1 where selected; null where nothing is. */
export function mask(rows: Int32Array, n: number): Uint8Array | null {
  if (rows.length === 0) return null;
  const bytes = new Uint8Array(n);
  for (const row of rows) bytes[row] = 1;
  return bytes;
}
