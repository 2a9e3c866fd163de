/** Points as circles of an SVG: what is drawn can be edited and printed at any size. */
import { type Discs, dimmedDiscs, fullDiscs, type Painter, type PanelFrame, type Rgb } from "./renderer";
import { svgElement } from "./svg";

export class Shapes implements Painter {
  readonly group = svgElement("g");
  private positions: [Float32Array, Float32Array] = [new Float32Array(0), new Float32Array(0)];
  private codes: Uint16Array = new Uint16Array(0);
  private palette: Uint8Array = new Uint8Array(0);
  private order: Uint32Array = new Uint32Array(0);
  private dimmed = 0;

  resize(): void {}

  setPoints(codes: Uint16Array, palette: Uint8Array): void {
    this.codes = codes;
    this.palette = palette;
  }

  setOrder(order: Uint32Array, dimmed: number): void {
    this.order = order;
    this.dimmed = dimmed;
  }

  setPositions(_panel: number, previous: Float32Array, next: Float32Array): void {
    this.positions = [previous, next];
  }

  clear(background: Rgb): void {
    this.group.replaceChildren();
    this.group.setAttribute("stroke", `rgb(${background})`);
  }

  /** The panel cuts off what lies outside of it. */
  draw(_panel: number, frame: PanelFrame): void {
    const panel = svgElement("svg");
    const { x, y, width, height } = frame.rect;
    for (const [name, value] of Object.entries({ x, y, width, height })) {
      panel.setAttribute(name, String(value));
    }
    const { order, dimmed } = this;
    panel.append(
      this.circles(frame, order.subarray(0, dimmed), dimmedDiscs(frame.style)),
      this.circles(frame, order.subarray(dimmed), fullDiscs(frame.style)),
    );
    this.group.append(panel);
  }

  private circles({ rect, view, pose, t, style }: PanelFrame, order: Uint32Array, discs: Discs): SVGGElement {
    const group = svgElement("g");
    const [previous, next] = this.positions;
    const [a, b, c, d] = pose.turn;
    // The rim lies within the disc, as on the screen.
    const rim = discs.outline * style.outlineWidth;
    const radius = (discs.radius - rim / 2).toFixed(2);
    group.setAttribute("stroke-width", rim.toFixed(2));
    group.setAttribute("fill-opacity", discs.opacity.toFixed(3));
    group.setAttribute("stroke-opacity", discs.opacity.toFixed(3));
    for (const point of order) {
      const px = previous[2 * point];
      const py = previous[2 * point + 1];
      const dx = px + (next[2 * point] - px) * t - pose.x;
      const dy = py + (next[2 * point + 1] - py) * t - pose.y;
      const x = (a * dx + b * dy - view.x) * view.k + rect.width / 2;
      const y = rect.height / 2 - (c * dx + d * dy - view.y) * view.k;
      const { radius: reach } = discs;
      // Also false for NaN.
      if (!(x > -reach && x < rect.width + reach && y > -reach && y < rect.height + reach)) continue;
      const circle = svgElement("circle");
      circle.setAttribute("cx", x.toFixed(2));
      circle.setAttribute("cy", y.toFixed(2));
      circle.setAttribute("r", radius);
      circle.setAttribute("fill", this.colour(point, style.background, discs.fade));
      group.append(circle);
    }
    return group;
  }

  private colour(point: number, background: Rgb, fade: number): string {
    const start = 3 * this.codes[point];
    const mixed = background.map((other, i) => {
      const own = this.palette[start + i];
      return Math.round(own + (other - own) * fade)
        .toString(16)
        .padStart(2, "0");
    });
    return `#${mixed.join("")}`;
  }
}
