import { expect, test } from "vitest";
import { MISSING_COLOR } from "../../src/scatter";
import { cssColor, readLabels, rowsLike, rowsOf, scaleCodes } from "../../src/view/labels";
import type { Categories, Scale } from "../../src/wire/traits";

const bytes = (array: Uint16Array | Float32Array) => new DataView(array.buffer);

test("categories have names, counts and a colour each; missing values are grey", () => {
  const labels = readLabels(4, {
    kind: "categories",
    name: "kind",
    names: ["a", "b", "missing"],
    counts: [2, 1, 1],
    has_missing: true,
    colors: [],
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
  expect(cssColor(palette, 2)).toBe(`rgb(${MISSING_COLOR.join(" ")})`);
  expect(labels.sharing).toBeNull();
});

test("labels know that there are more categories than colours", () => {
  const names = Array.from({ length: 41 }, (_, i) => String(i));
  const counts = names.map(() => 1);
  const codes = bytes(Uint16Array.from(names, Number));
  const labels = readLabels(41, {
    kind: "categories",
    name: "",
    names,
    counts,
    has_missing: false,
    colors: [],
    codes,
  });
  expect(labels.sharing).toEqual({ labels: 41, colors: 40 });
});

test("a scale goes from its lowest to its highest colour, and NaN is grey", () => {
  const labels = readLabels(4, scale(-1, 0, 3, Number.NaN));
  expect([...labels.codes]).toEqual([0, 64, 255, 256]);
  expect(labels.palette(true).slice(-3)).toEqual(Uint8Array.of(...MISSING_COLOR));
  expect([labels.name(2), labels.name(3)]).toEqual(["3", "missing"]);
  expect(labels.range).toMatchObject({ low: "-1", high: "3", beyond: "", below: false });
});

test("a robust range says what lies beyond it", () => {
  const labels = readLabels(4, { ...scale(-50, 0, 3, 900), least: -50, most: 900 });
  expect([...labels.codes]).toEqual([0, 64, 255, 255]);
  expect(labels.range).toMatchObject({ beyond: "all from -50 to 900", below: true, above: true });
});

function scale(...values: number[]): Scale {
  const wire = bytes(Float32Array.from(values));
  return {
    kind: "scale",
    name: "x",
    low: -1,
    high: 3,
    least: -1,
    most: 3,
    quantity: "number",
    colors: [],
    origin: null,
    values: wire,
  };
}

/** In float64, from the least to the most. */
function wide(values: number[], changes: Partial<Scale> = {}): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const wire = new DataView(Float64Array.from(values).buffer);
  return { ...scale(), low: least, high: most, least, most, values: wire, ...changes };
}

const from = (start: number, count: number, step: number) =>
  Array.from({ length: count }, (_, i) => start + step * i);

test("Unix seconds within a few minutes use all colours and are told apart", () => {
  const seconds = from(1_700_000_000, 256, 1);
  const labels = readLabels(256, wide(seconds));
  expect(new Set(labels.codes).size).toBe(256);
  expect(new Set(seconds.map((_, row) => labels.name(row))).size).toBe(256);
  expect(labels.range).toMatchObject({ low: "1,700,000,000", high: "1,700,000,255", middle: "" });
});

test("numbers beyond float32 have colours and names", () => {
  const labels = readLabels(3, wide([1e200, 2e200, 3e200]));
  expect([...labels.codes]).toEqual([0, 128, 255]);
  expect([labels.name(0), labels.range.high]).toEqual(["1e+200", "3e+200"]);
});

test("numbers whose distance overflows have colours", () => {
  const labels = readLabels(3, wide([-1.7e308, 0, 1.7e308]));
  expect([...labels.codes]).toEqual([0, 128, 255]);
  expect([...scaleCodes(Float64Array.of(0, 5e-324, 1e-323), 0, 1e-323)]).toEqual([0, 128, 255]);
});

test("infinite numbers have the colours of the ends, on either scale", () => {
  const values = Float64Array.of(Number.NEGATIVE_INFINITY, 1, 10, Number.POSITIVE_INFINITY, Number.NaN);
  expect([...scaleCodes(values, 1, 10)]).toEqual([0, 0, 255, 255, 256]);
  expect([...scaleCodes(values.slice(1), 1, 10, "log")]).toEqual([0, 255, 255, 256]);
});

test("on a logarithmic scale equal ratios are equal steps of colour", () => {
  const values = [1e-300, 1e-225, 1e-150, 1e-75, 1, Number.NaN];
  const given = wide(values, { low: 1e-300, high: 1, least: 1e-300, most: 1 });
  expect([...readLabels(6, given).codes]).toEqual([0, 0, 0, 0, 255, 256]);
  const labels = readLabels(6, given, "log");
  for (const [row, code] of [0, 64, 128, 192, 255, 256].entries())
    expect(Math.abs(labels.codes[row] - code)).toBeLessThanOrEqual(1);
  expect(labels.range).toMatchObject({ low: "1e-300", middle: "1e-150", high: "1" });
  expect(labels.name(1)).toBe("1e-225");
});

test("numbers that have no logarithm stay linear, also while the scale of another column holds", () => {
  for (const values of [
    [-1, 3],
    [0, 3],
  ]) {
    const labels = readLabels(2, wide(values), "log");
    expect([...labels.codes]).toEqual([0, 255]);
    expect(labels.range.middle).toBe("");
  }
});

test("integers beyond JavaScript's numbers keep all their digits", () => {
  const labels = readLabels(3, wide([0, 1, 2], { origin: "9007199254740993" }));
  expect([0, 1, 2].map(labels.name)).toEqual(["9007199254740993", "9007199254740994", "9007199254740995"]);
});

test("durations are written in their units", () => {
  const labels = readLabels(3, wide([0.012, 5400, 273_600], { quantity: "duration" }));
  expect([0, 1, 2].map(labels.name)).toEqual(["12 ms", "1 h 30 min", "3 d 4 h"]);
  expect(labels.range).toMatchObject({ low: "12 ms", high: "3 d 4 h" });
});

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
    colors: [],
    codes,
  });
  expect(labels.palette(true).length).toBe(3 * 65_535);
});

