/**
 * Without WebGL2, the processor draws the same discs into an image, by the formula of the fragment shader. It is
 * faster than 100,000 canvas calls.
 */
import { eachInSight, Points } from "./points";
import { type Discs, dimmedDiscs, fullDiscs, type PanelFrame, type Renderer, type Rgb } from "./renderer";

/** Previous and next. */
type Positions = readonly [Float32Array, Float32Array];

export class Canvas2dRenderer extends Points implements Renderer {
  readonly kind = "canvas2d";
  private readonly panels = new Map<number, Positions>();
  private image: ImageData | null = null;

  constructor(private readonly context: CanvasRenderingContext2D) {
    super();
  }

  resize(width: number, height: number): void {
    this.context.canvas.width = width;
    this.context.canvas.height = height;
  }

  setPositions(panel: number, previous: Float32Array, next: Float32Array): void {
    this.panels.set(panel, [previous, next]);
  }

  keepPanels(ids: ReadonlySet<number>): void {
    for (const id of this.panels.keys()) if (!ids.has(id)) this.panels.delete(id);
  }

  clear(background: Rgb): void {
    const { canvas } = this.context;
    this.context.fillStyle = `rgb(${background.join(",")})`;
    this.context.fillRect(0, 0, canvas.width, canvas.height);
  }

  draw(panel: number, frame: PanelFrame): void {
    const { x, y } = frame.rect;
    const image = this.ground(frame);
    const positions = this.panels.get(panel);
    if (positions) {
      const codes = this.codesOf(panel);
      this.drawRange(image, positions, frame, codes, this.back, dimmedDiscs(frame.style));
      this.drawRange(image, positions, frame, codes, this.front, fullDiscs(frame.style));
    }
    this.context.putImageData(image, x, y);
  }

  destroy(): void {
    this.image = null;
    this.panels.clear();
  }

  /** What the points are drawn on. */
  private ground({ rect, style, below, ratio = 1 }: PanelFrame): ImageData {
    if (!below) return this.blank(rect.width, rect.height, style.background);
    below(this.context, ratio);
    return this.context.getImageData(rect.x, rect.y, rect.width, rect.height);
  }

  private blank(width: number, height: number, background: Rgb): ImageData {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = this.context.createImageData(width, height);
    }
    const [r, g, b] = background;
    const probe = new Uint32Array(new Uint8Array([r, g, b, 255]).buffer); // in the machine's byte order
    new Uint32Array(this.image.data.buffer).fill(probe[0]);
    return this.image;
  }

  private drawRange(
    image: ImageData,
    positions: Positions,
    frame: PanelFrame,
    codes: Uint16Array,
    order: Uint32Array,
    discs: Discs,
  ): void {
    const { outlineWidth, background } = frame.style;
    const palette = discs.fade ? faded(this.palette, background, discs.fade) : this.palette;
    const look: Rim = { ...discs, inner: discs.radius - outlineWidth, background };
    eachInSight(positions, frame, order, discs.radius + 0.5, (point, x, y) =>
      disc(image, x, y, palette, 3 * codes[point], look),
    );
  }
}

function faded(palette: Uint8Array, background: Rgb, fade: number): Uint8Array {
  return palette.map((own, i) => own + (background[i % 3] - own) * fade);
}

/** The inner radius of the outline, and its colour. */
interface Rim extends Discs {
  inner: number;
  background: Rgb;
}

/** Blends one disc; its colour is at `palette[c]`. */
function disc(image: ImageData, x: number, y: number, palette: Uint8Array, c: number, look: Rim): void {
  const { data, width, height } = image;
  const { radius, opacity, outline, inner, background } = look;
  const reach = radius + 0.5;
  const right = Math.min(width - 1, Math.floor(x + reach - 0.5));
  const bottom = Math.min(height - 1, Math.floor(y + reach - 0.5));
  for (let row = Math.max(0, Math.ceil(y - reach - 0.5)); row <= bottom; row++) {
    const dy = row + 0.5 - y;
    for (let column = Math.max(0, Math.ceil(x - reach - 0.5)); column <= right; column++) {
      const dx = column + 0.5 - x;
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance >= reach) continue;
      const alpha = Math.min(1, reach - distance) * opacity;
      const rim = Math.min(1, Math.max(0, distance - inner + 0.5)) * outline;
      const p = 4 * (row * width + column);
      for (let channel = 0; channel < 3; channel++) {
        const own = palette[c + channel];
        const ink = own + (background[channel] - own) * rim;
        data[p + channel] += (ink - data[p + channel]) * alpha;
      }
    }
  }
}
