/** Draws names with a rim in the background's colour: on a canvas, again and again from stamps, or as SVG. */
import { font, LETTERING } from "./lettering";
import { NAME_HEIGHT, type Spot } from "./spots";
import { svgElement } from "./svg";
import type { PanelRect } from "./types";

/** CSS pixels: the letters, their rim, and a line from a name to its anchor. */
export const NAME_SIZE = 13;
const RIM = 5;
const LINE = 1;
/** How many stamps are kept. */
const KEPT = 2000;

/** A name where it stands. */
export interface Lettered extends Spot {
  text: string;
  width: number;
  ink: string;
  opacity: number;
}

/** Writes names in CSS pixels. */
export function write(context: CanvasRenderingContext2D, names: readonly Lettered[], ground: string): void {
  for (const name of names) drawLine(context, name, ground);
  for (const { text, x, y, ink, opacity } of names) {
    context.globalAlpha = opacity;
    letter(context, text, x, y, ink, ground);
  }
}

/** The same as text, clipped to a panel. */
export function shapeOf(rect: PanelRect, names: readonly Lettered[], ground: string): SVGSVGElement {
  const { x: left, y: top, width, height } = rect;
  const shown = svgElement("svg", { class: "tw-names", x: left, y: top, width, height });
  shown.style.overflow = "hidden";
  const rim = { stroke: ground, "stroke-width": RIM, "stroke-linejoin": "round", "paint-order": "stroke" };
  const middle = { "text-anchor": "middle", "dominant-baseline": "central" };
  const group = svgElement("g", {
    ...LETTERING,
    "font-size": NAME_SIZE,
    "font-weight": "bold",
    ...middle,
    ...rim,
  });
  for (const { line, ink, opacity } of names) {
    if (!line) continue;
    const [x1, y1, x2, y2] = line.map((px, i) => (px - (i % 2 ? top : left)).toFixed(1));
    group.append(svgElement("line", { x1, y1, x2, y2, stroke: ink, "stroke-width": LINE, opacity }));
  }
  for (const { text, x, y, ink, opacity } of names) {
    const at = { x: (x - left).toFixed(1), y: (y - top).toFixed(1) };
    const made = svgElement("text", { ...at, fill: ink, opacity });
    made.textContent = text;
    group.append(made);
  }
  shown.append(group);
  return shown;
}

/** Names as pictures of their own, which are drawn much faster than letters with a rim. */
export class Stamps {
  private readonly made = new Map<string, HTMLCanvasElement>();
  private ratio = 1;

  clear(): void {
    this.made.clear();
  }

  /** Draws names on a canvas in CSS pixels, each of which has `ratio` pixels. */
  draw(context: CanvasRenderingContext2D, names: readonly Lettered[], ground: string, ratio: number): void {
    if (ratio !== this.ratio || this.made.size > KEPT) this.clear();
    this.ratio = ratio;
    for (const name of names) drawLine(context, name, ground);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (const name of names) {
      const stamp = this.stamp(name, ground);
      context.globalAlpha = name.opacity;
      // On whole pixels, where letters are sharp.
      const [left, top] = [name.x * ratio - stamp.width / 2, name.y * ratio - stamp.height / 2];
      context.drawImage(stamp, Math.round(left), Math.round(top));
    }
    context.restore();
  }

  private stamp({ label, text, width, ink }: Lettered, ground: string): HTMLCanvasElement {
    const key = `${label} ${text}`;
    const kept = this.made.get(key);
    if (kept) return kept;
    const { ratio } = this;
    const stamp = document.createElement("canvas");
    stamp.width = Math.ceil((width + 2 * RIM) * ratio);
    stamp.height = Math.ceil((NAME_HEIGHT + 2 * RIM) * ratio);
    const context = stamp.getContext("2d");
    context?.scale(ratio, ratio);
    if (context) letter(context, text, stamp.width / 2 / ratio, stamp.height / 2 / ratio, ink, ground);
    this.made.set(key, stamp);
    return stamp;
  }
}

function letter(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ink: string,
  ground: string,
): void {
  context.font = font(true, NAME_SIZE);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = RIM;
  context.strokeStyle = ground;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function drawLine(context: CanvasRenderingContext2D, { line, ink, opacity }: Lettered, ground: string): void {
  if (!line) return;
  const [x1, y1, x2, y2] = line;
  context.globalAlpha = opacity;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.strokeStyle = ground;
  context.lineWidth = RIM;
  context.stroke();
  context.strokeStyle = ink;
  context.lineWidth = LINE;
  context.stroke();
}
