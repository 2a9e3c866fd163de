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
  const selection = Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0));
  const muted = Uint8Array.from({ length: 100 }, (_, i) => Number(i % 4 === 1));
  const out = new Uint32Array(100);
  const full = (point: number) => point < 50 && point % 4 !== 1;

  const dimmed = dimmedFirst(shuffled, { selection, muted }, out);
  const expected = [...shuffled.filter((point) => !full(point)), ...shuffled.filter(full)];
  expect([...out]).toEqual(expected);
  expect(dimmed).toBe(expected.length - expected.filter(full).length);

  expect(dimmedFirst(shuffled, { selection: null, muted: null }, out)).toBe(0);
  expect(out).toEqual(shuffled);
});
