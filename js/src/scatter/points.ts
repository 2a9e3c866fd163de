/** What painters that draw point by point share: the points to draw, and their places. */
import type { PanelCodes, PanelFrame } from "./renderer";

export class Points {
  private codes: Uint16Array = new Uint16Array(0);
  private own: PanelCodes = new Map();
  protected palette: Uint8Array = new Uint8Array(0);
  private order: Uint32Array = new Uint32Array(0);
  private dimmed = 0;

  setPoints(codes: Uint16Array, palette: Uint8Array, own: PanelCodes = new Map()): void {
    this.codes = codes;
    this.own = own;
    this.palette = palette;
  }

  protected codesOf(panel: number): Uint16Array {
    return this.own.get(panel) ?? this.codes;
  }

  setOrder(order: Uint32Array, dimmed: number): void {
    this.order = order;
    this.dimmed = dimmed;
  }

  /** The points that stand back, drawn first. */
  protected get back(): Uint32Array {
    return this.order.subarray(0, this.dimmed);
  }

  protected get front(): Uint32Array {
    return this.order.subarray(this.dimmed);
  }
}

/** Calls back for each visible point, with its place in pixels from the panel's top left corner. */
export function eachInSight(
  [previous, next]: readonly [Float32Array, Float32Array],
  { rect, view, pose, t }: PanelFrame,
  order: Uint32Array,
  reach: number,
  draw: (point: number, x: number, y: number) => void,
): void {
  const [a, b, c, d] = pose.turn;
  for (const point of order) {
    const px = previous[2 * point];
    const py = previous[2 * point + 1];
    const dx = px + (next[2 * point] - px) * t - pose.x;
    const dy = py + (next[2 * point + 1] - py) * t - pose.y;
    const x = (a * dx + b * dy - view.x) * view.k + rect.width / 2;
    const y = rect.height / 2 - (c * dx + d * dy - view.y) * view.k;
    // Also false for NaN.
    if (x > -reach && x < rect.width + reach && y > -reach && y < rect.height + reach) draw(point, x, y);
  }
}
