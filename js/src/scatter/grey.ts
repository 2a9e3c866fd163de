/** Draws points in grey, all alike, so that nothing but their places tells. */
import { appearance } from "./appearance";
import { Canvas2dRenderer } from "./canvas2d";
import { cssToRgb } from "./color";
import { PLAIN } from "./pose";
import type { Rgb } from "./renderer";

/** It can be seen on white and on black. */
const GREY: Rgb = [128, 128, 128];

/**
 * `places`: xyxy, from -1 to 1; `side` of the square in CSS pixels, `ratio` device pixels in each. How points look
 * depends on their number alone.
 */
export function drawGrey(
  canvas: HTMLCanvasElement,
  places: Float32Array,
  { side, ratio, background }: { side: number; ratio: number; background: string },
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const n = places.length / 2;
  const pixels = Math.round(side * ratio);
  const crowd = { n, width: side, height: side, zoom: 1, density: (2 * n) / side ** 2, front: 0 };
  const { radius, opacity, outline } = appearance(crowd);
  const ground = cssToRgb(background, canvas);
  const painter = new Canvas2dRenderer(context);
  painter.resize(pixels, pixels);
  painter.setPoints(new Uint16Array(n), Uint8Array.from(GREY));
  painter.setOrder(
    Uint32Array.from({ length: n }, (_, i) => i),
    0,
  );
  painter.setPositions(0, places, places);
  painter.draw(0, {
    rect: { x: 0, y: 0, width: pixels, height: pixels },
    pose: PLAIN,
    view: { x: 0, y: 0, k: pixels / 2 - (radius + 1) * ratio },
    t: 1,
    style: {
      radius: radius * ratio,
      opacity,
      outline,
      dimmedRadius: 0,
      dimmedOpacity: 0,
      dimmedOutline: 0,
      dimmedFade: 0,
      outlineWidth: ratio / 2,
      background: ground,
    },
  });
}
