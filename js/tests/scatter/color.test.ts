import { expect, it } from "vitest";
import { hexToRgb } from "../../src/scatter";

it("reads #rrggbb in either case and refuses anything else", () => {
  expect(hexToRgb("#0a80FF")).toEqual([10, 128, 255]);
  for (const wrong of ["0a80ff", "#fff", "#12345g", "red", "", "#0a80ff80"]) {
    expect(() => hexToRgb(wrong)).toThrow(`hex is "${wrong}"`);
  }
});
