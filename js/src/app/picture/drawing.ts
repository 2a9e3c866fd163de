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

/** `points` are in CSS pixels from the maps' left top. */
export function asSvg(scene: Scene, points: SVGElement, inks: Inks): SVGSVGElement {
  const { width, height, top } = scene;
  const picture = element("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const maps = element("g", { transform: `translate(0 ${top})` });
  maps.append(points);
  const lines = element("g", { "font-family": FONT, "font-size": SIZE, "dominant-baseline": "central" });
  lines.append(...scene.texts.map((text) => line(text, inks)));
  picture.append(
    element("rect", { width, height, fill: inks.background }),
    maps,
    ...scene.swatches.flatMap(bars),
    lines,
  );
  return picture;
}

/** A bitmap of the points as an element of an SVG. */
export function asImage(bitmap: HTMLCanvasElement, ratio: number): SVGImageElement {
  const [width, height] = [bitmap.width / ratio, bitmap.height / ratio];
  return element("image", { width, height, href: bitmap.toDataURL("image/png") });
}

/** `points` has `ratio` pixels to a CSS pixel, as the result has. */
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
    for (const { x, y, width, height, colour } of parts(swatch)) {
      context.fillStyle = colour;
      context.fillRect(x, y, width, height);
    }
  }
  context.textBaseline = "middle";
  for (const text of scene.texts) {
    context.font = font(text);
    context.textAlign = text.right ? "right" : "left";
    context.fillStyle = inks[text.ink];
    context.fillText(fitted(text), text.x, text.y);
  }
  return canvas;
}

function line(text: Text, inks: Inks): SVGTextElement {
  const { x, y, bold, right, ink } = text;
  const made = element("text", { x, y, fill: inks[ink] });
  if (bold) made.setAttribute("font-weight", "bold");
  if (right) made.setAttribute("text-anchor", "end");
  made.textContent = fitted(text);
  return made;
}

function bars(swatch: Swatch): SVGRectElement[] {
  return parts(swatch).map(({ colour, ...place }) => element("rect", { ...place, fill: colour }));
}

function parts({ x, y, width, height, colours }: Swatch) {
  const step = width / colours.length;
  // Half a pixel over the next one: no gap is seen between two.
  return colours.map((colour, i) => {
    const wide = step + (i < colours.length - 1 ? 0.5 : 0);
    return { x: x + i * step, y, width: wide, height, colour };
  });
}

function font({ bold }: Text): string {
  return `${bold ? "bold " : ""}${SIZE}px ${FONT}`;
}

/** As much of a text as there is room for. */
function fitted(text: Text): string {
  const words = text.text.replace(/[\s\p{Cc}]+/gu, " "); // what XML cannot hold
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return words;
  context.font = font(text);
  const fits = (length: number) =>
    context.measureText(length < words.length ? `${words.slice(0, length)}…` : words).width <= text.room;
  let length = words.length;
  while (length > 1 && !fits(length)) length--;
  return length < words.length ? `${words.slice(0, length)}…` : words;
}

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const made = svgElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
