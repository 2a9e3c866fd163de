/** Moving points on one canvas, in one or more panels, and what the user points at or circles. */

import { checkLook } from "./appearance";
import { Canvas2dRenderer } from "./canvas2d";
import { cssToRgb } from "./color";
import { Density } from "./density";
import { Emitter } from "./emitter";
import { ExtentMeter } from "./extent";
import { inside } from "./hover";
import { FrameLoop } from "./loop";
import { Names } from "./names";
import { Panels } from "./panels";
import { Pictures } from "./pictures";
import { watchPixelRatio } from "./pixelratio";
import { Pointing } from "./pointing";
import type { PanelCodes } from "./renderer";
import { CameraReports } from "./reports";
import { Shapes } from "./shapes";
import { Stage } from "./stage";
import type {
  Alignment,
  Camera,
  DensityOn,
  Displayed,
  Links,
  Look,
  Mode,
  Morph,
  NamesOn,
  PanelPlace,
  PicturesOn,
  RendererKind,
  ScatterEvents,
  ScatterOptions,
  SelectOp,
  SquaresOn,
  Theme,
  TracesOn,
  TurnTold,
} from "./types";

export class Scatter {
  /** Nothing glides, and the camera jumps instead of easing. */
  reducedMotion = false;
  private readonly emitter = new Emitter<ScatterEvents>();
  private readonly stage: Stage;
  private readonly pointing: Pointing;
  private readonly pictures: Pictures;
  private readonly names: Names;
  private readonly density: Density;
  private readonly loop = new FrameLoop((milliseconds) => this.step(milliseconds));
  private readonly panels = new Panels(() => void this.pointing.cancelLasso("other maps are compared"));
  private readonly cameras = new CameraReports((event) => this.emitter.emit("camera", event));
  private readonly leavePixelRatio = watchPixelRatio(() => {
    this.names.invalidate();
    this.pictures.invalidate();
    this.stage.invalidate(true);
    this.loop.request();
  });
  private frames = 0;
  private still = false;

  /** The canvas must be in the document with a positioned parent, which also receives an overlay. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    options: ScatterOptions,
  ) {
    const requestFrame = () => this.loop.request();
    this.stage = new Stage(canvas, (kind) => {
      this.emitter.emit("renderer", kind);
      requestFrame();
    });
    this.pictures = new Pictures(canvas, this.stage, (sights) => this.emitter.emit("sights", sights));
    this.pointing = new Pointing(
      canvas,
      this.stage,
      this.pictures,
      this.panels.all,
      this.panels.linking,
      this.emitter,
      requestFrame,
      options.takesWheel,
    );
    this.names = new Names(canvas, this.stage, (shown) => this.emitter.emit("names", shown));
    this.density = new Density(canvas, (wanted) => this.emitter.emit("tiles", wanted));
    this.stage.below = this.density.below;
    canvas.after(this.pictures.layer); // below all other layers
    this.setTheme(options.theme);
    this.setVisible(options.visible ?? true);
  }

  /** The current renderer; null while the canvas is not visible, and until a lost context is back. */
  get renderer(): RendererKind | null {
    return this.stage.kind;
  }

  /**
   * Sets the colour code of each point and the colours of up to 65,536 codes; `own`: other codes in some panels.
   * Later calls need as many points. A call costs an upload of the codes and a redraw, cheap enough for every
   * hover.
   */
  setPoints(codes: Uint16Array, palette: Uint8Array, own: PanelCodes = new Map()): void {
    const n = this.stage.codes.length;
    this.stage.setPoints(codes, palette, own);
    this.pictures.invalidate();
    if (n === 0) this.panels.meter = new ExtentMeter(this.stage.ranks.shuffled);
    this.loop.request();
  }

  /**
   * Sets the panels and their places; also to be called when the canvas was resized. A panel whose id remains keeps
   * everything. A new panel is empty until its first layout.
   */
  setPanels(places: readonly PanelPlace[]): void {
    for (const id of this.panels.set(places)) this.cameras.forget(id);
    this.pointing.place();
    this.names.invalidate();
    this.pictures.invalidate();
    this.stage.invalidate(true);
    this.loop.request();
  }

