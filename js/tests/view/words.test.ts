import { expect, test } from "vitest";
import { furthest } from "../../src/view/travel";
import { percent, tally } from "../../src/view/words";

test("stages are counted in words", () => {
  expect(tally(["settled"])).toBe("settled");
  expect(tally(["settled", "settled", "settled"])).toBe("all settled");
  expect(tally(["not settled yet", "not settled yet"])).toBe("none settled yet");
  expect(tally(["settled", "optimising", "settled"])).toBe("2 settled, 1 optimising");
  expect(percent(0.585)).toBe("59 %");
});

test("a twentieth of the points, at least one, travel farthest, in order of rows", () => {
  const distances = Float32Array.from({ length: 40 }, (_, i) => (i === 30 || i === 7 ? 9 : i / 100));
  expect([...furthest(distances)]).toEqual([7, 30]);
  expect([...furthest(Float32Array.of(1, 3, 2))]).toEqual([1]);
});
