/** One panel's positions over time: each new layout glides in from what is on display. */

interface Layout {
  positions: Float32Array;
  token: number;
  glideMs: number;
}

export class Motion {
  /** The token of the target layout; -1 before the first. */
  token = -1;
  /** Progress from `previous` (0) to `next` (1). */
  t = 1;
  previous: Float32Array;
  next: Float32Array;
  private glideMs = 0;
  private pending: Layout | null = null;
  private held = false;
  private scratch: Float32Array[] = [];
  /** The progress for which scratch[0] was computed. */
  private mixedAt = -1;

  constructor() {
    this.previous = this.next = new Float32Array(0);
  }

  /** Kept by reference; the newest replaces any that waits, so nothing piles up while no frame is drawn. */
  offer(positions: Float32Array, token: number, glideMs: number): void {
    this.pending = { positions, token, glideMs };
  }

  /** Stops exactly at a layout, so that what the user circles once existed. */
  hold(held: boolean): void {
    this.held = held;
    if (held) this.t = 1;
  }

  /** Whether the newest layout came with time to glide. */
  get glides(): boolean {
    return this.glideMs > 0;
  }

  /** Whether the newest adopted layout is on display unchanged. */
  get exact(): boolean {
    return this.t >= 1;
  }

  get waiting(): boolean {
    return !this.held && (this.pending !== null || this.t < 1);
  }

  /** Advances time. "new": other layouts than before; "moved": between the same two. */
  advance(milliseconds: number): "new" | "moved" | "still" {
    if (!this.waiting) return "still";
    const layout = this.pending;
    if (layout) this.adopt(layout);
    const before = this.t;
    this.t = this.glideMs > 0 ? Math.min(1, this.t + milliseconds / this.glideMs) : 1;
    if (layout) return "new";
    return this.t === before ? "still" : "moved";
  }

  /** The positions on the screen; the next call after time has passed reuses the buffer. */
  displayed(): Float32Array {
    if (this.t >= 1) return this.next;
    if (this.t <= 0) return this.previous;
    if (this.scratch.length === 0) this.scratch = [this.next.slice(), this.next.slice()];
    if (this.mixedAt !== this.t) mix(this.previous, this.next, this.t, this.scratch[0]);
    this.mixedAt = this.t;
    return this.scratch[0];
  }

  private adopt(layout: Layout): void {
    const shown = this.displayed();
    this.previous = this.token === -1 ? layout.positions : shown;
    // The displayed positions become the start; the next mix goes into the other buffer.
    if (shown === this.scratch[0]) this.scratch.reverse();
    this.mixedAt = -1;
    this.next = layout.positions;
    this.glideMs = this.token === -1 ? 0 : layout.glideMs;
    this.token = layout.token;
    this.t = 0;
    this.pending = null;
  }
}

export function mix(a: Float32Array, b: Float32Array, t: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + (b[i] - a[i]) * t;
}
