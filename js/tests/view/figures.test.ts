import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { duration, meanInWords, number, time, toWords } from "../../src/view/figures";
import type { Quantity } from "../../src/wire/traits";

interface Sample {
  of: string;
  scale: { quantity: Quantity; origin: string | null; least: number; most: number };
  written: [number, string][];
}

const { values, means }: { values: Sample[]; means: [number, number, number, string][] } = JSON.parse(
  readFileSync("../tests/protocol/written.json", "utf-8"),
);

test.each(values)("values are written so that they can be told apart: $of", ({ scale, written }) => {
  const told = toWords(scale);
  for (const [value, text] of written) expect(told(value)).toBe(text);
  expect(told(Number.NaN)).toBe("missing");
});

test.each(means)(
  "means are written to a hundredth of what colours span: %s of %s to %s",
  (value, low, high, text) => {
    expect(meanInWords(value, { low, high })).toBe(text);
  },
);

test("infinite and missing values are named", () => {
  expect([number(Infinity), number(-Infinity), number(Number.NaN)]).toEqual(["∞", "-∞", "missing"]);
  expect(duration(Infinity)).toBe("∞");
});

test("times are as precise as their range requires", () => {
  const origin = "2024-05-06T07:08:09";
  expect(time(0, origin, 10 * 86_400)).toBe("2024-05-06");
  expect(time(60, origin, 3600)).toBe("2024-05-06 07:09");
  expect(time(1.5, origin, 10)).toBe("07:08:10.500");
  expect(time(60, "2024-05-06T07:08:09+02:00", 3600)).toBe("2024-05-06 07:09");
  expect(time(86_400, "2024-05-06", 1e6)).toBe("2024-05-07");
  expect(time(Number.NaN, origin, 10)).toBe("missing");
});
