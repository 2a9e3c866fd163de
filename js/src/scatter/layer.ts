/** Canvases over the points, for what the renderer does not draw; the pointer goes through them. */

export function layerCalled(name: string): HTMLCanvasElement {
  const layer = document.createElement("canvas");
  layer.className = name;
  layer.setAttribute("aria-hidden", "true");
  layer.style.cssText = "position:absolute;pointer-events:none";
  return layer;
}

/** Lays an empty layer over a canvas, or hides it; null: it is hidden, or cannot be drawn on. */
export function laidOver(
  canvas: HTMLCanvasElement,
  layer: HTMLCanvasElement,
  shows: boolean,
): CanvasRenderingContext2D | null {
  layer.hidden = !shows;
  const context = shows ? layer.getContext("2d") : null;
  if (!context) return null;
  const { offsetLeft, offsetTop, clientWidth, clientHeight } = canvas;
  const [left, top, width, height] = [offsetLeft, offsetTop, clientWidth, clientHeight].map(
    (px) => `${px}px`,
  );
  Object.assign(layer.style, { left, top, width, height });
  const [wide, high] = [clientWidth, clientHeight].map((px) => Math.round(px * devicePixelRatio));
  // Another size also clears it.
  if (layer.width !== wide || layer.height !== high) [layer.width, layer.height] = [wide, high];
  else context.clearRect(0, 0, wide, high);
  return context;
}
