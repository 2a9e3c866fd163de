/** Pictures in place of points, wherever few enough are in view. */
import { clippedTo } from "./clipping";
import { laidOver, layerCalled } from "./layer";
import type { Panel } from "./panel";
import type { Rgb } from "./renderer";
import type { Stage } from "./stage";
import { svgElement } from "./svg";
import type { PicturesOn, Sight } from "./types";

/** CSS pixels: the longer side follows the distance between points, within limits and a share of the panel. */
const SIDE = { least: 20, most: 72, spacing: 1.2, share: 0.3 };
/** CSS pixels: the frame in the point's colour, and how much wider it is around what stands out. */
const FRAME = 2;
const WIDER = 1;
/** CSS pixels: a rim around the frame, in the background's colour, or the foreground's under the pointer. */
const RIM = 1;
/** Pictures on show stay for some points more, lest they come and go while a map moves. */
const STAY = 1.1;
/** The opacity of those that stand back. */
const FAINT = 0.3;

/** A picture where it stands; the sides are half as long as the picture's. */
interface Placed {
  row: number;
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  faint: boolean;
}

/** What a panel shows. */
interface OnPanel {
  /** In drawing order; empty if too many points are in view. */
  placed: Placed[];
  sight: Sight;
}

export class Pictures {
  readonly layer = layerCalled("tw-pictures");
  private given: PicturesOn | null = null;
  private readonly on = new Map<Panel, OnPanel>();
  private ink = "#000";
  private ground = "#fff";
  private stale = false;
  private drawnRing: number | null = null;
  private told = "";

  /** `tell` hears what the panels show, when that changes. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly stage: Stage,
    private readonly tell: (sights: ReadonlyMap<number, Sight>) => void,
  ) {
    this.layer.hidden = true;
  }

  set(given: PicturesOn | null): void {
    this.given = given;
    this.stale = true;
  }

  setColors(ink: Rgb, ground: Rgb): void {
    [this.ink, this.ground] = [`rgb(${ink})`, `rgb(${ground})`];
    this.stale = true;
  }

  /** Points have other colours, others stand out, or the canvas has another place. */
  invalidate(): void {
    this.stale = true;
  }

  /** Finds where pictures are now. `moved`: the panels whose maps or cameras have moved. */
  update(panels: readonly Panel[], moved: readonly Panel[]): void {
    const { given } = this;
    if (!this.stale && (!given || moved.length === 0)) return;
    for (const panel of this.on.keys()) if (!given || !panels.includes(panel)) this.on.delete(panel);
    for (const panel of panels)
      if (given && (this.stale || moved.includes(panel))) this.on.set(panel, this.look(panel, given));
    this.stale = true; // until it is drawn
    this.report();
  }

  /** Draws them if anything has changed; `ring`: the row that the pointer is on. */
  draw(ring: number | null): void {
    if (!this.stale && ring === this.drawnRing) return;
    this.stale = false;
    this.drawnRing = ring;
    const shows = [...this.on.values()].some(({ placed }) => placed.length > 0);
    const context = laidOver(this.canvas, this.layer, shows);
    if (!context) return;
    this.paint(context, devicePixelRatio, ring);
  }

  destroy(): void {
    this.layer.remove();
  }

  /** How far the picture of a row extends from its point, up and down; 0 if the panel shows none. */
  reach(panel: Panel, row: number): number {
    const placed = this.on.get(panel)?.placed.find((one) => one.row === row);
    return placed ? placed.halfHeight + FRAME : 0;
  }

  /** The row whose picture covers a place on the canvas; of several the nearest, so that each can be reached. */
  pick(panel: Panel, x: number, y: number): number | null {
    const { muted } = this.stage.ranks;
    let [best, least] = [null as number | null, Number.POSITIVE_INFINITY];
    for (const { row, x: px, y: py, halfWidth, halfHeight } of this.on.get(panel)?.placed ?? []) {
      const [dx, dy] = [Math.abs(px - x), Math.abs(py - y)];
      const distance = Math.hypot(dx, dy);
      if (dx > halfWidth + FRAME || dy > halfHeight + FRAME || distance >= least || muted?.[row]) continue;
      [best, least] = [row, distance];
    }
    return best;
  }

  /** Draws them on a bitmap with `ratio` pixels per CSS pixel. */
  paint(context: CanvasRenderingContext2D, ratio: number, ring: number | null = null): void {
    for (const [panel, { placed }] of this.on) {
      const last = placed.filter(({ row }) => row === ring);
      clippedTo(panel, context, ratio, () => {
        for (const one of placed) if (one.row !== ring) this.stamp(context, panel, one, false, ratio);
        for (const one of last) this.stamp(context, panel, one, true, ratio);
      });
    }
  }

  /** The same as shapes, by panel. */
  shapes(): SVGSVGElement[] {
    return [...this.on].flatMap(([panel, { placed }]) => {
      if (placed.length === 0) return [];
      const { x, y, width, height } = panel.rect;
      const shown = svgElement("svg", { class: "tw-pictures", x, y, width, height });
      shown.style.overflow = "hidden";
      shown.append(...placed.flatMap((one) => this.shape(panel, one)));
      return [shown];
    });
  }

