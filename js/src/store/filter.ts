/** The filter: which rows stand out. */
import type { FilterTrait } from "../wire/traits";

export interface Filter extends Omit<FilterTrait, "bits"> {
  /** One byte per point, 1 if it passes. */
  mask: Uint8Array;
  /** The rows that pass, sorted. */
  rows: Int32Array;
}

export function filterOf({ bits, ...told }: FilterTrait, n: number): Filter {
  const mask = new Uint8Array(n);
  const rows = new Int32Array(n);
  let count = 0;
  for (let row = 0; row < n; row++) {
    mask[row] = (bits.getUint8(row >> 3) >> (row & 7)) & 1;
    if (mask[row]) rows[count++] = row;
  }
  return { ...told, mask, rows: rows.slice(0, count) };
}
