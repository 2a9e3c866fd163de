/** The density of many rows below the points of a panel: tiles as fine as suits the zoom, joined to one picture. */
import { toScreen } from "./camera";
import { clippedTo } from "./clipping";
import { laidOver, layerCalled } from "./layer";
import type { Panel } from "./panel";
import { toShown } from "./pose";
import type { Below, Rgb } from "./renderer";
import { svgElement } from "./svg";
import { ancestor, type TileRange, tilesInView, tilesOf } from "./tiling";
import type { DensityOn, TileKey } from "./types";

/** The tile of the whole map. */
const WHOLE: TileKey = [0, 0, 0];

/** Tiles of a range as one picture; what it was made of. */
interface Mosaic {
  canvas: HTMLCanvasElement;
  made: string;
}

export class Density {
  private readonly layer = layerCalled("tw-density");
  private given: DensityOn | null = null;
  /** The panel that shows it, the tiles it has in view, and their picture. */
  private on: { panel: Panel; range: TileRange } | null = null;
  private mosaic: Mosaic | null = null;
  /** Rises with every tile and colour that is new. */
  private version = 0;
  private ink: Rgb = [0, 0, 0];
  private ground = "#fff";
  private told = "";

  /** The layer lies right below the canvas. `tell` hears which tiles are not there yet, when that changes. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly tell: (wanted: readonly TileKey[]) => void,
  ) {
    this.layer.hidden = true;
    canvas.before(this.layer);
  }

  /** Redraws the panels concerned; tiles that have come meanwhile are shown. */
  set(given: DensityOn | null, panels: readonly Panel[]): void {
    for (const panel of panels)
      if (panel.id === given?.panel || panel.id === this.given?.panel) panel.dirty = true;
    this.given = given;
    this.version++;
  }

  setColors(ink: Rgb, ground: Rgb): void {
    this.ink = ink;
    this.ground = `rgb(${ground})`;
    this.version++;
  }

  /** Finds what is in view; to be called before points are drawn. */
  update(panels: readonly Panel[]): void {
    const { given } = this;
    const panel = panels.find((one) => one.id === given?.panel);
    const shows = given !== null && panel?.visible && shown(panel, given);
    const range = shows ? tilesInView(panel, given) : null;
    this.on = panel && range ? { panel, range } : null;
    this.report();
  }

  /** What to draw below the points of a panel; null: nothing. */
  below = (panel: Panel): Below | null =>
    this.on?.panel === panel ? (context, ratio) => this.paintOn(panel, context, ratio) : null;

  /** Draws the layer, which shows through a canvas that is transparent there. */
  draw(): void {
    const context = laidOver(this.canvas, this.layer, this.on !== null);
    if (context && this.on) this.paintOn(this.on.panel, context, devicePixelRatio);
    // Which level is shown, for tests.
    this.layer.dataset.level = this.on ? String(this.on.range.level) : "";
  }

  destroy(): void {
    this.layer.remove();
  }

  /** The same as a picture in a drawing, if there is one. */
  shapes(): SVGSVGElement[] {
    if (!this.on) return [];
    const { panel, range } = this.on;
    const { x, y, width, height } = panel.rect;
    const shown = svgElement("svg", { class: "tw-density", x, y, width, height });
    const canvas = this.pictureOf(range);
    if (!canvas) return [];
    const [a, b, c, d, e, f] = this.transform(panel, range);
    const image = { width: canvas.width, height: canvas.height, href: canvas.toDataURL("image/png") };
    const transform = `matrix(${[a, b, c, d, e - x, f - y].join(" ")})`;
    shown.style.overflow = "hidden";
    shown.append(svgElement("image", { ...image, transform }));
    return [shown];
  }

  private paintOn(panel: Panel, context: CanvasRenderingContext2D, ratio: number): void {
    const range = this.on?.range;
    clippedTo(panel, context, ratio, () => {
      const { x, y, width, height } = panel.rect;
      context.fillStyle = this.ground;
      context.fillRect(x, y, width, height);
      const canvas = range && this.pictureOf(range);
      if (!canvas) return;
      context.transform(...this.transform(panel, range));
      context.imageSmoothingEnabled = true;
      context.drawImage(canvas, 0, 0);
    });
  }

  /** From pixels of the picture of some tiles to the canvas. */
  private transform(
    { current: view, rect, pose }: Panel,
    { level, columns, rows }: TileRange,
  ): [number, number, number, number, number, number] {
    const { corner, side, bins } = this.given as DensityOn;
    const tile = side / 2 ** level;
    const left = corner[0] + columns[0] * tile;
    const top = corner[1] + (rows[1] + 1) * tile;
    const [a, b, c, d] = pose.turn.map((value) => (value * view.k * tile) / bins);
    return [a, -c, -b, d, ...toScreen(view, rect, ...toShown(pose, left, top))];
  }

  /** The tiles of a range side by side; where one is not there yet, what a coarser one tells. null: nothing is. */
  private pictureOf(range: TileRange): HTMLCanvasElement | null {
    const { bins } = this.given as DensityOn;
    const made = `${this.version}:${range.level}:${range.columns}:${range.rows}`;
    if (this.mosaic?.made === made) return this.mosaic.canvas;
    const canvas = this.mosaic?.canvas ?? document.createElement("canvas");
    canvas.width = bins * (range.columns[1] - range.columns[0] + 1);
    canvas.height = bins * (range.rows[1] - range.rows[0] + 1);
    const context = canvas.getContext("2d");
    if (!context) return null;
    const image = context.createImageData(canvas.width, canvas.height);
    for (const tile of tilesOf(range)) this.lay(tile, range, image);
    context.putImageData(image, 0, 0);
    this.mosaic = { canvas, made };
    return canvas;
  }

  private lay(tile: TileKey, range: TileRange, { data, width }: ImageData): void {
    const { bins, tileOf } = this.given as DensityOn;
    let above = 0;
    while (above < tile[0] && !tileOf(ancestor(tile, above))) above++;
    const opacities = tileOf(ancestor(tile, above));
    if (!opacities) return;
    const [, column, row] = tile;
    // Where the tile begins within the coarser one, from its left and from its top.
    const within = 2 ** above;
    const across = ((column % within) * bins) / within;
    const down = ((within - 1 - (row % within)) * bins) / within;
    const left = (column - range.columns[0]) * bins;
    const top = (range.rows[1] - row) * bins;
    const [red, green, blue] = this.ink;
    for (let y = 0; y < bins; y++) {
      const line = Math.floor(down + y / within) * bins;
      for (let x = 0, p = 4 * ((top + y) * width + left); x < bins; x++, p += 4) {
        data[p] = red;
        data[p + 1] = green;
        data[p + 2] = blue;
        data[p + 3] = opacities[line + Math.floor(across + x / within)];
      }
    }
  }

  private report(): void {
    const { given, on } = this;
    // The coarsest first: it shows until others have come.
    const all: TileKey[] = on ? [WHOLE, ...(on.range.level > 0 ? tilesOf(on.range) : [])] : [];
    const wanted = all.filter((tile) => !given?.tileOf(tile));
    const told = wanted.join(";");
    if (told !== this.told) this.tell(wanted);
    this.told = told;
  }
}

/** Whether a panel shows just the layout that a density belongs to. */
function shown({ map, morphing }: Panel, { token }: DensityOn): boolean {
  return !morphing && map.hasLayout && map.motion.token === token && map.motion.exact;
}
