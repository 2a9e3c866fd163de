import { expect, test } from "vitest";
import { matching } from "../../src/ui/parts/matching";
import { formatOf } from "../../src/view/cells";
import type { Cell } from "../../src/wire/replies";
import type { ColumnType } from "../../src/wire/traits";

function written(type: ColumnType, ...values: Cell[]): string[] {
  return values.map(formatOf(type, values));
}

test("numbers of a column have as many decimals as tell them apart, and no more than given", () => {
  expect(written("number", 5.1, 4.9, 7)).toEqual(["5.1", "4.9", "7.0"]);
  expect(written("number", Math.fround(5.1), Math.fround(0.2))).toEqual(["5.1", "0.2"]);
  expect(written("number", 1234.5678, 2.25)).toEqual(["1235", "2"]);
  expect(written("number", 1999, 2024, -3)).toEqual(["1999", "2024", "-3"]);
  expect(written("number", 1 / 3, 2 / 3)).toEqual(["0.3333", "0.6667"]);
});

test("a number that is not 0 is not written as 0", () => {
  expect(written("number", 1234.5, 0.0031, 0)).toEqual(["1235", "0.0031", "0"]);
  expect(written("number", 1.5e-9, 0)).toEqual(["1.5e-9", "0"]);
});

test("numbers that are large relative to their differences are told apart", () => {
  expect(written("number", 1_700_000_000.25, 1_700_000_000.75)).toEqual(["1700000000.25", "1700000000.75"]);
  expect(written("number", 1_700_000_000_123_456, 1_700_000_000_123_457)).toEqual([
    "1700000000123456",
    "1700000000123457",
  ]);
  expect(written("number", 1.000001e-50, 1.000002e-50)).toEqual(["1.000001e-50", "1.000002e-50"]);
  expect(written("number", 1e200, 3e200, 0)).toEqual(["1e+200", "3e+200", "0"]);
  expect(written("number", 0.5, 1e-50)).toEqual(["0.5", "1e-50"]);
});

test("a number alone keeps all its digits", () => {
  expect(written("number", 1_700_000_000.25)).toEqual(["1700000000.25"]);
  expect(written("number", 1 / 3)).toEqual(["0.3333"]);
});

test("whole numbers beyond what a browser can count to stay as Python wrote them", () => {
  expect(written("number", "9007199254740993", 12)).toEqual(["9007199254740993", "12"]);
});

test("dates show their time if any of them has one", () => {
  expect(written("date", "2024-01-05T00:00:00", "2024-02-05")).toEqual(["2024-01-05", "2024-02-05"]);
  expect(written("date", "2024-01-05T09:30:00", "2024-02-05 00:00:00")).toEqual([
    "2024-01-05 09:30",
    "2024-02-05 00:00",
  ]);
  expect(written("date", "2024-01-05T09:30:07+02:00")).toEqual(["2024-01-05 09:30:07+02:00"]);
});

test("durations show the units that tell them apart", () => {
  expect(written("date", "3 d 4 h 20 min 18.045112782 s", "10 d", null)).toEqual(["3 d 4 h", "10 d", "–"]);
  expect(written("date", "3 d 4 h 1 s", "3 d 4 h 1.5 s")).toEqual(["3 d 4 h 1 s", "3 d 4 h 1.5 s"]);
  expect(written("date", "12 ms", "-1.5 µs", "0 s")).toEqual(["12 ms", "-1.5 µs", "0 s"]);
  expect(written("date", "1 d 5 s")).toEqual(["1 d"]);
});

test("a missing value is a dash in every type, and a boolean is Python's", () => {
  for (const type of ["number", "date", "text", "boolean", "object"] as const)
    expect(written(type, null)).toEqual(["–"]);
  expect(written("boolean", true, false)).toEqual(["True", "False"]);
});

test("exact names come first, then beginnings, then the rest; further ones are counted", () => {
  const names = ["xCD4", "CD40", "cd4", "CD8", ...Array.from({ length: 300 }, (_, i) => `z-cd4-${i}`)];
  const { listed, more } = matching(names, (name) => name, " cd4 ", 100);
  expect(listed.slice(0, 4)).toEqual(["cd4", "CD40", "xCD4", "z-cd4-0"]);
  expect([listed.length, more]).toEqual([100, 203]);
  expect(matching(names, (name) => name, "", 2)).toEqual({ listed: ["xCD4", "CD40"], more: 302 });
});
