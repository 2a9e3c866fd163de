import { expect, test } from "vitest";
import { fitted, fittedName } from "../../src/scatter/lettering";

const measure = (text: string) => text.length;

test("a text is cut at its end, a name in its middle, so that names that begin alike differ", () => {
  const [adult, young] = ["short-haired cat, adult", "short-haired cat, young"];
  expect(fitted(adult, 15, measure)).toBe("short-haired c…");
  expect([adult, young].map((name) => fittedName(name, 15, measure))).toEqual([
    "short-hai…adult",
    "short-hai…young",
  ]);
  for (const cut of [fitted, fittedName]) {
    expect(cut(adult, 23, measure)).toBe(adult);
    expect(cut("two\nlines", 20, measure)).toBe("two lines");
    expect(cut(adult, 2, measure).length).toBe(2);
  }
});
