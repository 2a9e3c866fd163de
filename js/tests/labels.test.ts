import { expect, test } from "vitest";
import { cssColour, readLabels } from "../src/app/labels";
import { MISSING_COLOUR } from "../src/scatter";

const bytes = (array: Uint16Array | Float32Array) => new DataView(array.buffer);

test("categories have names, counts and a colour each, the missing ones grey", () => {
  const labels = readLabels({
    n: 4,
    labels: {
      kind: "categories",
      names: ["a", "b", "missing"],
      counts: [2, 1, 1],
      has_missing: true,
      codes: bytes(Uint16Array.of(0, 1, 0, 2)),
    },
  });
  expect(labels.entries.map(({ name, count }) => [name, count])).toEqual([
    ["a", 2],
    ["b", 1],
    ["missing", 1],
  ]);
  expect(labels.name(2)).toBe("a");
  const palette = labels.palette(false);
  expect(palette.length).toBe(9);
  expect(cssColour(palette, 2)).toBe(`rgb(${MISSING_COLOUR.join(" ")})`);
  expect(labels.repeatsColours).toBe(false);
});

test("more categories than colours is known", () => {
  const names = Array.from({ length: 41 }, (_, i) => String(i));
  const counts = names.map(() => 1);
  const codes = bytes(Uint16Array.from(names, Number));
  const labels = readLabels({
    n: 41,
    labels: { kind: "categories", names, counts, has_missing: false, codes },
  });
  expect(labels.repeatsColours).toBe(true);
});

test("a scale goes from its lowest to its highest colour, and NaN is grey", () => {
  const values = bytes(Float32Array.of(-1, 0, 3, Number.NaN));
  const labels = readLabels({ n: 4, labels: { kind: "scale", low: -1, high: 3, values } });
  expect([...labels.codes]).toEqual([0, 64, 255, 256]);
  expect(labels.palette(true).slice(-3)).toEqual(Uint8Array.of(...MISSING_COLOUR));
  expect([labels.name(2), labels.name(3)]).toEqual(["3", "missing"]);
});

test("without labels all points share one colour", () => {
  const labels = readLabels({ n: 3, labels: null });
  expect([...labels.codes]).toEqual([0, 0, 0]);
  expect(labels.palette(false).length).toBe(3);
});
