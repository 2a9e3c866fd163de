import { expect, it } from "vitest";
import { dimmedFirst, shuffledOrder } from "../../src/scatter/order";
import { Ranks } from "../../src/scatter/ranks";

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

it("selected points that are not muted stand out, and none if none stands back", () => {
  const ranks = new Ranks();
  ranks.begin(100);
  const standing = () => Array.from({ length: 100 }, (_, i) => i).filter((i) => ranks.standsOut(i));
  const expectFront = (rows: number[]) => {
    expect(standing()).toEqual(rows);
    expect([...ranks.front].sort((a, b) => a - b)).toEqual(rows);
  };
  expectFront([]);
  ranks.selection = new Uint8Array(100).fill(1, 5, 9);
  expectFront([5, 6, 7, 8]);
  ranks.muted = new Uint8Array(100).fill(1, 7, 80);
  expectFront([5, 6]);
  expect(ranks.dimmed).toBe(98);
  ranks.selection = null;
  expectFront([0, 1, 2, 3, 4, 5, 6, ...standing().filter((i) => i >= 80)]);
  ranks.muted = new Uint8Array(100).fill(1);
  expectFront([]);
  ranks.muted = null;
  ranks.selection = new Uint8Array(100).fill(1);
  expectFront([]);
  expect(ranks.dimmed).toBe(0);
});
