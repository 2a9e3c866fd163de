/** A screen for tests: a canvas of a given size, a 2D context that only remembers pictures, frames on demand. */
import { vi } from "vitest";
import { Scatter, type ScatterEvents, type ScatterOptions } from "../../src/scatter";

const THEME = { background: "#ffffff", foreground: "#111111", accent: "#1976d2" };

export class Screen {
  readonly host = document.createElement("div");
  readonly canvas = document.createElement("canvas");
  /** How many pictures were put on the canvas. */
  pictures = 0;
  private now = 0;
  private readonly waiting = new Map<number, FrameRequestCallback>();
  private handles = 0;

  constructor(width = 400, height = 300) {
    document.body.append(this.host);
    this.host.append(this.canvas);
    this.resize(width, height);
    const context = {
      canvas: this.canvas,
      fillRect: () => undefined,
      createImageData: (w: number, h: number) => ({
        width: w,
        height: h,
        data: new Uint8ClampedArray(4 * w * h),
      }),
      putImageData: () => this.pictures++,
    };
    this.canvas.getContext = ((kind: string) =>
      kind === "2d" ? context : null) as HTMLCanvasElement["getContext"];
    vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
      this.waiting.set(++this.handles, callback);
      return this.handles;
    });
    vi.stubGlobal("cancelAnimationFrame", (handle: number) => this.waiting.delete(handle));
  }

  /** Gives the canvas a box of another size. */
  resize(width: number, height: number): void {
    const size = { clientWidth: width, clientHeight: height };
    for (const [name, value] of Object.entries(size))
      Object.defineProperty(this.canvas, name, { value, configurable: true });
  }

  scatter(options: Partial<ScatterOptions> = {}): Scatter {
    return new Scatter(this.canvas, { theme: THEME, ...options });
  }

  get framesWanted(): number {
    return this.waiting.size;
  }

  /** Lets an animation frame happen, if one is wanted. */
  frame(milliseconds = 16): void {
    this.now += milliseconds;
    const callbacks = [...this.waiting.values()];
    this.waiting.clear();
    for (const callback of callbacks) callback(this.now);
  }

  /** Frames until none is wanted; how many. */
  settle(limit = 500): number {
    let frames = 0;
    while (this.waiting.size > 0 && frames < limit) {
      this.frame();
      frames++;
    }
    return frames;
  }

  pointer(type: string, x: number, y: number, more: PointerEventInit = {}): void {
    const init = {
      pointerId: 1,
      pointerType: "mouse",
      button: 0,
      clientX: x,
      clientY: y,
      bubbles: true,
      ...more,
    };
    this.canvas.dispatchEvent(new PointerEvent(type, init));
  }

  /** Draws through the given places, from press to release. */
  draw(places: [number, number][], release: PointerEventInit = {}): void {
    this.pointer("pointerdown", ...places[0]);
    for (const place of places.slice(1)) this.pointer("pointermove", ...place, { buttons: 1 });
    this.pointer("pointerup", ...places[places.length - 1], release);
  }
}

/** Everything of one kind that a scatter tells. */
export function heard<K extends keyof ScatterEvents>(scatter: Scatter, name: K): ScatterEvents[K][] {
  const events: ScatterEvents[K][] = [];
  scatter.on(name, (event) => events.push(event));
  return events;
}
