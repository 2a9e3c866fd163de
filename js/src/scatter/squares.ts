/** Squares above the points, for what is shown on a map without being one of its points. */
import { toScreen } from "./camera";
import { clippedTo } from "./clipping";
import { laidOver, layerCalled } from "./layer";
import type { Panel } from "./panel";
import { pointsInPolygon } from "./polygon";
import { toShown } from "./pose";
import type { Rgb } from "./renderer";
import type { Stage } from "./stage";
import { svgElement } from "./svg";
import type { SquaresOn } from "./types";

/** CSS pixels: the least half side, how much larger than a point it is, and the widths of rim and halo around it. */
const LEAST = 3;
const LARGER = 1;
const RIM = 1.25;
const HALO = 1;
/** The opacity of those that are not selected while others are. */
const DIMMED = 0.35;
/** How many pixels around a square still count as the square. */
const SLACK = 2;

export class Squares {
  private readonly layer = layerCalled("tw-squares");
  private given: ReadonlyMap<number, SquaresOn> = new Map();
  /** Where the squares of each panel are, xyxy on the canvas; NaN: out of sight. */
  private readonly places = new Map<Panel, Float32Array>();
  private ink = "#000";
  private ground = "#fff";
  private stale = false;

  /** The layer lies right above the canvas. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly stage: Stage,
  ) {
    canvas.after(this.layer);
  }

  /** By panel. */
  set(given: ReadonlyMap<number, SquaresOn>): void {
    this.given = given;
    this.stale = true;
  }

  setColors(ink: Rgb, ground: Rgb): void {
    [this.ink, this.ground] = [`rgb(${ink})`, `rgb(${ground})`];
    this.stale = true;
  }

  /** `changed`: maps or cameras may have moved. Returns whether squares may have. */
  update(panels: readonly Panel[], changed: boolean): boolean {
    if (!this.stale && !(changed && this.given.size > 0)) return false;
    this.stale = false;
    this.places.clear();
    for (const panel of panels) {
      const squares = this.given.get(panel.id);
      const places = squares && panel.visible ? this.located(panel, squares) : null;
      if (places) this.places.set(panel, places);
    }
    // How many squares each panel shows, for tests.
    this.layer.dataset.shown = [...this.places.values()].map((places) => places.length / 2).join();
    this.draw();
    return true;
  }

  destroy(): void {
    this.layer.remove();
  }

  /** The topmost square at a place on the canvas. */
  pick(panel: Panel, x: number, y: number): number | null {
    const places = this.places.get(panel);
    if (!places) return null;
    const reach = this.half(panel) + RIM + SLACK;
    for (let i = places.length / 2 - 1; i >= 0; i--) {
      if (Math.abs(places[2 * i] - x) <= reach && Math.abs(places[2 * i + 1] - y) <= reach) return i;
    }
    return null;
  }

  /** The squares whose middles lie in a polygon on the canvas, xyxy. */
  inside(panel: Panel, polygon: Float32Array): Int32Array {
    const places = this.places.get(panel);
    return places ? pointsInPolygon(places, polygon) : new Int32Array(0);
  }

  /** The middle of a square on the canvas; null if the panel does not show it. */
  at(panel: Panel, index: number): [number, number] | null {
    const places = this.places.get(panel);
    return places && Number.isFinite(places[2 * index]) ? [places[2 * index], places[2 * index + 1]] : null;
  }

  /** Draws them on a bitmap with `ratio` pixels per CSS pixel. */
  paint(context: CanvasRenderingContext2D, ratio: number): void {
    for (const panel of this.places.keys()) {
      clippedTo(panel, context, ratio, () => {
        this.each(panel, (fill, x, y, half, opacity) => {
          context.globalAlpha = opacity;
          const nested = [
            [this.ground, half + RIM + HALO],
            [this.ink, half + RIM],
            [fill, half],
          ] as const;
          for (const [color, reach] of nested) {
            context.fillStyle = color;
            context.fillRect(x - reach, y - reach, 2 * reach, 2 * reach);
          }
        });
      });
    }
  }

  /** The same as shapes, by panel, which clips them. */
  shapes(): SVGSVGElement[] {
    return [...this.places.keys()].map((panel) => {
      const { x: left, y: top, width, height } = panel.rect;
      const shown = svgElement("svg", { class: "tw-squares", x: left, y: top, width, height });
      const group = svgElement("g", { stroke: this.ink, "stroke-width": RIM });
      this.each(panel, (fill, x, y, half, opacity) => {
        const reach = half + RIM / 2;
        const [at, side] = [[x - left - reach, y - top - reach].map((px) => px.toFixed(2)), 2 * reach];
        group.append(svgElement("rect", { x: at[0], y: at[1], width: side, height: side, fill, opacity }));
      });
      shown.append(group);
      return shown;
    });
  }

  private draw(): void {
    const context = laidOver(this.canvas, this.layer, this.places.size > 0);
    if (context) this.paint(context, devicePixelRatio);
  }

  /** Where squares are on the screen; null while the panel shows another layout than theirs. */
  private located(panel: Panel, squares: SquaresOn): Float32Array | null {
    const between = this.towards(panel);
    if (!shows(panel, squares) || between === undefined) return null;
    const { positions } = squares;
    const places = new Float32Array(positions.length);
    const { rect, current: view, map, pose } = panel;
    for (let p = 0; p < positions.length; p += 2) {
      let [x, y] = toShown(between ? map.settled : pose, positions[p], positions[p + 1]);
      if (between) {
        const there = toShown(between.panel.map.settled, between.positions[p], between.positions[p + 1]);
        x += (there[0] - x) * between.t;
        y += (there[1] - y) * between.t;
      }
      const at = toScreen(view, rect, x, y);
      places.set(this.inSight(panel, at) ? at : [Number.NaN, Number.NaN], p);
    }
    return places;
  }

  /** The other end of a morph; null: there is none; undefined: that map does not show these squares. */
  private towards({ morphing }: Panel) {
    if (!morphing) return null;
    const there = this.given.get(morphing.other.id);
    if (!there || !shows(morphing.other, there)) return undefined;
    return { panel: morphing.other, positions: there.positions, t: morphing.t };
  }

  private inSight(panel: Panel, [x, y]: [number, number]): boolean {
    const { rect } = panel;
    const reach = this.half(panel) + RIM + HALO;
    return (
      x > rect.x - reach &&
      x < rect.x + rect.width + reach &&
      y > rect.y - reach &&
      y < rect.y + rect.height + reach
    );
  }

  private half(panel: Panel): number {
    return Math.max(LEAST, this.stage.radii(panel).radius + LARGER);
  }

  /** Calls back for each square in sight: its colour, its middle on the canvas, half its side, its opacity. */
  private each(
    panel: Panel,
    call: (fill: string, x: number, y: number, half: number, opacity: number) => void,
  ): void {
    const places = this.places.get(panel);
    const squares = this.given.get(panel.id);
    if (!places || !squares) return;
    const half = this.half(panel);
    const chosen = new Set(squares.selected);
    for (let i = 0; i < places.length / 2; i++) {
      const [x, y] = [places[2 * i], places[2 * i + 1]];
      const opacity = chosen.size === 0 || chosen.has(i) ? 1 : DIMMED;
      if (!Number.isNaN(x)) call(squares.fills[squares.codes[i]] ?? this.ground, x, y, half, opacity);
    }
  }
}

/** Whether a panel shows just the layout that squares belong to. */
function shows({ map }: Panel, { token }: SquaresOn): boolean {
  return map.hasLayout && map.motion.token === token && map.motion.exact;
}