  private stamp(
    context: CanvasRenderingContext2D,
    panel: Panel,
    { row, x, y, halfWidth, halfHeight, faint }: Placed,
    ringed: boolean,
    ratio: number,
  ): void {
    const thumbnail = this.given?.of(row);
    if (!thumbnail) return;
    context.globalAlpha = faint && !ringed ? FAINT : 1;
    const frame = this.frameOf(row);
    const box = (color: string, out: number) => {
      context.fillStyle = color;
      context.fillRect(
        x - halfWidth - out,
        y - halfHeight - out,
        2 * (halfWidth + out),
        2 * (halfHeight + out),
      );
    };
    box(ringed ? this.ink : this.ground, frame + (ringed ? 2 * RIM : RIM));
    box(this.stage.cssColor(panel, row), frame);
    box(this.ground, 0); // behind what is transparent
    // Small pictures keep their pixels square, as elsewhere.
    context.imageSmoothingEnabled = thumbnail.width >= 2 * halfWidth * ratio;
    context.drawImage(thumbnail, x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight);
  }

  private shape(panel: Panel, { row, x, y, halfWidth, halfHeight, faint }: Placed): SVGElement[] {
    const thumbnail = this.given?.of(row);
    const canvas = document.createElement("canvas");
    const context = thumbnail && canvas.getContext("2d");
    if (!context) return [];
    [canvas.width, canvas.height] = [thumbnail.width, thumbnail.height];
    context.drawImage(thumbnail, 0, 0);
    const { rect } = panel;
    const box = (out: number) => ({
      x: (x - rect.x - halfWidth - out).toFixed(2),
      y: (y - rect.y - halfHeight - out).toFixed(2),
      width: (2 * (halfWidth + out)).toFixed(2),
      height: (2 * (halfHeight + out)).toFixed(2),
      opacity: faint ? FAINT : 1,
    });
    const frame = this.frameOf(row);
    return [
      svgElement("rect", { ...box(frame), fill: this.stage.cssColor(panel, row) }),
      svgElement("image", { ...box(0), href: canvas.toDataURL("image/png"), preserveAspectRatio: "none" }),
    ];
  }

  private frameOf(row: number): number {
    return this.stage.ranks.standsOut(row) ? FRAME + WIDER : FRAME;
  }

  /** What a panel has in view; a picture that is not there yet, or never comes, leaves its point. */
  private look(panel: Panel, given: PicturesOn): OnPanel {
    const nothing = { placed: [], sight: { inView: 0, shown: false, wanted: [] } };
    if (!panel.visible || !panel.map.hasLayout) return nothing;
    const side = sideIn(panel);
    const most = given.most * (this.on.get(panel)?.sight.shown ? STAY : 1);
    const { rows, places, inView } = inSight(panel, side / 2 + FRAME + WIDER, most);
    if (inView > most) return { placed: [], sight: { inView, shown: false, wanted: [] } };
    const { ranks } = this.stage;
    const dims = ranks.dimmed > 0;
    const placed: Placed[] = [];
    const wanted: { row: number; distance: number }[] = [];
    const { rect } = panel;
    const [middleX, middleY] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
    rows.forEach((row, i) => {
      const [x, y] = [places[2 * i], places[2 * i + 1]];
      const thumbnail = given.of(row);
      if (thumbnail === undefined) wanted.push({ row, distance: Math.hypot(x - middleX, y - middleY) });
      if (!thumbnail) return;
      const half = side / 2 / Math.max(thumbnail.width, thumbnail.height);
      const [halfWidth, halfHeight] = [half * thumbnail.width, half * thumbnail.height];
      placed.push({ row, x, y, halfWidth, halfHeight, faint: dims && !ranks.standsOut(row) });
    });
    // What stands back lies below; otherwise the order of rows, which never flickers.
    placed.sort((a, b) => Number(b.faint) - Number(a.faint) || a.row - b.row);
    wanted.sort((a, b) => a.distance - b.distance);
    return { placed, sight: { inView, shown: true, wanted: wanted.map(({ row }) => row) } };
  }

  private report(): void {
    const sights = new Map([...this.on].map(([panel, { sight }]) => [panel.id, sight]));
    const told = [...sights].map(([id, { inView, wanted }]) => `${id}:${inView}:${wanted.join()}`).join(";");
    if (told !== this.told) this.tell(sights);
    this.told = told;
  }
}

/** The longer side of pictures in CSS pixels: it grows with the distance between points. */
export function sideIn(panel: Panel): number {
  const spacing = panel.density > 0 ? 1 / Math.sqrt(panel.density) : Number.POSITIVE_INFINITY;
  const { width, height } = panel.rect;
  const most = Math.min(SIDE.most, SIDE.share * Math.min(width, height));
  return Math.min(most, Math.max(SIDE.least, SIDE.spacing * spacing));
}

/** How many points are in view; and the rows in view or no farther than `margin` from it, if these are few. */
function inSight(panel: Panel, margin: number, most: number) {
  const { rect, current: view } = panel;
  const { x: cx, y: cy, turn } = panel.pose;
  const positions = panel.displayed();
  const [halfWidth, halfHeight] = [rect.width / 2 / view.k, rect.height / 2 / view.k];
  const more = margin / view.k;
  const rows: number[] = [];
  const places: number[] = [];
  let inView = 0;
  for (let row = 0, p = 0; p < positions.length; row++, p += 2) {
    const [dx, dy] = [positions[p] - cx, positions[p + 1] - cy];
    const x = turn[0] * dx + turn[1] * dy - view.x;
    const y = turn[2] * dx + turn[3] * dy - view.y;
    // Written so that what has no place, NaN, is not in view.
    if (!(Math.abs(x) <= halfWidth + more && Math.abs(y) <= halfHeight + more)) continue;
    if (Math.abs(x) <= halfWidth && Math.abs(y) <= halfHeight) inView++;
    if (inView > most) continue;
    rows.push(row);
    places.push(rect.x + rect.width / 2 + x * view.k, rect.y + rect.height / 2 - y * view.k);
  }
  return { rows, places, inView };
}
