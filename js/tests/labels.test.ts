import { expect, test } from "vitest";
import { cssColour, readLabels, rowsLike, rowsOf, time } from "../src/app/labels";
import type { Scale } from "../src/protocol";
import { MISSING_COLOUR } from "../src/scatter";

const bytes = (array: Uint16Array | Float32Array) => new DataView(array.buffer);

test("categories have names, counts and a colour each, the missing ones grey", () => {
  const labels = readLabels(4, {
    kind: "categories",
    name: "kind",
    names: ["a", "b", "missing"],
    counts: [2, 1, 1],
    has_missing: true,
    codes: bytes(Uint16Array.of(0, 1, 0, 2)),
  });
  expect(labels.column).toBe("kind");
  expect([...rowsOf(labels, 0)]).toEqual([0, 2]);
  expect([...rowsLike(labels, Int32Array.of(1, 3))]).toEqual([1, 3]);
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
  const labels = readLabels(41, { kind: "categories", name: "", names, counts, has_missing: false, codes });
  expect(labels.repeatsColours).toBe(true);
});

test("a scale goes from its lowest to its highest colour, and NaN is grey", () => {
  const labels = readLabels(4, scale(-1, 0, 3, Number.NaN));
  expect([...labels.codes]).toEqual([0, 64, 255, 256]);
  expect(labels.palette(true).slice(-3)).toEqual(Uint8Array.of(...MISSING_COLOUR));
  expect([labels.name(2), labels.name(3)]).toEqual(["3", "missing"]);
  expect(labels.range).toMatchObject({ low: "-1", high: "3", beyond: "", below: false });
});

test("a robust range says what lies beyond it", () => {
  const labels = readLabels(4, { ...scale(-50, 0, 3, 900), least: -50, most: 900 });
  expect([...labels.codes]).toEqual([0, 64, 255, 255]);
  expect(labels.range).toMatchObject({ beyond: "all from -50 to 900", below: true, above: true });
});

test("times are told as exactly as their range asks for", () => {
  const origin = "2024-05-06T07:08:09";
  expect(time(0, origin, 10 * 86_400)).toBe("2024-05-06");
  expect(time(60, origin, 3600)).toBe("2024-05-06 07:09");
  expect(time(1.5, origin, 10)).toBe("07:08:10.500");
  expect(time(60, "2024-05-06T07:08:09+02:00", 3600)).toBe("2024-05-06 07:09");
  expect(time(86_400, "2024-05-06", 1e6)).toBe("2024-05-07");
  expect(time(Number.NaN, origin, 10)).toBe("missing");
});

function scale(...values: number[]): Scale {
  const wire = bytes(Float32Array.from(values));
  return { kind: "scale", name: "x", low: -1, high: 3, least: -1, most: 3, origin: null, values: wire };
}

test("as many categories as there are codes have a colour", () => {
  const names = Array.from({ length: 65_535 }, (_, i) => String(i));
  const codes = bytes(Uint16Array.from(names, Number));
  const counts = names.map(() => 1);
  const labels = readLabels(65_535, {
    kind: "categories",
    name: "",
    names,
    counts,
    has_missing: true,
    codes,
  });
  expect(labels.palette(true).length).toBe(3 * 65_535);
});

test("without labels all points share one colour", () => {
  const labels = readLabels(3, null);
  expect([...labels.codes]).toEqual([0, 0, 0]);
  expect(labels.palette(false).length).toBe(3);
});
