// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import { Details } from "../../src/view/details";
import { FakePython } from "../fakes/python";

let python: FakePython;
let store: Store;
let details: Details;

beforeEach(() => {
  vi.useFakeTimers();
  python = new FakePython();
  python.model.traits.tooltip_columns = ["species", "width"];
  store = new Store(python.model.asModel());
  details = new Details(store);
});

afterEach(() => {
  details.dispose();
  store.destroy();
  vi.useRealTimers();
});

async function rest(row: number): Promise<void> {
  details.point(row);
  vi.advanceTimersByTime(100);
  await python.answerBatches();
}

test("once the pointer rests on a row, its index and the chosen columns are shown", async () => {
  details.point(7);
  expect(python.asked).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(python.asked).toMatchObject([{ name: "rows", rows: [7], columns: ["species", "width"] }]);
  await python.answerBatches();
  expect(details.known.value.get(7)).toMatchObject({
    index: "id 7",
    values: [
      ["species", "species 7"],
      ["width", "1.75"],
    ],
    picture: null,
  });
});

test("rows that the pointer only passes are not asked for", () => {
  for (let row = 0; row < 100; row++) {
    details.point(row);
    vi.advanceTimersByTime(10);
  }
  details.point(null);
  vi.advanceTimersByTime(1000);
  expect(python.asked).toEqual([]);
});

test("a known row is asked for again only when the columns change", async () => {
  await rest(7);
  await rest(8);
  await rest(7);
  expect(python.asked).toHaveLength(2);
  store.setTooltip(["height"]);
  expect(details.known.value.size).toBe(0);
  await python.answerBatches();
  expect(details.known.value.get(7)?.values).toEqual([["height", "1.75"]]);
});

test("nothing is asked if there is nothing to show", async () => {
  python.model.set("_rows", { index: null, image: false } as never);
  store.setTooltip([]);
  await rest(7);
  expect(python.asked).toEqual([]);
});
