/**
 * What the points are drawn on, and with what. Browsers keep a few WebGL contexts a page, Chromium 16, and take the one
 * that has drawn nothing for longest away where another is wanted. So one is held only while the canvas is seen; it is
 * taken back where it is taken meanwhile; and where it is taken again at once, because more are seen than there can be,
 * a second canvas stands in and is drawn without WebGL.
 */
import { Canvas2dRenderer } from "./canvas2d";
import type { Renderer } from "./renderer";
import type { RendererKind } from "./types";
import { WebGLRenderer } from "./webgl";

/** Milliseconds: a context that is taken twice within the first is left; one that is not back after the second, too. */
const STEADY = 5000;
const PATIENCE = 2000;
const OPTIONS: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  preserveDrawingBuffer: true, // so that a panel can be drawn alone
};

export class Surface {
  /** null while nobody sees the canvas, and until a context is back. */
  renderer: Renderer | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private extension: WEBGL_lose_context | null = null;
  private standIn: HTMLCanvasElement | null = null;
  private begun = false;
  private visible = false;
  /** Given back, of which the browser has yet to tell. */
  private leaving = false;
  private takenAt = Number.NEGATIVE_INFINITY;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly listening = new AbortController();

  /** `changed`: there is another renderer, or none. */
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

  /** The canvas has another size or place. */
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
    // What is leaving is had back once it is gone.
    if (!this.visible || this.leaving || !this.gl?.isContextLost()) return;
    this.extension?.restoreContext();
    this.waiting = setTimeout(() => this.drawWithout(), PATIENCE);
  }

  private lost(event: Event): void {
    event.preventDefault(); // else it is never restored
    const taken = !this.leaving;
    this.leaving = false;
    this.use(null);
    if (!this.visible) return;
    const now = performance.now();
    const again = taken && now - this.takenAt < STEADY;
    if (taken) this.takenAt = now;
    if (again) this.drawWithout();
    else this.waiting = setTimeout(() => this.takeBack()); // it cannot be had within this event
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
