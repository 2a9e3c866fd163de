/** Thin lines from one point to others, and marks, in every panel: above the points, below the rings. */
import type { Panel } from "./panel";
import type { Stage } from "./stage";
import { setAttribute, svgElement } from "./svg";
import type { Links } from "./types";

/** How many pixels larger than the point a ring at a far end is: ten in a dense place stay ten rings. */
const FAR = 1;
/** How many pixels larger a mark is, which surrounds the ring of a hovered point. */
const MARK = 7;

/** In drawing order: the halo in the background's colour, then the ink. */
const STROKES = {
  lines: { ink: "--ring", width: 1.2, opacity: 0.5, halo: 3, haloOpacity: 0.5 },
  ends: { ink: "--ring", width: 1, opacity: 1, halo: 2.5, haloOpacity: 0.5 },
  mark: { ink: "--accent", width: 2.5, opacity: 1, halo: 5, haloOpacity: 0.85 },
} as const;

type Part = keyof typeof STROKES;
const PARTS = Object.keys(STROKES) as Part[];

/** The elements of one panel: each part twice, as halo and as ink. */
interface Pane {
  frame: SVGSVGElement;
  parts: Record<Part, readonly SVGPathElement[]>;
}

interface Place {
  x: number;
  y: number;
  /** The radius of the point's disc. */
  radius: number;
}

export class Rays {
  readonly layer = svgElement("svg");
  private readonly panes: Pane[] = [];
  private links: Links | null = null;
  private origin: number | null = null;
  private stale = false;

  constructor(private readonly stage: Stage) {}

  set(links: Links | null): void {
    this.links = links;
    this.stale = true;
  }

  setOrigin(index: number | null): void {
    this.origin = index;
    this.stale = true;
  }

  /** `changed`: points may have moved. */
  update(panels: readonly Panel[], changed: boolean): void {
    const any = this.links !== null || this.origin !== null;
    if (!this.stale && !(any && changed)) return;
    this.stale = false;
    const shown = any ? panels.filter(({ visible }) => visible) : [];
    while (this.panes.length > shown.length) this.panes.pop()?.frame.remove();
    while (this.panes.length < shown.length) this.panes.push(this.addPane());
    shown.forEach((panel, i) => {
      this.draw(this.panes[i], panel);
    });
  }

  private draw({ frame, parts }: Pane, panel: Panel): void {
    for (const side of ["x", "y", "width", "height"] as const)
      setAttribute(frame, side, String(panel.rect[side]));
    const paths = this.paths(panel);
    for (const part of PARTS) for (const path of parts[part]) setAttribute(path, "d", paths[part]);
  }

  /** In pixels within the panel. Leaves out points without a place, and if the source has none, its lines too. */
  private paths(panel: Panel): Record<Part, string> {
    const { links, origin } = this;
    const places = (rows: Iterable<number>) =>
      [...rows].map((row) => this.place(panel, row)).filter(({ x, y }) => Number.isFinite(x + y));
    const [source] = links ? places([links.from]) : [];
    const ends = links && source ? places(links.to.get(panel.id) ?? []) : [];
    const marked = new Set([links?.from, origin].filter((row) => row != null));
    return {
      lines: ends.map((end) => line(source, end)).join(""),
      ends: ends.map((end) => ring(end, FAR)).join(""),
      mark: places(marked)
        .map((place) => ring(place, MARK))
        .join(""),
    };
  }

  private place(panel: Panel, index: number): Place {
    const [x, y] = panel.screenPosition(index);
    return { x: x - panel.rect.x, y: y - panel.rect.y, radius: this.stage.pointRadius(panel, index) };
  }

  /** An inner svg clips its content. */
  private addPane(): Pane {
    const frame = svgElement("svg");
    frame.style.overflow = "hidden";
    const parts = { lines: strokes("lines"), ends: strokes("ends"), mark: strokes("mark") };
    for (const part of PARTS) frame.append(...parts[part]);
    this.layer.append(frame);
    return { frame, parts };
  }
}

/** One path for all of a part, so that half-transparent lines are no darker where they cross. */
function strokes(part: Part): SVGPathElement[] {
  const { ink, width, opacity, halo, haloOpacity } = STROKES[part];
  const stroke = (color: string, width: number, opacity: number) => {
    const path = svgElement("path");
    path.setAttribute("class", `tw-rays-${part}`);
    path.style.cssText = `fill:none;stroke:var(${color});stroke-width:${width}px;stroke-opacity:${opacity}`;
    return path;
  };
  return [stroke("--halo", halo, haloOpacity), stroke(ink, width, opacity)];
}

/** From mark to ring; empty if the two touch. */
function line(from: Place, to: Place): string {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const [first, last] = [from.radius + MARK, to.radius + FAR];
  if (distance <= first + last) return "";
  const [ux, uy] = [(to.x - from.x) / distance, (to.y - from.y) / distance];
  const start = pixels(from.x + ux * first, from.y + uy * first);
  return `M${start}L${pixels(to.x - ux * last, to.y - uy * last)}`;
}

function ring({ x, y, radius }: Place, larger: number): string {
  // Rounded before it is doubled, or it would not be a circle.
  const r = Number((radius + larger).toFixed(1));
  const half = (sign: number) => `a${r} ${r} 0 1 0 ${(sign * 2 * r).toFixed(1)} 0`;
  return `M${pixels(x + r, y)}${half(-1)}${half(1)}`;
}

function pixels(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
