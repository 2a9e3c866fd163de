/** The order in which points are drawn. */

/** A fixed shuffle, so that a map always looks the same and the last class does not cover the others. */
export function shuffledOrder(n: number): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let state = 0x9e3779b9;
  for (let i = n - 1; i > 0; i--) {
    // xorshift32, then the high bits scaled to 0..i
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = Math.floor(((state >>> 0) / 4294967296) * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

/** Why points stand back: they are not selected while others are, or they are muted. */
export interface Emphasis {
  selection: Uint8Array | null;
  muted: Uint8Array | null;
}

/**
 * Writes the points that stand back, then the others, each in shuffled order, into `out`. Returns how many stand
 * back.
 */
export function dimmedFirst(shuffled: Uint32Array, emphasis: Emphasis, out: Uint32Array): number {
  const { selection, muted } = emphasis;
  if (!selection && !muted) {
    out.set(shuffled);
    return 0;
  }
  let front = 0;
  let back = shuffled.length;
  for (let i = shuffled.length - 1; i >= 0; i--) {
    const point = shuffled[i];
    const full = (!selection || selection[point]) && !muted?.[point];
    if (full) out[--back] = point;
    else front++;
  }
  let at = 0;
  for (let i = 0; at < front; i++) {
    const point = shuffled[i];
    const full = (!selection || selection[point]) && !muted?.[point];
    if (!full) out[at++] = point;
  }
  return front;
}
