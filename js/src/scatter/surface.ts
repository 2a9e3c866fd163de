/**
 * What the points are drawn on, and with what. Browsers keep a few WebGL contexts per page (Chromium 16), and take
 * away the one that has been idle longest when another is requested. A surface therefore holds a context only while
 * its canvas is visible, and takes it back if it loses it meanwhile. If it loses the context again at once, because
 * more canvases are visible than there are contexts, a second canvas stands in, drawn without WebGL.
 */
import { Canvas2dRenderer } from "./canvas2d";
import type { Renderer } from "./renderer";
import type { RendererKind } from "./types";
import { WebGLRenderer } from "./webgl";

/** Milliseconds: a context lost twice within the first is given up, and so is one not restored within the second. */
const STEADY = 5000;
const PATIENCE = 2000;
const OPTIONS: WebGLContextAttributes = {
  alpha: true, // what lies below the points shows through
  antialias: false,
  depth: false,
  preserveDrawingBuffer: true, // lets one panel be drawn alone
};

export class Surface {
  /** null while the canvas is not visible, and until a context is back. */
  renderer: Renderer | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private extension: WEBGL_lose_context | null = null;
  private standIn: HTMLCanvasElement | null = null;
  private begun = false;
  private visible = false;
  /** Whether the context has been released and the browser has yet to confirm that. */
  private leaving = false;
  private takenAt = Number.NEGATIVE_INFINITY;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly listening = new AbortController();

  /** `changed` is called when there is another renderer, or none. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: () => void,
  ) {
    const { signal } = this.listening;
    canvas.addEventListener("webglcontextlost", (event) => this.lost(event), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.restored(), { signal });
  }

  get kind(): RendererKind | null {
    if (this.renderer) return this.renderer.kind;
    return this.begun && !this.gl ? "none" : null;
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (!visible) this.giveBack();
    else if (this.begun) this.takeBack();
    else this.begin();
  }

  /** The canvas has been resized or moved. */
  place(): void {
    if (!this.standIn) return;
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.canvas;
    const [left, top, width, height] = [offsetLeft, offsetTop, clientWidth, clientHeight].map(
      (px) => `${px}px`,
    );
    Object.assign(this.standIn.style, { left, top, width, height });
  }

  destroy(): void {
    this.listening.abort();
    clearTimeout(this.waiting);
    this.renderer?.destroy();
    this.renderer = null;
    this.standIn?.remove();
  }

  private begin(): void {
    this.begun = true;
    this.gl = this.canvas.getContext("webgl2", OPTIONS);
    this.extension = this.gl?.getExtension("WEBGL_lose_context") ?? null;
    if (this.gl) this.drawWith(this.gl);
    else this.use(without(this.canvas));
  }

  private giveBack(): void {
    clearTimeout(this.waiting);
    if (this.standIn) this.dismiss();
    if (!this.gl || !this.extension || this.gl.isContextLost()) return;
    this.leaving = true;
    this.extension.loseContext();
  }

  private takeBack(): void {
    // A context that is on its way out is taken back once it is gone.
    if (!this.visible || this.leaving || !this.gl?.isContextLost()) return;
    this.extension?.restoreContext();
    this.waiting = setTimeout(() => this.drawWithout(), PATIENCE);
  }

  private lost(event: Event): void {
    event.preventDefault(); // otherwise it is never restored
    const taken = !this.leaving;
    this.leaving = false;
    this.use(null);
    if (!this.visible) return;
    const now = performance.now();
    const again = taken && now - this.takenAt < STEADY;
    if (taken) this.takenAt = now;
    if (again) this.drawWithout();
    else this.waiting = setTimeout(() => this.takeBack()); // impossible within this event
  }

  private restored(): void {
    clearTimeout(this.waiting);
    if (this.standIn) this.dismiss();
    if (!this.visible) this.giveBack();
    else if (this.gl) this.drawWith(this.gl);
  }

  private drawWith(gl: WebGL2RenderingContext): void {
    try {
      this.use(new WebGLRenderer(gl));
    } catch (error) {
      console.warn("tsne_widget:", error);
      this.drawWithout();
    }
  }

  private drawWithout(): void {
    this.standIn = document.createElement("canvas");
    this.standIn.setAttribute("aria-hidden", "true");
    this.standIn.style.cssText = "position:absolute;pointer-events:none";
    this.canvas.after(this.standIn);
    this.place();
    this.use(without(this.standIn));
  }

  private dismiss(): void {
    this.standIn?.remove();
    this.standIn = null;
    this.use(null);
  }

  private use(renderer: Renderer | null): void {
    this.renderer = renderer;
    this.changed();
  }
}

function without(canvas: HTMLCanvasElement): Renderer | null {
  const context = canvas.getContext("2d", { alpha: false });
  return context && new Canvas2dRenderer(context);
}
