import { expect, test } from "vitest";
import { meanStability, stabilityByLabel } from "../../src/view/coloring";
import { readLabels } from "../../src/view/labels";
import { furthest } from "../../src/view/travel";
import { percent, tally } from "../../src/view/words";

test("stages are counted in words", () => {
  expect(tally(["settled"])).toBe("settled");
  expect(tally(["settled", "settled", "settled"])).toBe("all settled");
  expect(tally(["settled", "optimising", "settled"])).toBe("2 settled, 1 optimising");
  expect(percent(0.585)).toBe("59 %");
});

test("stability of all, of rows and of labels", () => {
  const values = Float32Array.of(1, 0.5, 0, 0.25);
  const codes = new DataView(Uint16Array.of(0, 1, 1, 0).buffer);
  const labels = readLabels(4, {
    kind: "categories",
    name: "kind",
    names: ["a", "b"],
    counts: [2, 2],
    has_missing: false,
    codes,
  });
  expect(meanStability(values, null)).toBeCloseTo(0.4375);
  expect(meanStability(values, Int32Array.of(1, 2))).toBeCloseTo(0.25);
  expect(stabilityByLabel(values, labels)).toEqual([0.625, 0.25]);
});

test("those that travel furthest are a twentieth, at least one, in order of rows", () => {
  const distances = Float32Array.from({ length: 40 }, (_, i) => (i === 30 || i === 7 ? 9 : i / 100));
  expect([...furthest(distances)]).toEqual([7, 30]);
  expect([...furthest(Float32Array.of(1, 3, 2))]).toEqual([1]);
});
