/** Squares above the points, for what is shown on a map without being one of its points. */
import { toScreen } from "./camera";
import type { Panel } from "./panel";
import { toShown } from "./pose";
import type { Rgb } from "./renderer";
import type { Stage } from "./stage";
import { setAttribute, svgElement } from "./svg";
import type { SquaresOn } from "./types";

/** CSS pixels: the least half side, how much larger than a point it is, and the width of rim and halo. */
const LEAST = 3.5;
const LARGER = 1.5;
const RIM = 1.25;
const HALO = 3.5;
/** How many pixels around a square still count as the square. */
const SLACK = 2;

/** Squares of one colour within a panel, as a path. */
interface Drawn {
  fill: string;
  path: string;
}

/** The elements of one panel. */
interface Pane {
  frame: SVGSVGElement;
  halo: SVGPathElement;
  fills: SVGPathElement[];
}

export class Squares {
  readonly layer = svgElement("svg");
  private readonly panes: Pane[] = [];
  private given: ReadonlyMap<number, SquaresOn> = new Map();
  /** Where the squares of each panel are, xyxy on the canvas; NaN: out of sight. */
  private readonly places = new Map<Panel, Float32Array>();
  private ink = "#000";
  private ground = "#fff";
  private stale = false;

  constructor(private readonly stage: Stage) {}

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
    while (this.panes.length > this.places.size) this.panes.pop()?.frame.remove();
    while (this.panes.length < this.places.size) this.panes.push(this.addPane());
    [...this.places.keys()].forEach((panel, i) => {
      this.show(this.panes[i], panel);
    });
    return true;
  }

  /** The topmost square at a place on the canvas. */
  pick(panel: Panel, x: number, y: number): number | null {
    const places = this.places.get(panel);
    if (!places) return null;
    const reach = this.half(panel) + SLACK;
    for (let i = places.length / 2 - 1; i >= 0; i--) {
      if (Math.abs(places[2 * i] - x) <= reach && Math.abs(places[2 * i + 1] - y) <= reach) return i;
    }
    return null;
  }

  /** The middle of a square on the canvas; null if the panel does not show it. */
  at(panel: Panel, index: number): [number, number] | null {
    const places = this.places.get(panel);
    return places && Number.isFinite(places[2 * index]) ? [places[2 * index], places[2 * index + 1]] : null;
  }

  /** Draws them on a bitmap with `ratio` pixels per CSS pixel. */
  paint(context: CanvasRenderingContext2D, ratio: number): void {
    for (const panel of this.places.keys()) {
      const { x, y, width, height } = panel.rect;
      context.save();
      context.scale(ratio, ratio);
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      context.translate(x, y);
      const drawn = this.drawn(panel);
      context.strokeStyle = this.ground;
      context.lineWidth = HALO;
      for (const { path } of drawn) context.stroke(new Path2D(path));
      context.strokeStyle = this.ink;
      context.lineWidth = RIM;
      for (const { fill, path } of drawn) {
        context.fillStyle = fill;
        context.fill(new Path2D(path));
        context.stroke(new Path2D(path));
      }
      context.restore();
    }
  }

  /** The same as shapes. */
  shapes(): SVGSVGElement[] {
    return this.panes.map(({ frame }) => frame.cloneNode(true) as SVGSVGElement);
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
    const reach = this.half(panel) + HALO;
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

  private show({ frame, halo, fills }: Pane, panel: Panel): void {
    for (const side of ["x", "y", "width", "height"] as const)
      setAttribute(frame, side, String(panel.rect[side]));
    const drawn = this.drawn(panel);
    while (fills.length > drawn.length) fills.pop()?.remove();
    while (fills.length < drawn.length) fills.push(frame.appendChild(svgElement("path")));
    setAttribute(halo, "d", drawn.map(({ path }) => path).join(""));
    setAttribute(halo, "stroke", this.ground);
    drawn.forEach(({ fill, path }, i) => {
      for (const [name, value] of Object.entries({ d: path, fill, stroke: this.ink, "stroke-width": RIM }))
        setAttribute(fills[i], name, String(value));
    });
  }

  /** In pixels within the panel. */
  private drawn(panel: Panel): Drawn[] {
    const places = this.places.get(panel);
    const squares = this.given.get(panel.id);
    if (!places || !squares) return [];
    const half = this.half(panel);
    const side = (2 * half).toFixed(1);
    const parts: string[][] = squares.fills.map(() => []);
    for (let i = 0; i < places.length / 2; i++) {
      if (Number.isNaN(places[2 * i])) continue;
      const [x, y] = [places[2 * i] - panel.rect.x - half, places[2 * i + 1] - panel.rect.y - half];
      parts[squares.codes[i]].push(`M${x.toFixed(1)} ${y.toFixed(1)}h${side}v${side}h-${side}z`);
    }
    return parts.flatMap((path, code) =>
      path.length > 0 ? [{ fill: squares.fills[code] ?? this.ground, path: path.join("") }] : [],
    );
  }

  /** An inner svg clips its content. */
  private addPane(): Pane {
    const frame = svgElement("svg", { class: "tw-squares" });
    frame.style.overflow = "hidden";
    const halo = svgElement("path", { fill: "none", "stroke-width": HALO });
    frame.append(halo);
    this.layer.append(frame);
    return { frame, halo, fills: [] };
  }
}

/** Whether a panel shows just the layout that squares belong to. */
function shows({ map }: Panel, { token }: SquaresOn): boolean {
  return map.hasLayout && map.motion.token === token && map.motion.exact;
}
