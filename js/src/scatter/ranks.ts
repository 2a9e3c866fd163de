/** Which points stand out and which stand back, and the drawing order that follows. */
import { dimmedFirst, type Emphasis, shuffledOrder } from "./order";

export class Ranks implements Emphasis {
  shuffled: Uint32Array = new Uint32Array(0);
  private own: Emphasis = { selection: null, muted: null };
  private sorted: Uint32Array = new Uint32Array(0);
  private back = 0;
  /** Sorting many points takes a while, so it waits until somebody asks. */
  private stale = false;

  /** Starts with n points, none selected. */
  begin(n: number): void {
    this.shuffled = shuffledOrder(n);
    this.sorted = new Uint32Array(n);
    this.selection = null;
  }

  get selection(): Uint8Array | null {
    return this.own.selection;
  }

  set selection(mask: Uint8Array | null) {
    this.own.selection = mask;
    this.stale = true;
  }

  get muted(): Uint8Array | null {
    return this.own.muted;
  }

  set muted(mask: Uint8Array | null) {
    this.own.muted = mask;
    this.stale = true;
  }

  /** Points in drawing order; the first `dimmed` stand back. The next change reuses the buffer. */
  get order(): Uint32Array {
    this.sort();
    return this.sorted;
  }

  get dimmed(): number {
    this.sort();
    return this.back;
  }

  /** The points that stand out; empty if none stands back. */
  get front(): Uint32Array {
    const { order, dimmed } = this;
    return dimmed > 0 ? order.subarray(dimmed) : order.subarray(0, 0);
  }

  /** Whether a point stands out. */
  standsOut(point: number): boolean {
    const { selection, muted } = this.own;
    return this.dimmed > 0 && selection?.[point] !== 0 && !muted?.[point];
  }

  private sort(): void {
    if (this.stale) this.back = dimmedFirst(this.shuffled, this.own, this.sorted);
    this.stale = false;
  }
}
