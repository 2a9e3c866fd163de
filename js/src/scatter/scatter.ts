/** Points that move, in one canvas, in one or several panels; and what the user points at or circles. */
import { zoomAround, zoomLimits } from "./camera";
import { cssToRgb } from "./colour";
import { Emitter } from "./emitter";
import { ExtentMeter } from "./extent";
import { screenPosition } from "./hover";
import { FrameLoop } from "./loop";
import { Panel } from "./panel";
import { Pointing } from "./pointing";
import { Stage } from "./stage";
import type { Displayed, Mode, PanelRect, ScatterEvents, ScatterOptions, Theme } from "./types";

export class Scatter {
  private readonly emitter = new Emitter<ScatterEvents>();
  private readonly stage: Stage;
  private readonly pointing: Pointing;
  private readonly loop = new FrameLoop((milliseconds) => this.step(milliseconds));
  private readonly reducedMotion: boolean;
  private readonly panels: Panel[] = [];
  private meter = new ExtentMeter(new Uint32Array(0));
  private reported: ScatterEvents["camera"][] = [];
  private frames = 0;
  private still = false;
  private ratioQuery: MediaQueryList | null = null;

  /** The canvas is in the document, in a positioned parent: an overlay is put next to it. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    options: ScatterOptions,
  ) {
    this.reducedMotion = options.reducedMotion ?? false;
    const requestFrame = () => this.loop.request();
    this.stage = new Stage(canvas, options.forceCanvas2d ?? false, (state) => {
      this.emitter.emit("context", state);
      requestFrame();
    });
    this.pointing = new Pointing(canvas, this.stage, this.panels, this.emitter, requestFrame);
    this.setTheme(options.theme);
    this.watchPixelRatio();
  }

  /** What draws: "webgl2" or "canvas2d"; null while the context is lost. */
  get renderer(): "webgl2" | "canvas2d" | null {
    return this.stage.kind;
  }

  /** The colour code of each point and the colours of the codes. May be called again, with as many points. */
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
    this.panels.length = Math.min(this.panels.length, rects.length);
    this.reported.length = Math.min(this.reported.length, rects.length);
    rects.forEach((rect, i) => {
      if (this.panels[i]) this.panels[i].resize(rect);
      else this.panels[i] = new Panel(rect);
    });
    this.pointing.place();
    this.stage.invalidate(true);
    this.loop.request();
  }

  /** The newest layout of a panel, (n * 2) xyxy. It is kept by reference: do not write into it afterwards. */
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
    this.pointing.hover.ringed = index;
    this.loop.request();
  }

  setMode(mode: Mode): void {
    this.pointing.setMode(mode);
  }

  setTheme(theme: Theme): void {
    this.stage.background = cssToRgb(theme.background, this.canvas);
    this.pointing.setTheme(theme);
    this.stage.invalidate();
    this.loop.request();
  }

  /** False: nothing is drawn and no time passes. */
  setVisible(visible: boolean): void {
    this.stage.setVisible(visible);
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
    return { positions: motion.displayed(), token: motion.token, exact: motion.exact };
  }

  toScreen(panel: number, index: number): [number, number] {
    return screenPosition(this.at(panel), index);
  }

  /** Whether a lasso is being drawn (Escape should then cancel it and nothing else). */
  get drawing(): boolean {
    return this.pointing.drawing;
  }

  /** Gives up the lasso being drawn; whether there was one. */
  cancelLasso(): boolean {
    const was = this.drawing;
    this.pointing.cancelLasso();
    return was;
  }

  on<K extends keyof ScatterEvents>(name: K, f: (event: ScatterEvents[K]) => void): () => void {
    return this.emitter.on(name, f);
  }

  destroy(): void {
    this.emitter.clear();
    this.loop.run(false);
    this.ratioQuery?.removeEventListener("change", this.onPixelRatio);
    this.pointing.destroy();
    this.stage.destroy();
    this.panels.length = 0;
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
    for (const panel of this.panels) panel.advance(milliseconds, this.meter, this.reducedMotion);
    const drawn = this.stage.draw(this.panels);
    this.pointing.update(drawn);
    if (drawn) {
      this.reportCameras();
      const tokens = this.panels.map((panel) => panel.motion.token);
      const milliseconds = performance.now() - began;
      this.emitter.emit("drawn", { frames: ++this.frames, milliseconds, tokens });
    }
    const moving = this.panels.some((panel) => panel.active);
    if (moving === this.still) {
      this.still = !moving;
      this.emitter.emit("still", this.still);
    }
    return this.stage.kind !== null && moving;
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
