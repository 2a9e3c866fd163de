/** The canvas and its content: one renderer, and everything needed to rebuild it. */
import { AUTOMATIC, appearance, DIMMED_FADE } from "./appearance";
import type { Panel } from "./panel";
import { Ranks } from "./ranks";
import type { Below, Painter, PanelCodes, PanelFrame, Renderer, Rgb } from "./renderer";
import { Surface } from "./surface";
import type { Look, PanelRect, RendererKind } from "./types";

/** CSS pixels. */
const OUTLINE_WIDTH = 0.8;

export class Stage {
  codes: Uint16Array = new Uint16Array(0);
  readonly ranks = new Ranks();
  background: Rgb = [255, 255, 255];
  /** What lies below the points of a panel. */
  below: (panel: Panel) => Below | null = () => null;
  private own: PanelCodes = new Map();
  private palette: Uint8Array = new Uint8Array(0);
  private look = AUTOMATIC;
  private readonly surface: Surface;
  private readonly stale = { points: true, order: true, size: true, picture: true };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    onRenderer: (kind: RendererKind | null) => void,
  ) {
    this.surface = new Surface(canvas, () => {
      Object.assign(this.stale, { points: true, order: true, size: true, picture: true });
      onRenderer(this.kind);
    });
  }

  get kind(): RendererKind | null {
    return this.surface.kind;
  }

  get ready(): boolean {
    return this.surface.renderer !== null;
  }

  /** Whether the canvas has another size, but no box to read it from: pages hide what they hold for a moment. */
  get waits(): boolean {
    return this.stale.size && this.canvas.clientWidth === 0;
  }

  setVisible(visible: boolean): void {
    this.surface.setVisible(visible);
  }

  /** The number of points never changes once there are some, because everything else refers to them. */
  setPoints(codes: Uint16Array, palette: Uint8Array, own: PanelCodes): void {
    const n = this.codes.length || codes.length;
    for (const { length } of [codes, ...own.values()])
      if (length !== n) throw new RangeError(`codes has ${length} points, not ${n} as before`);
    if (this.codes.length === 0) {
      this.ranks.begin(n);
      this.stale.order = true;
    }
    this.codes = codes;
    this.own = own;
    this.palette = palette;
    this.stale.points = this.stale.picture = true;
  }

  setSelection(mask: Uint8Array | null): void {
    this.ranks.selection = mask;
    this.stale.order = this.stale.picture = true;
  }

  setMuted(mask: Uint8Array | null): void {
    this.ranks.muted = mask;
    this.stale.order = this.stale.picture = true;
  }

  setLook(look: Look): void {
    this.look = look;
    this.stale.picture = true;
  }

  /** Redraws everything; `resized`: the canvas has another size. */
  invalidate(resized = false): void {
    this.stale.picture = true;
    if (resized) this.stale.size = true;
  }

  /** Throws if one is not a point. */
  checkRows(name: string, rows: ArrayLike<number>): void {
    const n = this.codes.length;
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isInteger(rows[i]) || rows[i] < 0 || rows[i] >= n)
        throw new RangeError(`${name} has ${rows[i]}, not one of ${n} points`);
    }
  }

  /** How one point in a panel looks. */
  cssColor(panel: Panel, index: number): string {
    const c = 3 * (this.own.get(panel.id) ?? this.codes)[index];
    return `rgb(${this.palette[c]},${this.palette[c + 1]},${this.palette[c + 2]})`;
  }

  /** The radius of one point in CSS pixels. */
  pointRadius(panel: Panel, index: number): number {
    const { radius, front } = this.radii(panel);
    return this.ranks.standsOut(index) ? front : radius;
  }

  /** The radius of points, and of those that stand out while others stand back. */
  radii(panel: Panel): { radius: number; front: number } {
    const { radius, front } = this.appearance(panel);
    return { radius, front: front.radius };
  }

  /** Draws the panels that changed; returns false if there was nothing to draw. */
  draw(panels: readonly Panel[]): boolean {
    const { stale } = this;
    const { renderer } = this.surface;
    const all = stale.picture;
    if (!renderer || this.waits || (!all && !panels.some((panel) => panel.dirty))) return false;
    this.update(renderer, panels);
    if (all) renderer.clear(this.background);
    for (const panel of panels) {
      if (!all && !panel.dirty) continue;
      panel.dirty = false;
      if (panel.visible) this.drawPanel(renderer, panel);
    }
    return true;
  }

  /** Draws all panels elsewhere as they are on the screen, with `ratio` pixels per CSS pixel. */
  paint(painter: Painter, panels: readonly Panel[], ratio: number): void {
    const { clientWidth, clientHeight } = this.canvas;
    painter.resize(Math.round(clientWidth * ratio), Math.round(clientHeight * ratio));
    painter.setPoints(this.codes, this.palette, this.own);
    painter.setOrder(this.ranks.order, this.ranks.dimmed);
    painter.clear(this.background);
    for (const panel of panels) {
      if (!panel.visible || !panel.map.hasLayout) continue;
      const { previous, next } = panel.picture;
      painter.setPositions(panel.id, previous, next);
      painter.draw(panel.id, this.frame(panel, ratio));
    }
  }

  destroy(): void {
    this.surface.destroy();
  }

  private update(renderer: Renderer, panels: readonly Panel[]): void {
    const { stale, canvas } = this;
    if (stale.size) {
      this.surface.place();
      renderer.resize(Math.max(1, px(canvas.clientWidth)), Math.max(1, px(canvas.clientHeight)));
    }
    if (stale.points) renderer.setPoints(this.codes, this.palette, this.own);
    if (stale.order) renderer.setOrder(this.ranks.order, this.ranks.dimmed);
    // A new panel may have the id of one that is gone.
    renderer.keepPanels(new Set(panels.filter(({ heldBy }) => heldBy === renderer).map(({ id }) => id)));
    Object.assign(stale, { points: false, order: false, size: false, picture: false });
  }

  private drawPanel(renderer: Renderer, panel: Panel): void {
    const { previous, next } = panel.picture;
    if (panel.map.hasLayout && (panel.heldBy !== renderer || panel.stale)) {
      renderer.setPositions(panel.id, previous, next);
      panel.heldBy = renderer;
      panel.stale = false;
    }
    renderer.draw(panel.id, this.frame(panel, devicePixelRatio));
  }

  private frame(panel: Panel, ratio: number): PanelFrame {
    const { t, pose } = panel.picture;
    const look = this.appearance(panel);
    const view = panel.current;
    return {
      rect: deviceRect(panel.rect, ratio),
      pose,
      view: { ...view, k: view.k * ratio },
      t,
      below: this.below(panel),
      ratio,
      style: {
        radius: look.front.radius * ratio,
        opacity: Math.max(this.ranks.selection ? look.emphasis : look.opacity, look.front.leastOpacity),
        outline: look.front.outline,
        dimmedRadius: look.radius * ratio,
        dimmedOpacity: look.dimmed,
        dimmedOutline: look.outline,
        dimmedFade: DIMMED_FADE,
        outlineWidth: OUTLINE_WIDTH * ratio,
        background: this.background,
      },
    };
  }

  private appearance(panel: Panel) {
    const { width, height } = panel.rect;
    const { zoom, density, placed } = panel;
    const front = this.ranks.front.length;
    const shaded = this.below(panel) !== null;
    return appearance({ n: placed, width, height, zoom, density, front, shaded }, this.look);
  }
}

function px(css: number, ratio = devicePixelRatio): number {
  return Math.round(css * ratio);
}

/** Rounds to device pixels, so that neighbouring panels neither overlap nor leave a gap. */
function deviceRect(rect: PanelRect, ratio: number): PanelRect {
  const x = px(rect.x, ratio);
  const y = px(rect.y, ratio);
  return {
    x,
    y,
    width: Math.max(1, px(rect.x + rect.width, ratio) - x),
    height: Math.max(1, px(rect.y + rect.height, ratio) - y),
  };
}
