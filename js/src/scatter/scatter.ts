/** Points that move, in one canvas, in one or several panels; and what the user points at or circles. */
import { zoomAround, zoomLimits } from "./camera";
import { cssToRgb } from "./colour";
import { Comparison } from "./comparison";
import { Emitter } from "./emitter";
import { ExtentMeter } from "./extent";
import { FrameLoop } from "./loop";
import { Panel } from "./panel";
import { Pointing } from "./pointing";
import { Stage } from "./stage";
import type {
  Alignment,
  Displayed,
  Mode,
  Morph,
  PanelPlace,
  ScatterEvents,
  ScatterOptions,
  Theme,
  TurnTold,
} from "./types";

export class Scatter {
  private readonly emitter = new Emitter<ScatterEvents>();
  private readonly stage: Stage;
  private readonly pointing: Pointing;
  private readonly loop = new FrameLoop((milliseconds) => this.step(milliseconds));
  private readonly reducedMotion: boolean;
  private readonly panels: Panel[] = [];
  private readonly comparison = new Comparison(this.panels, () => this.pointing.cancelLasso());
  private meter = new ExtentMeter(new Uint32Array(0));
  private readonly reported = new Map<number, ScatterEvents["camera"]>();
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
    this.pointing = new Pointing(
      canvas,
      this.stage,
      this.panels,
      this.comparison.linking,
      this.emitter,
      requestFrame,
    );
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

  /**
   * Which panels there are, and where they lie; also to be called when the canvas was resized. A panel whose id stays
   * keeps all it has. A new one is empty until its first layout.
   */
  setPanels(places: readonly PanelPlace[]): void {
    const held = new Map(this.panels.map((panel) => [panel.id, panel]));
    const panels = places.map(({ id, rect }) => held.get(id) ?? new Panel(id, rect));
    this.panels.splice(0, this.panels.length, ...panels);
    places.forEach(({ id, rect }, i) => {
      if (held.has(id)) panels[i].resize(rect);
      else this.comparison.join(panels[i]);
      held.delete(id);
    });
    for (const id of held.keys()) this.reported.delete(id);
    this.comparison.forgetMissing();
    this.pointing.place();
    this.stage.invalidate(true);
    this.loop.request();
  }

  /** The newest layout of a panel, (n * 2) xyxy. It is kept by reference: do not write into it afterwards. */
  setLayout(panel: number, positions: Float32Array, token: number, glideMs: number): void {
    const n = this.stage.codes.length;
    if (positions.length !== 2 * n)
      throw new RangeError(`positions has ${positions.length} numbers, not 2 x ${n}`);
    this.at(panel).map.motion.offer(positions, token, this.reducedMotion ? 0 : glideMs);
    this.loop.request();
  }

  /**
   * Shows maps so that they can be compared: centred, of equal size, turned onto one of them, for display only. null:
   * as they are computed. A reference that is not there (yet) leaves the turns as they are.
   */
  setAlignment(alignment: Alignment | null): void {
    this.comparison.align(alignment, this.meter);
    this.stage.invalidate();
    this.loop.request();
  }

  /** How a panel is to be turned; null: without an alignment or a layout. */
  alignment(panel: number): TurnTold | null {
    return this.comparison.aligner.told(this.at(panel));
  }

  /** All cameras as one. Has no effect without an alignment. */
  setLinked(linked: boolean): void {
    this.comparison.link(linked);
    this.loop.request();
  }

  /** null: every panel shows its own map. Ends with the alignment, and with either of its panels. */
  setMorph(morph: Morph | null): void {
    if (morph) this.comparison.morph(this.at(morph.panel), this.at(morph.other), morph.t);
    else this.comparison.endMorph();
    this.loop.request();
  }

  /**
   * For each point, how far it lies from where the other panel shows it, in RMS radii of a map, by the newest layouts.
   * Empty while one of the two has none.
   */
  travel(panel: number, other: number): Float32Array {
    return this.comparison.travel(this.at(panel), this.at(other), this.meter);
  }

  /** One byte a point; null: nothing is selected, all are drawn in full. */
  setSelection(mask: Uint8Array | null): void {
    this.stage.setSelection(mask);
    this.loop.request();
  }

  /** One byte a point: 1 makes it stand back, whatever its colour means. */
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
    this.comparison.linking.fit(this.some(panel));
    this.loop.request();
  }

  /** Zooms around the panel's middle. */
  zoomBy(factor: number, panel?: number): void {
    for (const each of this.comparison.linking.leading(this.some(panel))) {
      const [low, high] = zoomLimits(each.current, each.fitted());
      const k = Math.min(high, Math.max(low, each.current.k * factor));
      this.comparison.linking.take(each, zoomAround(each.current, k / each.current.k, 0, 0));
    }
    this.loop.request();
  }

  /** Moves the map by dx, dy pixels to the right and down. */
  panBy(dx: number, dy: number, panel?: number): void {
    for (const each of this.comparison.linking.leading(this.some(panel))) {
      const { x, y, k } = each.current;
      this.comparison.linking.take(each, { x: x - dx / k, y: y + dy / k, k });
    }
    this.loop.request();
  }

  displayed(panel: number): Displayed {
    const shown = this.at(panel);
    const exact = !shown.morphing && shown.map.motion.exact;
    return { positions: shown.displayed(), token: shown.token, exact };
  }

  toScreen(panel: number, index: number): [number, number] {
    return this.at(panel).screenPosition(index);
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

  private at(id: number): Panel {
    const found = this.panels.find((panel) => panel.id === id);
    if (!found) throw new RangeError(`panel is ${id}, not one of ${this.panels.map((panel) => panel.id)}`);
    return found;
  }

  private some(panel: number | undefined): readonly Panel[] {
    return panel === undefined ? this.panels : [this.at(panel)];
  }

  /** One animation frame; whether another is wanted. */
  private step(milliseconds: number): boolean {
    const began = performance.now();
    this.comparison.advance(milliseconds, this.meter, this.reducedMotion);
    const drawn = this.stage.draw(this.panels);
    this.pointing.update(drawn);
    if (drawn) {
      this.reportCameras();
      const tokens = new Map(this.panels.map(({ id, map }) => [id, map.motion.token]));
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
    for (const panel of this.panels) {
      const { id, zoom } = panel;
      const { following } = panel.camera;
      const event = { panel: id, following, outside: panel.outside(), k: Math.round(zoom * 1000) / 1000 };
      const last = this.reported.get(id);
      if (last?.following === following && last.outside === event.outside && last.k === event.k) continue;
      this.reported.set(id, event);
      this.emitter.emit("camera", event);
    }
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
