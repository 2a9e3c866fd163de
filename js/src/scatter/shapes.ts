/** Points as circles of an SVG, which can be edited and printed at any size. */
import { eachInSight, Points } from "./points";
import { type Discs, dimmedDiscs, fullDiscs, type Painter, type PanelFrame, type Rgb } from "./renderer";
import { svgElement } from "./svg";

export class Shapes extends Points implements Painter {
  readonly group = svgElement("g");
  private positions: [Float32Array, Float32Array] = [new Float32Array(0), new Float32Array(0)];

  resize(): void {}

  setPositions(_panel: number, previous: Float32Array, next: Float32Array): void {
    this.positions = [previous, next];
  }

  clear(background: Rgb): void {
    this.group.replaceChildren();
    this.group.setAttribute("stroke", `rgb(${background})`);
  }

  /** The panel clips what lies outside. */
  draw(panel: number, frame: PanelFrame): void {
    const { x, y, width, height } = frame.rect;
    const codes = this.codesOf(panel);
    const shown = svgElement("svg", { x, y, width, height });
    shown.append(
      this.circles(frame, codes, this.back, dimmedDiscs(frame.style)),
      this.circles(frame, codes, this.front, fullDiscs(frame.style)),
    );
    this.group.append(shown);
  }

  private circles(frame: PanelFrame, codes: Uint16Array, order: Uint32Array, discs: Discs): SVGGElement {
    const { outlineWidth, background } = frame.style;
    // The rim lies within the disc, as on the screen.
    const rim = discs.outline * outlineWidth;
    const r = (discs.radius - rim / 2).toFixed(2);
    const opacity = discs.opacity.toFixed(3);
    const group = svgElement("g", {
      "stroke-width": rim.toFixed(2),
      "fill-opacity": opacity,
      "stroke-opacity": opacity,
    });
    eachInSight(this.positions, frame, order, discs.radius, (point, x, y) => {
      const fill = this.color(codes[point], background, discs.fade);
      group.append(svgElement("circle", { cx: x.toFixed(2), cy: y.toFixed(2), r, fill }));
    });
    return group;
  }

  private color(code: number, background: Rgb, fade: number): string {
    const start = 3 * code;
    const mixed = background.map((other, i) => {
      const own = this.palette[start + i];
      return Math.round(own + (other - own) * fade)
        .toString(16)
        .padStart(2, "0");
    });
    return `#${mixed.join("")}`;
  }
}
