/** How the values of columns are distributed: asked for once each, as soon as a table shows them. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Store } from "../../store/store";
import type { DistributionReply } from "../../wire/replies";

export interface Distribution extends DistributionReply {
  /** The bin of each row. */
  codes: Uint8Array;
  /** How many rows each bin has. */
  counts: Uint32Array;
}

/** How many codes a byte has. */
const CODES = 256;

export class Distributions {
  private readonly known = new Map<string, Signal<Distribution | null>>();
  private readonly wanted: string[] = [];
  private asking = false;

  constructor(private readonly store: Store) {}

  /** null until it is known, and for good if Python cannot tell it. */
  of(column: string): ReadonlySignal<Distribution | null> {
    const known = this.known.get(column);
    if (known) return known;
    const told = signal<Distribution | null>(null);
    this.known.set(column, told);
    this.wanted.push(column);
    if (!this.asking) this.ask();
    return told;
  }

  /** One after the other, so that the rows of the table come in between. */
  private async ask(): Promise<void> {
    this.asking = true;
    for (let column = this.wanted.shift(); column !== undefined; column = this.wanted.shift()) {
      const reply = await this.store.ask({ name: "distribution", column }).catch(() => null);
      const told = this.known.get(column);
      if (!reply || !told) continue;
      const [{ buffer, byteOffset, byteLength }] = reply.buffers;
      const codes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      told.value = { ...reply.result, codes, counts: countAll(codes) };
    }
    this.asking = false;
  }
}

/** How many of some rows each bin has. */
export function countOf(codes: Uint8Array, rows: Int32Array): Uint32Array {
  const counts = new Uint32Array(CODES);
  for (const row of rows) counts[codes[row]]++;
  return counts;
}

function countAll(codes: Uint8Array): Uint32Array {
  const counts = new Uint32Array(CODES);
  for (const code of codes) counts[code]++;
  return counts;
}
