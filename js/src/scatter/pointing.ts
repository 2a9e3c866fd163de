/** What gestures mean: they move cameras, draw lassos, click and hover. */
import { toData, toScreen, zoomLimits } from "./camera";
import type { Emitter } from "./emitter";
import { type GestureHost, Gestures } from "./gestures";
import { Hover, panelAt } from "./hover";
import { LassoPath } from "./lasso";
import { Overlay } from "./overlay";
import type { Panel } from "./panel";
import { pointsInPolygon } from "./polygon";
import type { Stage } from "./stage";
import type { Mode, ScatterEvents, SelectOp, Theme } from "./types";

export class Pointing {
  readonly hover: Hover;
  private readonly overlay: Overlay;
  private readonly gestures: Gestures;
  private mode: Mode = "pan";
  private lasso: { panel: Panel; index: number; path: LassoPath } | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    stage: Stage,
    private readonly panels: readonly Panel[],
    private readonly emitter: Emitter<ScatterEvents>,
    private readonly requestFrame: () => void,
  ) {
    this.overlay = new Overlay(canvas);
    this.hover = new Hover(stage, (hovered) => {
      emitter.emit("hover", hovered);
      requestFrame();
    });
    this.gestures = new Gestures(canvas, this.host());
  }

  get drawing(): boolean {
    return this.lasso !== null;
  }

  setMode(mode: Mode): void {
    if (this.mode !== mode) this.cancelLasso();
    this.mode = mode;
    this.gestures.showMode();
  }

  setTheme({ foreground, background, accent }: Theme): void {
    this.overlay.setColours(foreground, background, accent);
  }

  /** The canvas or its panels have another size or place. */
  place(): void {
    if (this.lasso && !this.panels.includes(this.lasso.panel)) this.cancelLasso();
    this.overlay.place();
  }

  cancelLasso(): void {
    this.gestures.cancelPress();
  }

  /** To be called in every frame, after time has passed for the panels. */
  update(changed: boolean): void {
    this.hover.update(this.panels, changed);
    this.overlay.setRings(this.hover.rings(this.panels));
    const { lasso } = this;
    this.overlay.setLasso(lasso && onScreen(lasso.panel, lasso.path), lasso?.path.closed ?? false);
  }

  destroy(): void {
    this.gestures.destroy();
    this.overlay.destroy();
  }

  private host(): GestureHost {
    const { panels, requestFrame } = this;
    return {
      mode: () => this.mode,
      panelAt: (x, y) => panelAt(panels, x, y),
      transform: (panel) => panels[panel].transform,
      zoomLimits: (panel) => zoomLimits(panels[panel].current, panels[panel].fitted()),
      zoomed: (panel, transform) => {
        if (panels[panel]) panels[panel].transform = transform;
        requestFrame();
      },
      hold: (panel, held) => {
        panels[panel]?.hold(held, false);
        requestFrame();
      },
      lassoStart: (panel, x, y) => this.startLasso(panel, x, y),
      lassoMove: (x, y) => this.addToLasso(x, y),
      lassoEnd: (op) => this.endLasso(op),
      lassoCancel: () => this.dropLasso(),
      click: (panel, x, y, op) => {
        if (panels[panel])
          this.emitter.emit("click", { panel, index: this.hover.pick(panels[panel], x, y), op });
      },
      pointer: (x, y) => {
        this.hover.move(x, y);
        requestFrame();
      },
      pointerGone: () => this.hover.leave(),
    };
  }

  /** Freezes the picture: what counts is what the user circles. */
  private startLasso(index: number, x: number, y: number): void {
    this.hover.leave();
    const panel = this.panels[index];
    this.lasso = { panel, index, path: new LassoPath(this.mode === "rectangle" ? "rectangle" : "lasso") };
    panel.hold(true, true);
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

  private endLasso(op: SelectOp): boolean {
    const { lasso } = this;
    if (!lasso) return true;
    const isClick = lasso.path.isClick;
    if (!isClick) {
      const { motion } = lasso.panel;
      const vertices = lasso.path.vertices();
      const positions = pointsInPolygon(motion.displayed(), vertices);
      this.emitter.emit("lasso", { panel: lasso.index, positions, op, vertices, token: motion.token });
    }
    this.dropLasso();
    return !isClick;
  }

  private dropLasso(): void {
    this.lasso?.panel.hold(false, true);
    this.lasso = null;
    this.requestFrame();
  }
}

function onScreen({ current, rect }: Panel, path: LassoPath): number[] {
  const vertices = path.vertices();
  const points: number[] = [];
  for (let i = 0; i < vertices.length; i += 2)
    points.push(...toScreen(current, rect, vertices[i], vertices[i + 1]));
  return points;
}
