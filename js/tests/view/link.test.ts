/** Links of a saved page to itself. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fragmentOf, readFragment } from "../../src/view/link";

const N = 100;
const linked = (rows: number[], ...views: ({ x: number; y: number; zoom: number } | null)[]) => ({
  rows: Int32Array.from(rows),
  views: views.length > 0 ? views : [null],
});

describe("a link", () => {
  it("writes rows in a row as a range, and no view that follows its map", () => {
    expect(fragmentOf(linked([3, 17, 20, 21, 22]))).toBe("rows=3,17,20-22");
    expect(fragmentOf(linked([], { x: 1.5, y: -2, zoom: 4 }))).toBe("view=1.5,-2,4");
    expect(fragmentOf(linked([0], null, { x: 0, y: 1 / 3, zoom: 10 }, null))).toBe(
      "rows=0&view=/0,0.333333,10/",
    );
    expect(fragmentOf(linked([]))).toBe("");
  });

  it("is read as it was written", () => {
    const place = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const camera = fc.record({ x: place, y: place, zoom: fc.double({ min: 0.01, max: 1e4, noNaN: true }) });
    const rows = fc.uniqueArray(fc.nat(N - 1), { minLength: 1 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(rows, fc.array(fc.option(camera), { minLength: 3, maxLength: 3 }), (rows, views) => {
        const read = readFragment(fragmentOf({ rows: Int32Array.from(rows), views }), N, 3);
        expect([...read.rows]).toEqual(rows);
        if (views.every((view) => view === null)) expect(read.views).toEqual([null]);
        else
          read.views.forEach((view, i) => {
            expect(view === null).toBe(views[i] === null);
            for (const name of ["x", "y", "zoom"] as const)
              expect(view?.[name] ?? 0).toBeCloseTo(Number((views[i]?.[name] ?? 0).toPrecision(6)), 9);
          });
      }),
    );
  });

  it("that would be too long is refused, with the number of rows", () => {
    const scattered = Array.from({ length: 5000 }, (_, i) => 2 * i);
    expect(() => fragmentOf(linked(scattered))).toThrow("cannot hold 5,000 rows");
  });

  it.each([
    ["rows=3&cell=7", "none of this page's"],
    ["top", "none of this page's"],
    ["rows=99-100", "it names row 100, and there are 100"],
    ["rows=7-3", '"7-3" is no row'],
    ["rows=1;2", '"1;2" is no row'],
    ["rows=1e3", "is no row"],
    ["rows=-1", "is no row"],
    ["view=1,2", '"1,2" is no place'],
    ["view=1,2,0", "is no place"],
    ["view=1,2,Infinity", "is no place"],
    ["view=1,,3", "is no place"],
    ["view=1,2,3,4", "is no place"],
    ["view=1,2,3/1,2,3/", "it is of 3 maps"],
    [`view=${"7".repeat(99)}z`, "7777…"],
  ])("%s is refused", (fragment, why) => {
    expect(() => readFragment(fragment, N, 2)).toThrow(why);
  });
});
