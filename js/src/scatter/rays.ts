/** Thin lines from one point to some others, in every panel: above the points, below the rings. */
import type { Panel } from "./panel";
import type { Stage } from "./stage";
import { setAttribute, svgElement } from "./svg";
import type { Links } from "./types";

/** Pixels by which a ring at a far end is larger than the point. */
const RING = 2;
const INK_WIDTH = 1.2;
const HALO_WIDTH = 4;

/** What is within one panel: everything twice, in the background's colour and above that in ink. */
interface Pane {
  frame: SVGSVGElement;
  halo: SVGPathElement;
  ink: SVGPathElement;
}

export class Rays {
  readonly layer = svgElement("svg");
  private readonly panes: Pane[] = [];
  private links: Links | null = null;
  private stale = false;

  constructor(private readonly stage: Stage) {}

  set(links: Links | null): void {
    this.links = links;
    this.stale = true;
  }

  /** `changed`: points may be at other places than before. */
  update(panels: readonly Panel[], changed: boolean): void {
    const { links } = this;
    if (!this.stale && !(links && changed)) return;
    this.stale = false;
    const shown = links ? panels.filter(({ visible }) => visible) : [];
    while (this.panes.length > shown.length) this.panes.pop()?.frame.remove();
    while (this.panes.length < shown.length) this.panes.push(this.addPane());
    shown.forEach((panel, i) => {
      this.draw(this.panes[i], panel, links as Links);
    });
  }

  private draw({ frame, halo, ink }: Pane, panel: Panel, { from, to }: Links): void {
    for (const side of ["x", "y", "width", "height"] as const)
      setAttribute(frame, side, String(panel.rect[side]));
    const path = rays(panel, from, to, this.stage.pointRadius(panel));
    for (const each of [halo, ink]) setAttribute(each, "d", path);
  }

  /** An inner svg cuts what is outside of it. */
  private addPane(): Pane {
    const frame = svgElement("svg");
    frame.style.overflow = "hidden";
    const [halo, ink] = [svgElement("path"), svgElement("path")];
    halo.style.cssText = `fill:none;stroke:var(--halo);stroke-width:${HALO_WIDTH}px;stroke-opacity:0.75`;
    ink.style.cssText = `fill:none;stroke:var(--ring);stroke-width:${INK_WIDTH}px`;
    frame.append(halo, ink);
    this.layer.append(frame);
    return { frame, halo, ink };
  }
}

/** Lines and rings as one path, in pixels within the panel. What is at no place is left out. */
function rays(panel: Panel, from: number, to: readonly number[], pointRadius: number): string {
  const { rect } = panel;
  const place = (index: number) => {
    const [x, y] = panel.screenPosition(index);
    return [x - rect.x, y - rect.y];
  };
  const [x0, y0] = place(from);
  let path = "";
  if (!Number.isFinite(x0 + y0)) return path;
  const radius = pointRadius + RING;
  for (const index of to) {
    const [x, y] = place(index);
    if (Number.isFinite(x + y)) path += line(x0, y0, x, y, pointRadius, radius) + ring(x, y, radius);
  }
  return path;
}

/** From disc to disc; nothing where these touch. */
function line(x0: number, y0: number, x1: number, y1: number, from: number, to: number): string {
  const distance = Math.hypot(x1 - x0, y1 - y0);
  if (distance <= from + to) return "";
  const [ux, uy] = [(x1 - x0) / distance, (y1 - y0) / distance];
  return `M${pixels(x0 + ux * from, y0 + uy * from)}L${pixels(x1 - ux * to, y1 - uy * to)}`;
}

function ring(x: number, y: number, radius: number): string {
  // Rounded before it is doubled: else it is no circle.
  const r = Number(radius.toFixed(1));
  const half = (sign: number) => `a${r} ${r} 0 1 0 ${(sign * 2 * r).toFixed(1)} 0`;
  return `M${pixels(x + r, y)}${half(-1)}${half(1)}`;
}

function pixels(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
