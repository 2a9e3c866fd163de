/** Points that move, in one canvas, in one or several panels; and what the user points at or circles. */
import { toData, toScreen, zoomAround, zoomLimits } from "./camera";
import { cssToRgb } from "./colour";
import { Emitter } from "./emitter";
import { ExtentMeter } from "./extent";
import { type GestureHost, Gestures } from "./gestures";
import { LassoPath } from "./lasso";
import { FrameLoop } from "./loop";
import { Overlay, type Ring } from "./overlay";
import { Panel } from "./panel";
import { nearestPoint } from "./pick";
import { pointsInPolygon } from "./polygon";
import { Stage } from "./stage";
import type { Displayed, Mode, PanelRect, ScatterEvents, ScatterOptions, SelectOp, Theme } from "./types";

/** Pixels around a disc in which the pointer still means it. */
const PICK_SLACK = 5;

export class Scatter {
  private readonly emitter = new Emitter<ScatterEvents>();
  private readonly stage: Stage;
  private readonly overlay: Overlay;
  private readonly gestures: Gestures;
  private readonly loop = new FrameLoop((milliseconds) => this.step(milliseconds));
  private readonly reducedMotion: boolean;
  private panels: Panel[] = [];
  private meter = new ExtentMeter(new Uint32Array(0));
  private mode: Mode = "pan";
  private lasso: { panel: number; path: LassoPath } | null = null;
  private pointer: { x: number; y: number } | null = null;
  private pointerMoved = false;
  private ringed: number | null = null;
  private hovered: ScatterEvents["hover"] = null;
  private reported: ScatterEvents["camera"][] = [];
  private frames = 0;
  private ratioQuery: MediaQueryList | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    options: ScatterOptions,
  ) {
    this.reducedMotion = options.reducedMotion ?? false;
    this.stage = new Stage(canvas, options.forceCanvas2d ?? false, (state) => {
      this.emitter.emit("context", state);
      this.loop.request();
    });
    this.overlay = new Overlay(canvas);
    this.gestures = new Gestures(canvas, this.host());
    this.setTheme(options.theme);
    this.watchPixelRatio();
  }

  /** What draws: "webgl2" or "canvas2d"; null while the context is lost. */
  get renderer(): "webgl2" | "canvas2d" | null {
    return this.stage.kind;
  }

  /** The colour code of each point and the colours of the codes. May be called again with other colours. */
  setPoints(codes: Uint16Array, palette: Uint8Array): void {
    const n = this.stage.codes.length;
    if (n > 0 && codes.length !== n)
      throw new RangeError(`codes has ${codes.length} points, not ${n} as before`);
    this.stage.setPoints(codes, palette);
    if (n === 0) this.meter = new ExtentMeter(this.stage.shuffled);
    this.loop.request();
  }

  /** Where the panels lie; also to be called when the canvas was resized. */
  setPanels(rects: readonly PanelRect[]): void {
    if (this.lasso && this.lasso.panel >= rects.length) this.cancelLasso();
    this.panels.length = Math.min(this.panels.length, rects.length);
    this.reported.length = this.panels.length;
    rects.forEach((rect, i) => {
      if (this.panels[i]) this.panels[i].resize(rect);
      else this.panels[i] = new Panel(rect);
    });
    this.overlay.place();
    this.stage.invalidate(true);
    this.loop.request();
  }

  /** The newest layout of a panel. It is kept by reference: do not write into it afterwards. */
  setLayout(panel: number, positions: Float32Array, token: number, glideMs: number): void {
    const n = this.stage.codes.length;
    if (positions.length !== 2 * n)
      throw new RangeError(`positions has ${positions.length} numbers, not 2 x ${n}`);
    this.at(panel).motion.offer(positions, token, this.reducedMotion ? 0 : glideMs);
    this.loop.request();
  }

  /** One byte a point; null: nothing is selected, all are drawn in full. */
  setSelection(mask: Uint8Array | null): void {
    this.stage.setSelection(mask);
    this.loop.request();
  }

  /** One byte a colour code: 1 makes its points stand back. */
  setMuted(mask: Uint8Array | null): void {
    this.stage.setMuted(mask);
    this.loop.request();
  }

  /** Rings a point in all panels. What the pointer is on is ringed by itself. */
  setHover(index: number | null): void {
    this.ringed = index;
    this.loop.request();
  }

  setMode(mode: Mode): void {
    if (this.mode !== mode) this.cancelLasso();
    this.mode = mode;
    this.gestures.showMode();
  }

  setTheme(theme: Theme): void {
    this.stage.background = cssToRgb(theme.background, this.canvas);
    this.overlay.setColours(theme.foreground, theme.background, theme.accent);
    this.stage.invalidate();
    this.loop.request();
  }

  /** False: nothing is drawn and no time passes. */
  setVisible(visible: boolean): void {
    this.loop.run(visible);
    if (visible) this.loop.request();
  }

  /** The camera follows the map again; without a panel: in all of them. */
  fit(panel?: number): void {
    for (const each of this.some(panel)) each.fit();
    this.loop.request();
  }

  /** Zooms around the panel's middle. */
  zoomBy(factor: number, panel?: number): void {
    for (const each of this.some(panel)) {
      const [low, high] = zoomLimits(each.current, each.fitted());
      const k = Math.min(high, Math.max(low, each.current.k * factor));
      each.take(zoomAround(each.current, k / each.current.k, 0, 0));
    }
    this.loop.request();
  }

  /** Moves the map by dx, dy pixels to the right and down. */
  panBy(dx: number, dy: number, panel?: number): void {
    for (const each of this.some(panel)) {
      const { x, y, k } = each.current;
      each.take({ x: x - dx / k, y: y + dy / k, k });
    }
    this.loop.request();
  }

  displayed(panel: number): Displayed {
    const { motion } = this.at(panel);
    return { positions: motion.displayed(), token: motion.token, exact: motion.t >= 1 };
  }

  toScreen(panel: number, index: number): [number, number] {
    const { motion, current, rect } = this.at(panel);
    const positions = motion.displayed();
    return toScreen(current, rect, positions[2 * index], positions[2 * index + 1]);
  }

  /** Whether a lasso is being drawn (Escape should then cancel it and nothing else). */
  get drawing(): boolean {
    return this.lasso !== null;
  }

  /** Gives up the lasso being drawn; whether there was one. */
  cancelLasso(): boolean {
    const was = this.drawing;
    this.gestures.cancelPress();
    return was;
  }

  on<K extends keyof ScatterEvents>(name: K, f: (event: ScatterEvents[K]) => void): () => void {
    return this.emitter.on(name, f);
  }

  destroy(): void {
    this.emitter.clear();
    this.loop.run(false);
    this.ratioQuery?.removeEventListener("change", this.onPixelRatio);
    this.gestures.destroy();
    this.overlay.destroy();
    this.stage.destroy();
    this.panels = [];
  }

  private at(panel: number): Panel {
    const found = this.panels[panel];
    if (!found) throw new RangeError(`panel is ${panel}, not below ${this.panels.length}`);
    return found;
  }

  private some(panel: number | undefined): Panel[] {
    return panel === undefined ? this.panels : [this.at(panel)];
  }

  /** One animation frame; whether another is wanted. */
  private step(milliseconds: number): boolean {
    const began = performance.now();
    let moved = false;
    for (const panel of this.panels) {
      if (panel.advance(milliseconds, this.meter, this.reducedMotion)) moved = true;
    }
    const drawn = this.stage.draw(this.panels);
    if (drawn) this.reportCameras();
    if (this.pointer && (moved || drawn || this.pointerMoved)) this.hover();
    this.drawOverlay();
    if (drawn) {
      const tokens = this.panels.map((panel) => panel.motion.token);
      const spent = performance.now() - began;
      this.emitter.emit("drawn", { frames: ++this.frames, milliseconds: spent, tokens });
    }
    return this.panels.some((panel) => panel.active);
  }

  private reportCameras(): void {
    this.panels.forEach((panel, i) => {
      const { following, zoom } = panel;
      const event = { panel: i, following, outside: panel.outside(), k: Math.round(zoom * 1000) / 1000 };
      const last = this.reported[i];
      if (last?.following === following && last.outside === event.outside && last.k === event.k) return;
      this.reported[i] = event;
      this.emitter.emit("camera", event);
    });
  }

  private hover(): void {
    this.pointerMoved = false;
    const { pointer } = this;
    const panel = pointer ? this.panelAt(pointer.x, pointer.y) : -1;
    const index = pointer && panel >= 0 ? this.pick(panel, pointer.x, pointer.y) : null;
    const before = this.hovered;
    if (index === null) {
      this.hovered = null;
      if (before) this.ringed = null;
    } else {
      const [x, y] = this.toScreen(panel, index);
      this.hovered = { panel, index, x, y };
      if (before?.index !== index) this.ringed = index;
    }
    if (!same(before, this.hovered)) this.emitter.emit("hover", this.hovered);
  }

  private pick(panel: number, x: number, y: number): number | null {
    const { current, rect, motion } = this.panels[panel];
    const reach = (this.stage.pointRadius(this.panels[panel]) + PICK_SLACK) / current.k;
    const index = nearestPoint(motion.displayed(), ...toData(current, rect, x, y), reach);
    return index < 0 ? null : index;
  }

  private panelAt(x: number, y: number): number {
    return this.panels.findIndex(({ rect }) => inside(rect, x, y));
  }

  private drawOverlay(): void {
    const index = this.ringed;
    const rings: Ring[] = [];
    if (index !== null && index < this.stage.codes.length) {
      this.panels.forEach((panel, i) => {
        if (panel.motion.token === -1) return;
        const [x, y] = this.toScreen(i, index);
        if (!inside(panel.rect, x, y)) return;
        rings.push({ x, y, radius: this.stage.pointRadius(panel), fill: this.stage.cssColour(index) });
      });
    }
    this.overlay.setRings(rings);
    this.overlay.setLasso(this.lasso && this.lassoOnScreen(this.lasso));
  }

  private lassoOnScreen({ panel, path }: { panel: number; path: LassoPath }): number[] {
    const { current, rect } = this.panels[panel];
    const vertices = path.vertices();
    const points: number[] = [];
    for (let i = 0; i < vertices.length; i += 2)
      points.push(...toScreen(current, rect, vertices[i], vertices[i + 1]));
    return points;
  }

  private endLasso(op: SelectOp): boolean {
    const { lasso } = this;
    if (!lasso) return true;
    const isClick = lasso.path.isClick;
    if (!isClick) {
      const { positions: shown, token, exact } = this.displayed(lasso.panel);
      const vertices = lasso.path.vertices();
      const positions = pointsInPolygon(shown, vertices);
      this.emitter.emit("lasso", { panel: lasso.panel, positions, op, vertices, token, exact });
    }
    this.dropLasso();
    return !isClick;
  }

  private dropLasso(): void {
    if (this.lasso) this.panels[this.lasso.panel]?.hold(false, true);
    this.lasso = null;
    this.loop.request();
  }

  private addToLasso(x: number, y: number): void {
    if (!this.lasso) return;
    const { current, rect } = this.panels[this.lasso.panel];
    const cx = Math.min(rect.x + rect.width, Math.max(rect.x, x));
    const cy = Math.min(rect.y + rect.height, Math.max(rect.y, y));
    this.lasso.path.add(cx, cy, ...toData(current, rect, cx, cy));
    this.loop.request();
  }

  private host(): GestureHost {
    return {
      mode: () => this.mode,
      panelAt: (x, y) => this.panelAt(x, y),
      transform: (panel) => this.panels[panel].transform,
      zoomLimits: (panel) => zoomLimits(this.panels[panel].current, this.panels[panel].fitted()),
      zoomed: (panel, transform) => {
        if (this.panels[panel]) this.panels[panel].transform = transform;
        this.loop.request();
      },
      hold: (panel, held) => {
        this.panels[panel]?.hold(held, false);
        this.loop.request();
      },
      lassoStart: (panel, x, y) => {
        this.pointerGone();
        this.lasso = { panel, path: new LassoPath(this.mode === "rectangle" ? "rectangle" : "lasso") };
        this.panels[panel].hold(true, true);
        this.addToLasso(x, y);
      },
      lassoMove: (x, y) => this.addToLasso(x, y),
      lassoEnd: (op) => this.endLasso(op),
      lassoCancel: () => this.dropLasso(),
      click: (panel, x, y, op) => {
        if (!this.panels[panel]) return;
        this.emitter.emit("click", { panel, index: this.pick(panel, x, y), op });
      },
      pointer: (x, y) => {
        this.pointer = { x, y };
        this.pointerMoved = true;
        this.loop.request();
      },
      pointerGone: () => this.pointerGone(),
    };
  }

  private pointerGone(): void {
    this.pointer = null;
    if (!this.hovered) return;
    this.hovered = null;
    this.ringed = null;
    this.emitter.emit("hover", null);
    this.loop.request();
  }

  private watchPixelRatio(): void {
    this.ratioQuery = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    this.ratioQuery.addEventListener("change", this.onPixelRatio, { once: true });
  }

  private readonly onPixelRatio = () => {
    this.watchPixelRatio();
    this.stage.invalidate(true);
    this.loop.request();
  };
}

function inside(rect: PanelRect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

function same(a: ScatterEvents["hover"], b: ScatterEvents["hover"]): boolean {
  return a?.panel === b?.panel && a?.index === b?.index && a?.x === b?.x && a?.y === b?.y;
}
