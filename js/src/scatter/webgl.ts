/** WebGL2: positions are uploaded as they come, the drawing order is an index buffer, and colours stay put. */
import {
  type Discs,
  dimmedDiscs,
  fullDiscs,
  type PanelCodes,
  type PanelFrame,
  type Renderer,
  type Rgb,
} from "./renderer";
import { FRAGMENT, VERTEX } from "./shaders";
import type { PanelRect } from "./types";

interface PanelBuffers {
  previous: WebGLBuffer;
  next: WebGLBuffer;
  /** The content of `next`: the following glide often starts there, which saves an upload. */
  source: Float32Array | null;
  length: number;
}

const PALETTE_WIDTH = 256;
const UNIFORMS = [
  "palette",
  "origin",
  "turn",
  "centre",
  "scale",
  "t",
  "pointSize",
  "background",
  "radius",
  "opacity",
  "outline",
  "outlineWidth",
  "fade",
] as const;

export class WebGLRenderer implements Renderer {
  readonly kind = "webgl2";
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();
  private readonly codes: WebGLBuffer;
  /** For panels with codes of their own. */
  private readonly own = new Map<number, WebGLBuffer>();
  private readonly order: WebGLBuffer;
  private readonly panels = new Map<number, PanelBuffers>();
  private n = 0;
  private dimmed = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    const program = link(gl);
    gl.useProgram(program);
    for (const name of UNIFORMS) this.uniforms.set(name, gl.getUniformLocation(program, name));
    this.codes = gl.createBuffer();
    this.order = gl.createBuffer();
    for (const location of [0, 1, 2]) gl.enableVertexAttribArray(location);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  resize(width: number, height: number): void {
    this.gl.canvas.width = width;
    this.gl.canvas.height = height;
  }

  setPoints(codes: Uint16Array, palette: Uint8Array, own: PanelCodes = new Map()): void {
    const { gl } = this;
    this.n = codes.length;
    this.fill(this.codes, codes);
    for (const [panel, buffer] of this.own) {
      if (own.has(panel)) continue;
      gl.deleteBuffer(buffer);
      this.own.delete(panel);
    }
    for (const [panel, codes] of own) {
      const buffer = this.own.get(panel) ?? gl.createBuffer();
      this.own.set(panel, buffer);
      this.fill(buffer, codes);
    }
    const rows = Math.max(1, Math.ceil(palette.length / 3 / PALETTE_WIDTH));
    const texels = new Uint8Array(PALETTE_WIDTH * rows * 4);
    for (let i = 0; i < palette.length / 3; i++) texels.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, PALETTE_WIDTH, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  }

  setOrder(order: Uint32Array, dimmed: number): void {
    const { gl } = this;
    this.dimmed = dimmed;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
  }

  setPositions(panel: number, previous: Float32Array, next: Float32Array): void {
    const buffers = this.buffers(panel, next.length);
    if (previous === buffers.source) {
      [buffers.previous, buffers.next] = [buffers.next, buffers.previous];
    } else {
      this.upload(buffers.previous, previous);
    }
    this.upload(buffers.next, next);
    buffers.source = next;
  }

  keepPanels(ids: ReadonlySet<number>): void {
    for (const [id, buffers] of this.panels) {
      if (ids.has(id)) continue;
      this.gl.deleteBuffer(buffers.previous);
      this.gl.deleteBuffer(buffers.next);
      this.panels.delete(id);
    }
  }

  clear(background: Rgb): void {
    const { gl } = this;
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(background[0] / 255, background[1] / 255, background[2] / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  draw(panel: number, frame: PanelFrame): void {
    const { gl } = this;
    const buffers = this.panels.get(panel);
    const { rect, style } = frame;
    // Points whose centre is outside the viewport are not drawn, so it is wider than the panel, and the scissor cuts.
    const pad = Math.ceil(Math.max(style.radius, style.dimmedRadius)) + 1;
    const bottom = gl.drawingBufferHeight - rect.y - rect.height;
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(rect.x, bottom, rect.width, rect.height);
    gl.viewport(rect.x - pad, bottom - pad, rect.width + 2 * pad, rect.height + 2 * pad);
    if (frame.below) gl.clearColor(0, 0, 0, 0);
    else gl.clearColor(style.background[0] / 255, style.background[1] / 255, style.background[2] / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!buffers?.source) return;
    this.attribute(0, frame.t < 1 ? buffers.previous : buffers.next);
    this.attribute(1, buffers.next);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.own.get(panel) ?? this.codes);
    gl.vertexAttribIPointer(2, 1, gl.UNSIGNED_SHORT, 0, 0);
    this.setUniforms(frame, widen(rect, pad));
    this.drawRange(0, this.dimmed, dimmedDiscs(style));
    this.drawRange(this.dimmed, this.n - this.dimmed, fullDiscs(style));
  }

  destroy(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private drawRange(first: number, count: number, discs: Discs): void {
    if (count === 0) return;
    this.gl.uniform1f(this.at("pointSize"), Math.ceil(2 * discs.radius + 1));
    for (const name of ["radius", "opacity", "outline", "fade"] as const)
      this.gl.uniform1f(this.at(name), discs[name]);
    this.gl.drawElements(this.gl.POINTS, count, this.gl.UNSIGNED_INT, first * 4);
  }

  private setUniforms(frame: PanelFrame, rect: PanelRect): void {
    const { gl } = this;
    const { pose, view, style, t } = frame;
    const [a, b, c, d] = pose.turn;
    gl.uniform1f(this.at("t"), t);
    gl.uniform2f(this.at("origin"), pose.x, pose.y);
    gl.uniformMatrix2fv(this.at("turn"), false, [a, c, b, d]); // column by column
    gl.uniform2f(this.at("centre"), view.x, view.y);
    gl.uniform2f(this.at("scale"), (2 * view.k) / rect.width, (2 * view.k) / rect.height);
    gl.uniform1f(this.at("outlineWidth"), style.outlineWidth);
    const [red, green, blue] = style.background;
    gl.uniform3f(this.at("background"), red / 255, green / 255, blue / 255);
  }

  private at(name: (typeof UNIFORMS)[number]): WebGLUniformLocation | null {
    return this.uniforms.get(name) ?? null;
  }

  private attribute(location: number, buffer: WebGLBuffer): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.vertexAttribPointer(location, 2, this.gl.FLOAT, false, 0, 0);
  }

  private buffers(panel: number, length: number): PanelBuffers {
    const { gl } = this;
    const held = this.panels.get(panel);
    if (held?.length === length) return held;
    const fresh = held ?? { previous: gl.createBuffer(), next: gl.createBuffer(), source: null, length };
    for (const buffer of [fresh.previous, fresh.next]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, length * 4, gl.DYNAMIC_DRAW);
    }
    fresh.source = null;
    fresh.length = length;
    this.panels.set(panel, fresh);
    return fresh;
  }

  private fill(buffer: WebGLBuffer, codes: Uint16Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, codes, this.gl.STATIC_DRAW);
  }

  private upload(buffer: WebGLBuffer, positions: Float32Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, positions);
  }
}

function widen(rect: PanelRect, pad: number): PanelRect {
  return { x: rect.x - pad, y: rect.y - pad, width: rect.width + 2 * pad, height: rect.height + 2 * pad };
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) continue; // the context is lost; once it is restored, another renderer replaces this one
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`The shaders do not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
