/** Everything above the points: links and marks, rings, the lasso. None of it redraws the points. */
import { setAttribute, svgElement } from "./svg";

export interface Ring {
  x: number;
  y: number;
  radius: number;
  fill: string;
}

export class Overlay {
  private readonly svg = svgElement("svg");
  private readonly area = svgElement("path");
  private readonly closing = svgElement("path");
  private readonly rings: SVGElement[] = [];

  /** `links`: the layer below the rings; `lines`: the one below that. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly links: SVGElement,
    lines: SVGElement,
  ) {
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.style.cssText = "position:absolute;pointer-events:none;overflow:hidden";
    this.area.setAttribute("stroke-width", "1.5");
    this.area.setAttribute("stroke-linejoin", "round");
    this.area.setAttribute("fill-opacity", "0.1");
    this.area.setAttribute("fill-rule", "evenodd");
    this.closing.setAttribute("stroke-width", "1");
    this.closing.setAttribute("stroke-dasharray", "4 4");
    this.closing.setAttribute("fill", "none");
    this.svg.append(lines, links, this.area, this.closing);
    canvas.after(this.svg);
  }

  /** Covers exactly the canvas, wherever the host put it. */
  place(): void {
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.canvas;
    const { style } = this.svg;
    style.left = `${offsetLeft}px`;
    style.top = `${offsetTop}px`;
    style.width = `${clientWidth}px`;
    style.height = `${clientHeight}px`;
  }

  setColors(ring: string, halo: string, accent: string): void {
    for (const path of [this.area, this.closing]) path.setAttribute("stroke", accent);
    this.area.setAttribute("fill", accent);
    this.svg.style.setProperty("--ring", ring);
    this.svg.style.setProperty("--halo", halo);
    this.svg.style.setProperty("--accent", accent);
  }

  /** xyxy in pixels; null: none. An open path has a dashed closing side. */
  setLasso(points: ArrayLike<number> | null, closed: boolean): void {
    let path = "";
    for (let i = 0; points && i < points.length; i += 2) {
      path += `${i ? "L" : "M"}${points[i].toFixed(1)} ${points[i + 1].toFixed(1)}`;
    }
    setAttribute(this.area, "d", closed && path ? `${path}Z` : path);
    const m = points?.length ?? 0;
    const line =
      points && m > 4 && !closed ? `M${points[m - 2]} ${points[m - 1]}L${points[0]} ${points[1]}` : "";
    setAttribute(this.closing, "d", line);
  }

  setRings(rings: readonly Ring[]): void {
    while (this.rings.length > rings.length) this.rings.pop()?.remove();
    while (this.rings.length < rings.length) this.rings.push(this.addRing());
    rings.forEach((ring, i) => {
      const [halo, disc] = this.rings[i].children;
      for (const circle of [halo, disc]) {
        setAttribute(circle, "cx", ring.x.toFixed(2));
        setAttribute(circle, "cy", ring.y.toFixed(2));
      }
      setAttribute(halo, "r", (ring.radius + 2.5).toFixed(2));
      setAttribute(disc, "r", (ring.radius + 1).toFixed(2));
      setAttribute(disc, "fill", ring.fill);
    });
  }

  destroy(): void {
    this.svg.remove();
  }

  private addRing(): SVGElement {
    const group = svgElement("g");
    const halo = svgElement("circle");
    halo.style.fill = "var(--halo)";
    const disc = svgElement("circle");
    disc.style.stroke = "var(--ring)";
    disc.style.strokeWidth = "1.5px";
    group.append(halo, disc);
    this.links.after(group);
    return group;
  }
}