test("without labels all points share one colour", () => {
  const labels = readLabels(3, null);
  expect([...labels.codes]).toEqual([0, 0, 0]);
  expect(labels.palette(false).length).toBe(3);
});

test("categories have the user's colours, and others of ours where there are none", () => {
  const ours = readLabels(3, kinds([])).palette(false);
  const labels = readLabels(3, kinds(["#010203", 1, "#0A0B0C"]));
  const palette = labels.palette(false);
  expect([0, 1, 2].map((code) => cssColor(palette, code))).toEqual([
    "rgb(1 2 3)",
    cssColor(ours, 1),
    "rgb(10 11 12)",
  ]);
  expect(labels.sharing).toBeNull();
  expect(readLabels(3, kinds(["#010203", "#010203", 4])).sharing).toEqual({ labels: 3, colors: 2 });
});

test("numbers have the user's colours, blended, on light and dark alike", () => {
  const { palette } = readLabels(2, wide([0, 1], { colors: ["#000000", "#ff0000", "#ffffff"] }));
  expect(cssColor(palette(false), 0)).toBe("rgb(0 0 0)");
  expect(cssColor(palette(true), 0)).toBe("rgb(0 0 0)");
  expect(cssColor(palette(true), 255)).toBe("rgb(255 255 255)");
  expect(cssColor(palette(true), 64)).toBe("rgb(128 0 0)");
});

function kinds(colors: (string | number)[]): Categories {
  const codes = bytes(Uint16Array.of(0, 1, 2));
  const [names, counts] = [
    ["a", "b", "c"],
    [1, 1, 1],
  ];
  return { kind: "categories", name: "kind", names, counts, has_missing: false, colors, codes } as Categories;
}
