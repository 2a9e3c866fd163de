/** Rows as people paste them from files and spreadsheets, and what is wrong with them in words. */
import { expect, test } from "vitest";
import { readRows } from "../../src/place/rows";

const FEATURES = ["petal, width", "height"];
const read = (text: string, label: string | null = null) => readRows(text, FEATURES, label);
const numbers = (text: string) => [...read(text).numbers];

test.each([
  ["commas", "1,2\n3,4"],
  ["semicolons", "1;2\n3;4"],
  ["tabs, as a spreadsheet copies", "1\t2\r\n3\t4\r\n"],
  ["blank lines at the end", "1,2\n3,4\n\n \n"],
  ["spaces and signs", " +1 , 2.0\n3e0,.4E1"],
  ["names in order", '"petal, width",height\n1,2\n3,4'],
  ["names in another order", 'height,"petal, width"\n2,1\n4,3'],
  ["names with tabs, without quotes", "petal, width\theight\n1\t2\n3\t4"],
  ["quotes around all cells", '"petal, width","height"\r\n"1","2"\r\n"3","4"'],
])("rows are read: %s", (_, text) => {
  expect(numbers(text)).toEqual([1, 2, 3, 4]);
});

test("names that are numbers are names if they are those of the features", () => {
  expect([...readRows("1,0\n5,6", ["0", "1"], null).numbers]).toEqual([6, 5]);
  expect([...readRows("1,2\n5,6", ["0", "1"], null).numbers]).toEqual([1, 2, 5, 6]);
});

test("a single feature needs no delimiter", () => {
  expect([...readRows("x\n1\n2\n", ["x"], null).numbers]).toEqual([1, 2]);
  expect(() => readRows("x\n1\n\n2", ["x"], null)).toThrow('row 1, column "x" is empty');
});

test("labels and an index come along, and other columns are told", () => {
  const text = ',kind,"petal, width",extra,height\nr7,a,1,q,2\nr8,,3,"w\nw",4\n';
  const rows = read(text, "kind");
  expect(rows).toMatchObject({ count: 2, names: ["r7", "r8"], labels: ["a", null], unused: ["extra"] });
  expect([...rows.numbers]).toEqual([1, 2, 3, 4]);
  expect(read(text)).toMatchObject({ labels: null, unused: ["kind", "extra"] });
});

test("a feature that also colours is no label", () => {
  expect(read('"petal, width",height\n1,2', "height")).toMatchObject({ labels: null, unused: [] });
});

test.each([
  ["", "there are no rows"],
  ["\n\n", "there are no rows"],
  ['"petal, width",height', "there are names of columns, and no rows"],
  ["height,other\n1,2", 'columns are missing: "petal, width"'],
  ["a,b\n1,2", 'columns are missing: "petal, width", "height"'],
  ['height,"petal, width",height\n1,2,3', 'the column "height" is there twice'],
  ["1,2,3\n4,5,6", "3 cells in a row: without names of columns it must be 2"],
  ["1,2\n3", "row 1 has 1 cell: the first line has 2"],
  ["1,2\n\n3,4", "row 1 has 1 cell: the first line has 2"],
  ["1,2\n3,abc", 'row 1, column "height": "abc" is not a number'],
  ["1,2\n3,nan", 'row 1, column "height": "nan" is not a number'],
  ["1,2\n3,1e999", 'row 1, column "height": "1e999" is not a number'],
  ["1,2\n3,0x10", 'row 1, column "height": "0x10" is not a number'],
  ["1,2\n,4", 'row 1, column "petal, width" is empty'],
  ["1;2\n3;1,5", 'row 1, column "height": "1,5" is not a number: write it with a decimal point'],
])("what is wrong is said: %j", (text, error) => {
  expect(() => read(text)).toThrow(error);
});

test("many missing columns are counted", () => {
  const features = Array.from({ length: 30 }, (_, i) => `gene ${i}`);
  expect(() => readRows("gene 3,b\n1,2", features, null)).toThrow('"gene 8" and 21 more');
});
