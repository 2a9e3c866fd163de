import { expect, it } from "vitest";
import { dimmedFirst, shuffledOrder } from "../../src/scatter/order";

it("the drawing order is a permutation, always the same, that mixes the classes", () => {
  const order = shuffledOrder(10_000);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(shuffledOrder(10_000)).toEqual(order);
  const early = order.subarray(0, 5000).filter((point) => point < 5000).length;
  expect(Math.abs(early - 2500)).toBeLessThan(150);
});

it("points that stand back are drawn first, each part in the shuffled order", () => {
  const shuffled = shuffledOrder(100);
  const codes = Uint16Array.from({ length: 100 }, (_, i) => i % 4);
  const selection = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0));
  const mutedCodes = Uint8Array.of(0, 1, 0, 0);
  const out = new Uint32Array(100);
  const full = (point: number) => point < 50 && point % 4 !== 1;

  const dimmed = dimmedFirst(shuffled, { codes, selection, mutedCodes }, out);
  const expected = [...shuffled.filter((point) => !full(point)), ...shuffled.filter(full)];
  expect([...out]).toEqual(expected);
  expect(dimmed).toBe(expected.length - expected.filter(full).length);

  expect(dimmedFirst(shuffled, { codes, selection: null, mutedCodes: null }, out)).toBe(0);
  expect(out).toEqual(shuffled);
});
