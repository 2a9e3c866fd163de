/** A scene and its points as an SVG, or as pixels. */
import { svgElement } from "../../scatter";
import type { Scene, Swatch, Text } from "./scene";

export interface Inks {
  background: string;
  plain: string;
  muted: string;
  warning: string;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const SIZE = 12;

/** A context to measure texts with; null if the browser has none. */
type Measuring = CanvasRenderingContext2D | null;

/** `points` are in CSS pixels from the top left of the maps. */
export function asSvg(scene: Scene, points: SVGElement, inks: Inks): SVGSVGElement {
  const { width, height, top } = scene;
  const picture = svgElement("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const maps = svgElement("g", { transform: `translate(0 ${top})` });
  maps.append(points);
  const lines = svgElement("g", { "font-family": FONT, "font-size": SIZE, "dominant-baseline": "central" });
  const measuring = document.createElement("canvas").getContext("2d");
  lines.append(...scene.texts.map((text) => line(text, inks, measuring)));
  picture.append(
    svgElement("rect", { width, height, fill: inks.background }),
    maps,
    ...scene.swatches.flatMap(bars),
    lines,
  );
  return picture;
}

/** A bitmap of the points as an SVG element. */
export function asImage(bitmap: HTMLCanvasElement, ratio: number): SVGImageElement {
  const [width, height] = [bitmap.width / ratio, bitmap.height / ratio];
  return svgElement("image", { width, height, href: bitmap.toDataURL("image/png") });
}

/** `points` has `ratio` pixels per CSS pixel, and so does the result. */
export function asPixels(
  scene: Scene,
  points: HTMLCanvasElement,
  inks: Inks,
  ratio: number,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(scene.width * ratio);
  canvas.height = Math.round(scene.height * ratio);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = inks.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(points, 0, Math.round(scene.top * ratio));
  context.scale(ratio, ratio);
  for (const swatch of scene.swatches) {
    for (const { x, y, width, height, color } of parts(swatch)) {
      context.fillStyle = color;
      context.fillRect(x, y, width, height);
    }
  }
  context.textBaseline = "middle";
  for (const text of scene.texts) {
    context.font = font(text);
    context.textAlign = text.right ? "right" : "left";
    context.fillStyle = inks[text.ink];
    context.fillText(fitted(text, context), text.x, text.y);
  }
  return canvas;
}

function line(text: Text, inks: Inks, measuring: Measuring): SVGTextElement {
  const { x, y, bold, right, ink } = text;
  const made = svgElement("text", { x, y, fill: inks[ink] });
  if (bold) made.setAttribute("font-weight", "bold");
  if (right) made.setAttribute("text-anchor", "end");
  made.textContent = fitted(text, measuring);
  return made;
}

function bars(swatch: Swatch): SVGRectElement[] {
  return parts(swatch).map(({ color, ...place }) => svgElement("rect", { ...place, fill: color }));
}

function parts({ x, y, width, height, colors }: Swatch) {
  const step = width / colors.length;
  // Half a pixel over the next one, to hide the gap between them.
  return colors.map((color, i) => {
    const wide = step + (i < colors.length - 1 ? 0.5 : 0);
    return { x: x + i * step, y, width: wide, height, color };
  });
}

function font({ bold }: Text): string {
  return `${bold ? "bold " : ""}${SIZE}px ${FONT}`;
}

/** As much of a text as fits. */
function fitted(text: Text, context: Measuring): string {
  const words = text.text.replace(/[\s\p{Cc}]+/gu, " "); // what XML cannot hold
  if (!context) return words;
  context.font = font(text);
  const fits = (length: number) =>
    context.measureText(length < words.length ? `${words.slice(0, length)}…` : words).width <= text.room;
  let length = words.length;
  while (length > 1 && !fits(length)) length--;
  return length < words.length ? `${words.slice(0, length)}…` : words;
}
