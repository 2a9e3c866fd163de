/** Lines above the points: along traces that belong to one layout, and between pairs of points. */
import { toScreen } from "./camera";
import { clippedTo } from "./clipping";
import type { Panel } from "./panel";
import { toShown } from "./pose";
import { svgElement } from "./svg";
import type { LineStyle, TracesOn } from "./types";

/** Pixels; dashes are lengths of line and gap in turn, round at their ends. */
interface Pen {
  width: number;
  opacity: number;
  dashes: number[];
}

const PENS: Record<LineStyle, Pen> = {
  solid: { width: 2.5, opacity: 1, dashes: [] },
  dotted: { width: 3, opacity: 1, dashes: [0.1, 6] },
  faint: { width: 1, opacity: 0.5, dashes: [] },
  broken: { width: 1, opacity: 0.7, dashes: [5, 5] },
};
const PAIRS: Pen = { width: 0.75, opacity: 0.3, dashes: [] };
/** How many pixels wider than the line its rim is, which sets it off from the points, and how opaque. */
const RIM = 3;
const RIM_OPACITY = 0.7;
/** How many pixels wider a marked line is. */
const MARKED = 2;

interface Stroke extends Pen {
  color: string;
  /** Each xyxy, in pixels from the panel's top left. */
  lines: number[][];
}

export class Lines {
  /** One inner svg for each panel with lines, which it clips. */
  readonly layer = svgElement("svg", { class: "tw-lines" });
  private traces: ReadonlyMap<number, TracesOn> = new Map();
  private pairs: ReadonlyMap<number, Int32Array> = new Map();
  private drawn: { panel: Panel; strokes: Stroke[] }[] = [];
  private colors = { ink: "#000", ground: "#fff", accent: "#000" };
  private stale = false;

  setTraces(traces: ReadonlyMap<number, TracesOn>): void {
    this.traces = traces;
    this.stale = true;
  }

  /** Rows ababab, by panel. */
  setPairs(pairs: ReadonlyMap<number, Int32Array>): void {
    this.pairs = pairs;
    this.stale = true;
  }

  setColors(ink: string, ground: string, accent: string): void {
    this.colors = { ink, ground, accent };
    this.stale = true;
  }

  /** `changed`: maps or cameras may have moved. */
  update(panels: readonly Panel[], changed: boolean): void {
    if (!this.stale && !(changed && this.traces.size + this.pairs.size > 0)) return;
    this.stale = false;
    this.drawn = panels
      .filter(({ visible }) => visible)
      .map((panel) => ({ panel, strokes: [...this.betweenPairs(panel), ...this.alongTraces(panel)] }))
      .filter(({ strokes }) => strokes.length > 0);
    this.layer.replaceChildren(...this.shapes());
  }

  /** The lines as shapes, by panel. */
  shapes(): SVGSVGElement[] {
    return this.drawn.map(({ panel, strokes }) => {
      const { x, y, width, height } = panel.rect;
      const shown = svgElement("svg", { class: "tw-lines", x, y, width, height });
      shown.style.overflow = "hidden";
      const line = { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };
      const group = svgElement("g", line);
      for (const stroke of strokes) group.append(shape(stroke));
      shown.append(group);
      return shown;
    });
  }

  /** Draws them on a bitmap with `ratio` pixels per CSS pixel. */
  paint(context: CanvasRenderingContext2D, ratio: number): void {
    for (const { panel, strokes } of this.drawn) {
      clippedTo(panel, context, ratio, () => {
        context.translate(panel.rect.x, panel.rect.y);
        context.lineCap = context.lineJoin = "round";
        for (const { color, width, opacity, dashes, lines } of strokes) {
          context.strokeStyle = color;
          context.lineWidth = width;
          context.globalAlpha = opacity;
          context.setLineDash(dashes);
          context.beginPath();
          for (const line of lines) {
            context.moveTo(line[0], line[1]);
            for (let i = 2; i < line.length; i += 2) context.lineTo(line[i], line[i + 1]);
          }
          context.stroke();
        }
      });
    }
  }

  /** Nothing while the panel shows another layout than the traces' own. */
  private alongTraces(panel: Panel): Stroke[] {
    const given = this.traces.get(panel.id);
    const { map, morphing, pose, current, rect } = panel;
    const exact = map.hasLayout && map.motion.exact && map.motion.token === given?.token;
    if (!given || morphing || !exact) return [];
    const { ink, ground, accent } = this.colors;
    // A marked one lies above the others.
    const ordered = [...given.traces].sort((a, b) => Number(a.marked) - Number(b.marked));
    return ordered.flatMap(({ places, style, marked }) => {
      const pen = PENS[style];
      const line: number[] = [];
      for (let p = 0; p < places.length; p += 2) {
        const [x, y] = toScreen(current, rect, ...toShown(pose, places[p], places[p + 1]));
        line.push(x - rect.x, y - rect.y);
      }
      const shown = marked
        ? { ...pen, color: accent, width: pen.width + MARKED, opacity: 1 }
        : { ...pen, color: ink };
      const rim = { ...shown, color: ground, width: shown.width + RIM, opacity: RIM_OPACITY * shown.opacity };
      return [
        { ...rim, lines: [line] },
        { ...shown, lines: [line] },
      ];
    });
  }

  /** Leaves out pairs of which one point has no place. */
  private betweenPairs(panel: Panel): Stroke[] {
    const pairs = this.pairs.get(panel.id);
    if (!pairs || !panel.map.hasLayout) return [];
    const { x: left, y: top } = panel.rect;
    const lines: number[][] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      const [ax, ay] = panel.screenPosition(pairs[i]);
      const [bx, by] = panel.screenPosition(pairs[i + 1]);
      if (Number.isFinite(ax + bx)) lines.push([ax - left, ay - top, bx - left, by - top]);
    }
    return lines.length > 0 ? [{ ...PAIRS, color: this.colors.ink, lines }] : [];
  }
}

function shape({ color, width, opacity, dashes, lines }: Stroke): SVGPathElement {
  const path = svgElement("path", { d: lines.map(pathOf).join(""), stroke: color, "stroke-width": width });
  if (opacity < 1) path.setAttribute("stroke-opacity", String(opacity));
  if (dashes.length > 0) path.setAttribute("stroke-dasharray", dashes.join(" "));
  return path;
}

function pathOf(line: number[]): string {
  let path = "";
  for (let i = 0; i < line.length; i += 2)
    path += `${i ? "L" : "M"}${line[i].toFixed(1)} ${line[i + 1].toFixed(1)}`;
  return path;
}
