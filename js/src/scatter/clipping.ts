/** Draws what lies above the points of a panel, and no farther. */
import type { Panel } from "./panel";

/** Calls `draw` in CSS pixels, clipped to the panel, on a bitmap with `ratio` pixels per CSS pixel. */
export function clippedTo(
  { rect: { x, y, width, height } }: Panel,
  context: CanvasRenderingContext2D,
  ratio: number,
  draw: () => void,
): void {
  context.save();
  context.scale(ratio, ratio);
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}