  /** Sets a panel's newest layout, (n * 2) xyxy. It is kept by reference: do not write into it afterwards. */
  setLayout(panel: number, positions: Float32Array, token: number, glideMs: number): void {
    const n = this.stage.codes.length;
    if (positions.length !== 2 * n)
      throw new RangeError(`positions has ${positions.length} numbers, not 2 x ${n}`);
    this.panels.at(panel).map.motion.offer(positions, token, this.reducedMotion ? 0 : glideMs);
    this.loop.request();
  }

  /**
   * Shows maps so that they can be compared: centred, of equal size and turned onto one of them, for display only.
   * null: as computed. While the reference does not exist, turns stay as they are.
   */
  setAlignment(alignment: Alignment | null): void {
    this.panels.align(alignment);
    this.stage.invalidate();
    this.loop.request();
  }

  /** How a panel is to be turned; null without an alignment or a layout. */
  alignment(panel: number): TurnTold | null {
    return this.panels.aligner.told(this.panels.at(panel));
  }

  /** Links all cameras. Has no effect without an alignment. */
  setLinked(linked: boolean): void {
    this.panels.link(linked);
    this.loop.request();
  }

  /** null: every panel shows its own map. A morph ends with the alignment, and with either of its panels. */
  setMorph(morph: Morph | null): void {
    if (morph) this.panels.morph(this.panels.at(morph.panel), this.panels.at(morph.other), morph.t);
    else this.panels.endMorph();
    this.loop.request();
  }

  /**
   * How far each point lies from its place in the other panel, in RMS radii of a map, by the newest layouts. Empty
   * while one of the two has none.
   */
  travel(panel: number, other: number): Float32Array {
    return this.panels.travel(this.panels.at(panel), this.panels.at(other));
  }

  /** One byte per point; null: nothing is selected and every point is drawn in full. */
  setSelection(mask: Uint8Array | null): void {
    this.stage.setSelection(mask);
    this.names.invalidate();
    this.pictures.invalidate();
    this.loop.request();
  }

  /** One byte per point; 1 makes it stand back whatever its colour, out of reach of the pointer. */
  setMuted(mask: Uint8Array | null): void {
    this.stage.setMuted(mask);
    this.names.invalidate();
    this.pictures.invalidate();
    this.loop.request();
  }

  /**
   * Rings a point in all panels, until null or until the pointer moves onto a point. The point under the pointer is
   * ringed anyway.
   */
  setHover(index: number | null): void {
    if (index !== null) this.stage.checkRows("index", [index]);
    this.pointing.hover.given = index;
    this.loop.request();
  }

  /** Rings some points in all panels, below the one that `setHover` rings. Meant for up to about a hundred. */
  setRinged(rows: readonly number[]): void {
    this.stage.checkRows("rows", rows);
    this.pointing.hover.ringed = rows;
    this.loop.request();
  }

  /**
   * Draws thin lines from one point, marked as by `setOrigin`, to others in each panel, which are ringed. Meant
   * for up to about a hundred.
   */
  setLinks(links: Links | null): void {
    if (links) this.stage.checkRows("links", [links.from, ...[...links.to.values()].flat()]);
    this.pointing.rays.set(links);
    this.loop.request();
  }

  /** Marks the point that distances are measured from in every panel, wherever the pointer is; null: none. */
  setOrigin(index: number | null): void {
    if (index !== null) this.stage.checkRows("index", [index]);
    this.pointing.rays.setOrigin(index);
    this.loop.request();
  }

  /** Draws squares above the points of some panels, by panel; they keep their size. Meant for up to 10,000. */
  setSquares(squares: ReadonlyMap<number, SquaresOn>): void {
    this.pointing.squares.set(squares);
    this.loop.request();
  }

