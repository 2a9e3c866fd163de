import { expect, it } from "vitest";
import { Canvas2dRenderer } from "../../src/scatter/canvas2d";
import { frame, WHITE } from "./frame";

/** A renderer whose pictures can be read. */
function renderer() {
  const picture: { data?: Uint8ClampedArray } = {};
  const context = {
    createImageData: (width: number, height: number) => ({
      width,
      height,
      data: new Uint8ClampedArray(4 * width * height),
    }),
    putImageData: (image: ImageData) => {
      picture.data = image.data;
    },
  };
  const pixel = (x: number, y: number) => [
    ...(picture.data?.subarray(4 * (40 * y + x), 4 * (40 * y + x) + 4) ?? []),
  ];
  return { own: new Canvas2dRenderer(context as unknown as CanvasRenderingContext2D), pixel };
}

it("draws discs where the camera sees them, halfway between two layouts, y upwards", () => {
  const { own, pixel } = renderer();
  own.setPoints(Uint16Array.of(1, 0), Uint8Array.of(0, 0, 0, 200, 0, 0));
  own.setOrder(Uint32Array.of(0, 1), 0);
  own.setPositions(0, Float32Array.of(0, 0, Number.NaN, 0), Float32Array.of(2, 1, 0, 0));
  own.draw(0, frame);
  // (1, 0.5) in data units is 10 pixels right of and 5 above the middle (20, 10).
  expect(pixel(30, 5)).toEqual([200, 0, 0, 255]);
  expect(pixel(30, 15)).toEqual([...WHITE, 255]);
  expect(pixel(20, 10)).toEqual([...WHITE, 255]);
});

it("draws a map in its pose: centred, then turned, then seen by the camera", () => {
  const { own, pixel } = renderer();
  own.setPoints(Uint16Array.of(1), Uint8Array.of(0, 0, 0, 200, 0, 0));
  own.setOrder(Uint32Array.of(0), 0);
  own.setPositions(0, Float32Array.of(5, 7), Float32Array.of(7, 7));
  // (6, 7) is 1 right of the centre; with x and y exchanged 1 above it, which is 0.5 above the middle of the view.
  own.draw(0, { ...frame, pose: { x: 5, y: 7, turn: [0, 1, 1, 0] }, view: { x: 0, y: 0.5, k: 10 } });
  expect(pixel(20, 5)).toEqual([200, 0, 0, 255]);
  expect(pixel(30, 10)).toEqual([...WHITE, 255]);
});

it("forgets the panels that are not kept", () => {
  const { own, pixel } = renderer();
  own.setPoints(Uint16Array.of(0), Uint8Array.of(200, 0, 0));
  own.setOrder(Uint32Array.of(0), 0);
  for (const id of [4, 9]) own.setPositions(id, Float32Array.of(0, 0), Float32Array.of(0, 0));
  own.keepPanels(new Set([9]));
  own.draw(4, frame);
  expect(pixel(20, 10)).toEqual([...WHITE, 255]);
  own.draw(9, frame);
  expect(pixel(20, 10)).toEqual([200, 0, 0, 255]);
});

it("draws points that stand back paler, and below the others", () => {
  const { own, pixel } = renderer();
  own.setPoints(Uint16Array.of(0, 1), Uint8Array.of(0, 0, 0, 200, 0, 0));
  own.setOrder(Uint32Array.of(0, 1), 1);
  own.setPositions(0, Float32Array.of(-1, 0, 1, 0), Float32Array.of(-1, 0, 1, 0));
  own.draw(0, frame);
  expect(pixel(30, 10)).toEqual([200, 0, 0, 255]);
  expect(pixel(10, 10)[0]).toBeGreaterThan(180);
  own.setPositions(0, Float32Array.of(1, 0, 1, 0), Float32Array.of(1, 0, 1, 0));
  own.draw(0, frame);
  expect(pixel(30, 10)).toEqual([200, 0, 0, 255]);
});

it("draws points that stand back in their own size", () => {
  const { own, pixel } = renderer();
  own.setPoints(Uint16Array.of(0, 0), Uint8Array.of(200, 0, 0));
  own.setOrder(Uint32Array.of(0, 1), 1);
  own.setPositions(0, Float32Array.of(-1, 0, 1, 0), Float32Array.of(-1, 0, 1, 0));
  own.draw(0, { ...frame, style: { ...frame.style, radius: 6, dimmedRadius: 2, outline: 0 } });
  // Four pixels above the middle of each, at 10 and at 30.
  expect(pixel(30, 6)).toEqual([200, 0, 0, 255]);
  expect(pixel(10, 6)).toEqual([...WHITE, 255]);
  expect(pixel(10, 10)).not.toEqual([...WHITE, 255]);
});

it("draws a panel with codes of its own in them, and the others in the common ones", () => {
  const { own, pixel } = renderer();
  const palette = Uint8Array.of(0, 0, 0, 200, 0, 0, 0, 0, 200);
  own.setPoints(Uint16Array.of(1), palette, new Map([[4, Uint16Array.of(2)]]));
  own.setOrder(Uint32Array.of(0), 0);
  for (const [panel, color] of [
    [4, [0, 0, 200, 255]],
    [5, [200, 0, 0, 255]],
  ] as const) {
    own.setPositions(panel, Float32Array.of(0, 0), Float32Array.of(0, 0));
    own.draw(panel, frame);
    expect(pixel(20, 10)).toEqual(color);
  }
  own.setPoints(Uint16Array.of(1), palette);
  own.draw(4, frame);
  expect(pixel(20, 10)).toEqual([200, 0, 0, 255]);
});
