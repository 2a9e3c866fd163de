/** A scene and its points as an SVG, or as pixels. */
import { fitted, font, LETTERING, type Measure, measuring, svgElement } from "../../scatter";
import type { Scene } from "./scene";
import type { Swatch, Text } from "./sheet";

export interface Inks {
  background: string;
  plain: string;
  muted: string;
  warning: string;
}

/** `points` are in CSS pixels from the top left of the maps. */
export function asSvg(scene: Scene, points: SVGElement, inks: Inks): SVGSVGElement {
  const { width, height, top } = scene;
  const picture = svgElement("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const maps = svgElement("g", { transform: `translate(0 ${top})` });
  maps.append(points);
  const lines = svgElement("g", { ...LETTERING, "dominant-baseline": "central" });
  const measure = measuring();
  lines.append(...scene.texts.map((text) => line(text, inks, measure)));
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
  const measure = measuring();
  for (const text of scene.texts) {
    context.font = font(text.bold);
    context.textAlign = text.right ? "right" : "left";
    context.fillStyle = inks[text.ink];
    context.fillText(written(text, measure), text.x, text.y);
  }
  return canvas;
}

function line(text: Text, inks: Inks, measure: Measure): SVGTextElement {
  const { x, y, bold, right, ink } = text;
  const made = svgElement("text", { x, y, fill: inks[ink] });
  if (bold) made.setAttribute("font-weight", "bold");
  if (right) made.setAttribute("text-anchor", "end");
  made.textContent = written(text, measure);
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

function written({ text, room, bold }: Text, measure: Measure): string {
  return fitted(text, room, (words) => measure(words, bold));
}
