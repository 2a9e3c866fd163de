/** What gestures mean: they move cameras, draw lassos, click and hover. */
import { fromTransform, toData, toScreen, zoomLimits } from "./camera";
import type { Emitter } from "./emitter";
import { type GestureHost, Gestures, type LassoEnd } from "./gestures";
import { Hover, panelAt } from "./hover";
import { LassoPath } from "./lasso";
import { Lines } from "./lines";
import type { Linking } from "./linking";
import { Overlay } from "./overlay";
import type { Panel } from "./panel";
import type { Pictures } from "./pictures";
import { pointsInPolygon } from "./polygon";
import { toOwn } from "./pose";
import { Rays } from "./rays";
import type { Rgb } from "./renderer";
import { Squares } from "./squares";
import type { Stage } from "./stage";
import type { Mode, ScatterEvents, SelectOp, Theme } from "./types";

interface Lasso {
  panel: Panel;
  path: LassoPath;
}

export class Pointing {
  readonly hover: Hover;
  readonly rays: Rays;
  readonly lines = new Lines();
  readonly squares: Squares;
  /** What a gesture does to the selection without modifier keys. */
  op: SelectOp = "replace";
  private readonly overlay: Overlay;
  private readonly gestures: Gestures<Panel>;
  private mode: Mode = "pan";
  private lasso: Lasso | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly stage: Stage,
    pictures: Pictures,
    private readonly panels: readonly Panel[],
    private readonly linking: Linking,
    private readonly emitter: Emitter<ScatterEvents>,
    private readonly requestFrame: () => void,
    private readonly takesWheel: (event: WheelEvent) => boolean = () => true,
  ) {
    this.rays = new Rays(stage);
    this.overlay = new Overlay(canvas, this.rays.layer, this.lines.layer);
    this.squares = new Squares(canvas, stage);
    this.hover = new Hover(
      stage,
      this.squares,
      pictures,
      (hovered) => {
        emitter.emit("hover", hovered);
        requestFrame();
      },
      (square) => emitter.emit("square", square),
    );
    this.gestures = new Gestures(canvas, this.host());
  }

  get drawing(): boolean {
    return this.lasso !== null;
  }

  setMode(mode: Mode): void {
    if (this.mode !== mode) this.gestures.cancelPress("another tool");
    this.mode = mode;
    this.gestures.showMode();
  }

  setTheme({ foreground, background, accent }: Theme, ink: Rgb, ground: Rgb, highlight: Rgb): void {
    this.squares.setColors(ink, ground);
    this.lines.setColors(`rgb(${ink})`, `rgb(${ground})`, `rgb(${highlight})`);
    this.overlay.setColors(foreground, background, accent);
  }

  /** The canvas or its panels have been resized or moved. */
  place(): void {
    if (this.lasso && !this.panels.includes(this.lasso.panel)) this.gestures.cancelPress("its map is gone");
    this.overlay.place();
  }

  /** Returns whether there was one. */
  cancelLasso(why: string): boolean {
    const was = this.drawing;
    this.gestures.cancelPress(why);
    return was;
  }

  /** To be called in every frame, after time has passed for the panels. */
  update(changed: boolean): void {
    const moved = this.squares.update(this.panels, changed);
    this.hover.update(this.panels, changed || moved);
    this.lines.update(this.panels, changed);
    this.rays.update(this.panels, changed);
    this.overlay.setRings(this.hover.rings(this.panels));
    const { lasso } = this;
    this.overlay.setLasso(lasso && onScreen(lasso.panel, lasso.path), lasso?.path.closed ?? false);
  }

  destroy(): void {
    this.gestures.destroy();
    this.squares.destroy();
    this.overlay.destroy();
  }

  private host(): GestureHost<Panel> {
    const { panels, requestFrame } = this;
    return {
      mode: () => this.mode,
      op: () => this.op,
      panelAt: (x, y) => panelAt(panels, x, y),
      transform: (panel) => panel.transform,
      takesWheel: (event) => this.takesWheel(event),
      zoomLimits: (panel) => zoomLimits(panel.current, panel.fitted()),
      zoomed: (panel, transform) => {
        if (panels.includes(panel)) this.linking.take(panel, fromTransform(transform, panel.rect));
        requestFrame();
      },
      hold: (panel, held) => {
        panel.held = held;
        requestFrame();
      },
      lassoStart: (panel, x, y) => this.startLasso(panel, x, y),
      lassoMove: (x, y) => this.addToLasso(x, y),
      lassoEnd: (op) => this.endLasso(op),
      lassoCancel: () => this.dropLasso(),
      click: (panel, x, y, op) => {
        if (!panels.includes(panel)) return;
        const square = this.squares.pick(panel, x, y);
        if (square !== null) this.emitter.emit("squareClick", { panel: panel.id, index: square, op });
        else this.emitter.emit("click", { panel: panel.id, index: this.hover.pick(panel, x, y), op });
      },
      pointer: (x, y) => {
        this.hover.move(x, y);
        requestFrame();
      },
      pointerGone: () => this.hover.leave(),
    };
  }

  /** Freezes the picture, because what the user circles is what counts. */
  private startLasso(panel: Panel, x: number, y: number): void {
    this.hover.leave();
    this.lasso = { panel, path: new LassoPath(this.mode === "rectangle" ? "rectangle" : "lasso") };
    panel.freeze(true);
    this.addToLasso(x, y);
  }

  private addToLasso(x: number, y: number): void {
    if (!this.lasso) return;
    const { current, rect } = this.lasso.panel;
    const inX = Math.min(rect.x + rect.width, Math.max(rect.x, x));
    const inY = Math.min(rect.y + rect.height, Math.max(rect.y, y));
    this.lasso.path.add(inX, inY, ...toData(current, rect, inX, inY));
    this.requestFrame();
  }

  private endLasso(op: SelectOp): LassoEnd {
    const { lasso } = this;
    if (!lasso) return { isClick: false, words: "there was none" };
    const { isClick } = lasso.path;
    const words = isClick ? "too small" : this.select(lasso, op);
    this.dropLasso();
    return { isClick, words: `${lasso.path.vertices().length / 2} vertices, ${words}` };
  }

  /** Reports which rows a lasso circles; returns how many, in words. */
  private select({ panel, path }: Lasso, op: SelectOp): string {
    const { id, token } = panel;
    const vertices = ownVertices(panel, path);
    const inside = pointsInPolygon(panel.displayed(), vertices);
    const mask = this.stage.ranks.muted;
    const positions = mask ? inside.filter((row) => !mask[row]) : inside;
    const muted = inside.length - positions.length;
    const squares = this.squares.inside(panel, Float32Array.from(onScreen(panel, path)));
    this.emitter.emit("lasso", { panel: id, positions, squares, muted, op, vertices, token });
    return `${positions.length} rows inside, ${muted} more stand back`;
  }

  private dropLasso(): void {
    this.lasso?.panel.freeze(false);
    this.lasso = null;
    this.requestFrame();
  }
}

/** In the units of the positions, rounded as they are reported, so that the test can be repeated elsewhere. */
function ownVertices({ pose }: Panel, path: LassoPath): Float32Array {
  const shown = path.vertices();
  const vertices = new Float32Array(shown.length);
  for (let i = 0; i < shown.length; i += 2) vertices.set(toOwn(pose, shown[i], shown[i + 1]), i);
  return vertices;
}

function onScreen({ current, rect }: Panel, path: LassoPath): number[] {
  const vertices = path.vertices();
  const points: number[] = [];
  for (let i = 0; i < vertices.length; i += 2)
    points.push(...toScreen(current, rect, vertices[i], vertices[i + 1]));
  return points;
}
