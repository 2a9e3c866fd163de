import { expect, it } from "vitest";
import { WebGLRenderer } from "../../src/scatter/webgl";
import { frame } from "./frame";

/** A context that only remembers what it was asked; every object it makes is a new one, every number 1. */
function context() {
  const calls: { name: string; args: unknown[] }[] = [];
  const gl = new Proxy({} as Record<string, unknown>, {
    get: (_, name: string) => {
      if (name === name.toUpperCase()) return 1;
      return (...args: unknown[]) => {
        calls.push({ name, args });
        return name === "getUniformLocation" ? args[1] : { name };
      };
    },
  });
  const of = (name: string) => calls.filter((call) => call.name === name).map((call) => call.args);
  return { own: new WebGLRenderer(gl as unknown as WebGL2RenderingContext), of };
}

const at = (x: number) => Float32Array.of(x, x, x, x);

it("has two buffers per panel, and releases those of panels that are not kept", () => {
  const { own, of } = context();
  const before = of("createBuffer").length;
  for (const id of [4, 90]) own.setPositions(id, at(0), at(1));
  own.setPositions(4, at(1), at(2));
  expect(of("createBuffer").length - before).toBe(4);
  own.keepPanels(new Set([90]));
  expect(of("deleteBuffer")).toHaveLength(2);
  own.keepPanels(new Set([90]));
  expect(of("deleteBuffer")).toHaveLength(2);
});

it("uploads a layout once, although points glide to it and then from it", () => {
  const { own, of } = context();
  const [a, b, c] = [at(0), at(1), at(2)];
  own.setPositions(4, a, b);
  own.setPositions(4, b, c);
  expect(of("bufferSubData").map((args) => args[2])).toEqual([a, b, c]);
});

it("stores the colours of 65,536 codes in a texture of 256 x 256, where the shader finds them", () => {
  for (const count of [1, 40, 257, 10_000, 65_536]) {
    const { own, of } = context();
    const palette = Uint8Array.from({ length: 3 * count }, (_, i) => (i * 31 + (i >> 8)) % 251);
    own.setPoints(Uint16Array.of(0, count - 1), palette);
    const [upload] = of("texImage2D");
    const [width, height] = upload.slice(3, 5) as number[];
    const texels = upload[8] as Uint8Array;
    expect(Math.max(width, height)).toBeLessThanOrEqual(256);
    expect(texels).toHaveLength(4 * width * height);
    for (let code = 0; code < count; code += count > 300 ? 97 : 1) {
      // As in the vertex shader: column code & 255, row code >> 8.
      const texel = 4 * ((code & 255) + width * (code >> 8));
      expect(texels.slice(texel, texel + 3)).toEqual(palette.slice(3 * code, 3 * code + 3));
    }
  }
});

it("draws only the background for a panel without positions", () => {
  const { own, of } = context();
  own.setPoints(new Uint16Array(2), new Uint8Array(3));
  own.setOrder(new Uint32Array(2), 0);
  own.draw(4, frame);
  expect(of("clear")).toHaveLength(1);
  expect(of("drawElements")).toHaveLength(0);
  own.setPositions(4, at(0), at(1));
  own.draw(4, frame);
  expect(of("drawElements")).toHaveLength(1);
});

it("passes the pose to the shader: the centre, and the turn by columns", () => {
  const { own, of } = context();
  own.setPositions(4, at(0), at(1));
  own.draw(4, { ...frame, pose: { x: 5, y: 6, turn: [1, 2, 3, 4] }, view: { x: 7, y: 8, k: 10 } });
  expect(of("uniformMatrix2fv")).toEqual([["turn", false, [1, 3, 2, 4]]]);
  expect(of("uniform2f")).toContainEqual(["origin", 5, 6]);
  expect(of("uniform2f")).toContainEqual(["centre", 7, 8]);
});

it("draws points that stand back in their own size, and discs that reach in from beyond the border", () => {
  const { own, of } = context();
  own.setPoints(new Uint16Array(2), new Uint8Array(3));
  own.setOrder(Uint32Array.of(0, 1), 1);
  own.setPositions(4, at(0), at(1));
  for (const [radius, dimmedRadius] of [
    [6, 1],
    [1, 6],
  ]) {
    const drawn = of("uniform1f").length;
    own.draw(4, {
      ...frame,
      style: { ...frame.style, radius, dimmedRadius, outline: 0.7, dimmedOutline: 0 },
    });
    const told = of("uniform1f").slice(drawn);
    const values = (name: string) => told.filter((args) => args[0] === name).map((args) => args[1]);
    expect(values("radius")).toEqual([dimmedRadius, radius]);
    expect(values("outline")).toEqual([0, 0.7]);
    expect(values("pointSize")).toEqual([2 * dimmedRadius + 1, 2 * radius + 1]);
    expect(of("viewport").at(-1)?.slice(2)).toEqual([40 + 14, 20 + 14]);
  }
});

it("has a buffer of codes for each panel with its own, and releases it", () => {
  const { own, of } = context();
  const [before, gone] = [of("createBuffer").length, of("deleteBuffer").length];
  const codes = new Map([4, 90].map((panel) => [panel, Uint16Array.of(panel, 0)]));
  own.setPoints(new Uint16Array(2), new Uint8Array(3), codes);
  expect(of("createBuffer").length - before).toBe(2);
  expect(
    of("bufferData")
      .slice(-2)
      .map((args) => args[1]),
  ).toEqual([...codes.values()]);
  own.setPoints(new Uint16Array(2), new Uint8Array(3), new Map([[90, Uint16Array.of(1, 1)]]));
  expect(of("createBuffer").length - before).toBe(2);
  expect(of("deleteBuffer").length - gone).toBe(1);
  own.setPoints(new Uint16Array(2), new Uint8Array(3));
  expect(of("deleteBuffer").length - gone).toBe(2);
});
