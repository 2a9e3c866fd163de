import { expect, test } from "vitest";
import { places, positionsOf } from "../../src/wire/bytes";

const codes = (...values: number[]) => new DataView(Uint16Array.from(values).buffer);

test("a row without a place is NaN in both coordinates; without gaps the same code is a place", () => {
  const sent = { offset: [1, 2] as [number, number], scale: 1, points: codes(0, 0, 65535, 65535, 65534, 3) };
  expect([...positionsOf({ ...sent, gaps: true }, 3)]).toEqual([1, 2, Number.NaN, Number.NaN, 65535, 5]);
  expect([...positionsOf({ ...sent, gaps: false }, 3)].slice(2, 4)).toEqual([65536, 65537]);
});

test("a layout may lack a place for a row, but neither half of one nor infinity", () => {
  const missing = Float32Array.of(0, 1, Number.NaN, Number.NaN);
  expect(places(missing)).toBe(missing);
  expect(() => places(Float32Array.of(0, Number.NaN))).toThrow("missing in both");
  expect(() => places(Float32Array.of(Infinity, 0))).toThrow("missing in both");
});