  /** Draws lines along places of a layout, by panel. */
  setTraces(traces: ReadonlyMap<number, TracesOn>): void {
    this.pointing.lines.setTraces(traces);
    this.loop.request();
  }

  /** Draws faint lines between pairs of points, rows ababab by panel. Meant for up to a few thousand. */
  setPairs(pairs: ReadonlyMap<number, Int32Array>): void {
    for (const rows of pairs.values()) this.stage.checkRows("pairs", rows);
    this.pointing.lines.setPairs(pairs);
    this.loop.request();
  }

  /** Draws the density of many rows below the points of a panel; null: none. Also to be called for new tiles. */
  setDensity(density: DensityOn | null): void {
    this.density.set(density, this.panels.all);
    this.loop.request();
  }

  /** Writes names at the places of their points in all panels that have room; null: none. */
  setNames(names: NamesOn | null): void {
    const n = this.stage.codes.length;
    if (names && names.codes.length !== n)
      throw new RangeError(`names has codes of ${names.codes.length} points, not ${n}`);
    this.names.set(names);
    this.loop.request();
  }

  /** Shows pictures in place of points, in all panels that have few enough in view; null: nowhere. */
  setPictures(pictures: PicturesOn | null): void {
    this.pictures.set(pictures);
    this.loop.request();
  }

  setMode(mode: Mode): void {
    this.pointing.setMode(mode);
  }

  /** What happens to the selection without modifier keys, which take precedence. */
  setOp(op: SelectOp): void {
    this.pointing.op = op;
  }

  setLook(look: Look): void {
    checkLook(look);
    this.stage.setLook(look);
    this.loop.request();
  }

  setTheme(theme: Theme): void {
    this.stage.background = cssToRgb(theme.background, this.canvas);
    const { background } = this.stage;
    const [ink, accent] = [theme.foreground, theme.accent].map((color) => cssToRgb(color, this.canvas));
    this.pointing.setTheme(theme, ink, background, accent);
    this.names.setColors(ink, background);
    this.density.setColors(ink, background);
    this.pictures.setColors(ink, background);
    this.stage.invalidate();
    this.loop.request();
  }

  /** False: nothing is drawn, no time passes, and others can have the WebGL context. */
  setVisible(visible: boolean): void {
    this.stage.setVisible(visible);
    this.loop.run(visible);
    if (visible) this.loop.request();
  }

  /** Lets the camera follow the map again; without a panel, all cameras. */
  fit(panel?: number): void {
    this.panels.linking.fit(this.panels.some(panel));
    this.loop.request();
  }

  /** null: the camera follows the map. */
  camera(panel: number): Camera | null {
    const { camera, current, zoom } = this.panels.at(panel);
    return camera.following ? null : { x: current.x, y: current.y, zoom };
  }

  /** Puts a camera where another was, whatever the sizes of their panels; null: it follows the map. */
  setCamera(panel: number, camera: Camera | null): void {
    if (!camera) {
      this.fit(panel);
      return;
    }
    this.panels.advance(0, this.reducedMotion); // adopts the newest layouts
    const shown = this.panels.at(panel);
    const { x, y, zoom } = camera;
    this.panels.linking.take(shown, { x, y, k: zoom * shown.fitted().k });
    this.loop.request();
  }

  /** Zooms around the panel's middle. */
  zoomBy(factor: number, panel?: number): void {
    this.panels.linking.zoomBy(this.panels.some(panel), factor);
    this.loop.request();
  }

  /** Moves the map by dx, dy pixels to the right and down. */
  panBy(dx: number, dy: number, panel?: number): void {
    this.panels.linking.panBy(this.panels.some(panel), dx, dy);
    this.loop.request();
  }

  /**
   * Sends the camera to some rows, as if the user had moved it: to all if there are fewer than 200, else to 98 %.
   * Linked cameras show their places in every panel. Returns false if no row has a place.
   */
  zoomTo(rows: Int32Array, panel?: number): boolean {
    this.stage.checkRows("rows", rows);
    const panels = this.panels.some(panel);
    this.panels.advance(0, this.reducedMotion); // adopts the newest layouts
    this.loop.request();
    return this.panels.linking.show(panels, rows);
  }

