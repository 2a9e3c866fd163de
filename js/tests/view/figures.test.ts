import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mean } from "../../src/ui/drawer/figures";
import { duration, meanInWords, number, time, toWords } from "../../src/view/figures";
import type { Difference } from "../../src/wire/replies";
import type { Quantity } from "../../src/wire/traits";

interface Sample {
  of: string;
  scale: { quantity: Quantity; origin: string | null; least: number; most: number };
  written: [number, string][];
}

const samples: Sample[] = JSON.parse(readFileSync("../tests/protocol/written.json", "utf-8"));

test.each(samples)("values are written so that they can be told apart: $of", ({ scale, written }) => {
  const told = toWords(scale);
  for (const [value, text] of written) expect(told(value)).toBe(text);
  expect(told(Number.NaN)).toBe("missing");
});

const means: [number, number, number, string][] = JSON.parse(
  readFileSync("../tests/protocol/means.json", "utf-8"),
);

test.each(means)(
  "means are written to a hundredth of what colours span: %s of %s to %s",
  (value, low, high, text) => {
    expect(meanInWords(value, { low, high })).toBe(text);
  },
);

test("infinite and missing ones are named", () => {
  expect([number(Infinity), number(-Infinity), number(Number.NaN)]).toEqual(["∞", "-∞", "missing"]);
  expect(duration(Infinity)).toBe("∞");
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

test("means are told as what they are means of, and small ones are not called 0", () => {
  const of = (quantity: Quantity, low: number, high: number, origin: string | null = null) =>
    ({ quantity, low, high, origin }) as Difference;
  expect(mean(3.25e-12, of("number", 0, 1e-11))).toBe("3.25e-12");
  expect(mean(1.7e9 + 12.25, of("number", 1.7e9, 1.7e9 + 60))).toBe("1,700,000,012.25");
  expect(mean(273_600, of("duration", 0, 864_000))).toBe("3 d 4 h");
  expect(mean(86_400, of("moment", 0, 1e8, "1970-01-01"))).toBe("1970-01-02");
  expect(mean(1.4, of("number", 0, 2, "9007199254740993"))).toBe("9007199254740994");
  expect(mean(null, of("number", 0, 1))).toBe("–");
});