  /** Moves each map that has a point out of sight until the point is in the middle. */
  reveal(row: number): void {
    this.stage.checkRows("row", [row]);
    for (const panel of this.panels.all) {
      const { x, y, width, height } = panel.rect;
      const [left, top] = panel.screenPosition(row);
      const shown = inside(panel.rect, left, top) || !Number.isFinite(left) || width === 0;
      if (!shown) this.panBy(x + width / 2 - left, y + height / 2 - top, panel.id);
    }
  }

  /** The panels as on the screen without hover marks, as a bitmap with `ratio` pixels per CSS pixel. */
  bitmap(ratio: number): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser gives no canvas for a picture");
    this.stage.paint(new Canvas2dRenderer(context), this.panels.all, ratio);
    this.pictures.paint(context, ratio);
    this.pointing.lines.paint(context, ratio);
    this.names.paint(this.panels.all, context, ratio);
    this.pointing.squares.paint(context, ratio);
    return canvas;
  }

  /** The same as shapes in CSS pixels, one per point and panel. */
  shapes(): SVGGElement {
    const shapes = new Shapes();
    this.stage.paint(shapes, this.panels.all, 1);
    const { lines, squares } = this.pointing;
    const names = this.names.shapes(this.panels.all);
    shapes.group.prepend(...this.density.shapes());
    shapes.group.append(...this.pictures.shapes(), ...lines.shapes(), ...names, ...squares.shapes());
    return shapes.group;
  }

  displayed(panel: number): Displayed {
    const shown = this.panels.at(panel);
    const exact = !shown.morphing && shown.map.motion.exact;
    return { positions: shown.displayed(), token: shown.token, exact };
  }

  toScreen(panel: number, index: number): [number, number] {
    return this.panels.at(panel).screenPosition(index);
  }

  /** Whether a lasso is being drawn (Escape should then cancel only the lasso). */
  get drawing(): boolean {
    return this.pointing.drawing;
  }

  /** Cancels the lasso; returns whether there was one. */
  cancelLasso(): boolean {
    return this.pointing.cancelLasso("Escape");
  }

  on<K extends keyof ScatterEvents>(name: K, f: (event: ScatterEvents[K]) => void): () => void {
    return this.emitter.on(name, f);
  }

  destroy(): void {
    this.emitter.clear();
    this.loop.run(false);
    this.leavePixelRatio();
    this.pointing.destroy();
    this.names.destroy();
    this.density.destroy();
    this.pictures.destroy();
    this.stage.destroy();
    this.panels.all.length = 0;
  }

  /** One animation frame; returns whether another is needed. */
  private step(milliseconds: number): boolean {
    const began = performance.now();
    this.panels.advance(milliseconds, this.reducedMotion);
    const moved = this.panels.all.filter((panel) => panel.dirty);
    this.density.update(this.panels.all);
    const drawn = this.stage.draw(this.panels.all);
    if (drawn) this.density.draw();
    this.pictures.update(this.panels.all, drawn ? moved : []);
    this.pointing.update(drawn);
    this.pictures.draw(this.pointing.hover.pointed);
    this.names.update(this.panels.all, drawn ? moved : []);
    if (drawn) {
      this.cameras.update(this.panels.all, moved);
      const tokens = new Map(this.panels.all.map(({ id, map }) => [id, map.motion.token]));
      const milliseconds = performance.now() - began;
      this.emitter.emit("drawn", { frames: ++this.frames, milliseconds, tokens });
    }
    const moving = this.panels.all.some((panel) => panel.active);
    if (moving === this.still) {
      this.still = !moving;
      this.emitter.emit("still", this.still);
    }
    return this.stage.ready && (moving || this.stage.waits);
  }
}
