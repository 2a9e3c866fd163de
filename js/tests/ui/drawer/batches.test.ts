// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Store } from "../../../src/store/store";
import { BATCH, Batches, defaultColumns } from "../../../src/ui/drawer/batches";
import type { ColumnTrait } from "../../../src/wire/traits";
import { filtering } from "../../fakes/model";
import { FakePython } from "../../fakes/python";

let python: FakePython;
let store: Store;
let batches: Batches;
let stop: () => void;
const all = Array.from({ length: 120 }, (_, i) => i);

beforeEach(async () => {
  python = new FakePython();
  store = new Store(python.model.asModel());
  await python.select(...all);
  batches = new Batches(store);
  stop = batches.watch();
  await python.answerBatches();
});

afterEach(() => {
  stop();
  store.destroy();
});

const last = () => python.asked.at(-1);

test("the drawer asks for at most one batch", async () => {
  for (const offset of [BATCH, 2 * BATCH, 0]) {
    batches.go(offset);
    await python.answerBatches();
    expect(last()).toMatchObject({ name: "rows", rows: null, offset, limit: BATCH });
  }
  batches.go(9999);
  expect(last()).toMatchObject({ offset: 100 });
});

test("a column sorts up, then down, then not at all, each from the first batch", () => {
  batches.go(BATCH);
  const sorts = [1, 2, 3].map(() => {
    batches.turn("width");
    return batches.sort.value;
  });
  expect(sorts).toEqual([
    { column: "width", descending: false },
    { column: "width", descending: true },
    null,
  ]);
  expect(batches.offset.value).toBe(0);
});

test("a column that is sorted from a later batch is asked for once", async () => {
  batches.go(BATCH);
  await python.answerBatches();
  const before = python.asked.length;
  batches.turn("width");
  await python.answerBatches();
  expect(python.asked.slice(before)).toMatchObject([{ offset: 0, sort: { column: "width" } }]);
});

test("another selection is shown from its first batch, in the order that was chosen", async () => {
  batches.turn("height");
  batches.go(BATCH);
  await python.answerBatches();
  await python.select(...all.slice(20));
  await python.answerBatches();
  expect(last()).toMatchObject({ offset: 0, sort: { column: "height", descending: false } });
  expect(batches.latest.answer.value?.result.total).toBe(100);
});

test("a batch of an outdated selection is never shown", async () => {
  await python.select(1, 2, 3);
  const query = last();
  if (query?.name !== "rows") throw new Error();
  await python.answer({ ...python.batch(query), positions: [4, 5, 6] });
  expect(batches.latest.answer.value?.result.positions).not.toEqual([4, 5, 6]);
  await python.answerBatches();
  expect(batches.latest.answer.value?.result.positions).toEqual([1, 2, 3]);
});

test("without a selection there are all rows, batch by batch; with a filter those that pass it", async () => {
  await python.select();
  await python.answerBatches();
  expect(batches.latest.answer.value?.result).toMatchObject({ total: 120, positions: all.slice(0, BATCH) });
  batches.go(BATCH);
  expect(last()).toMatchObject({ rows: null, offset: BATCH });
  await python.answerBatches();
  await act(() => python.model.set("_filter", filtering([7, 9, 119]) as never));
  expect([batches.offset.value, batches.called.value]).toEqual([0, "Rows that pass the filter"]);
  await python.answerBatches();
  expect(batches.latest.answer.value?.result.positions).toEqual([7, 9, 119]);
});

test("other columns come before the map's features, twelve columns at most", () => {
  const column = (name: string, feature: boolean): ColumnTrait => ({ name, type: "number", feature });
  const features = Array.from({ length: 500 }, (_, i) => column(`x${i}`, true));
  const columns = defaultColumns([...features, column("note", false), column("city", false)]);
  expect([columns.slice(0, 3), columns.length]).toEqual([["note", "city", "x0"], 12]);
});

test("a chosen column that no longer exists is not asked for", async () => {
  batches.choose(["width", "species"]);
  await python.answerBatches();
  python.model.set("_columns", [{ name: "width", type: "number", feature: true }] as never);
  await python.answerBatches();
  expect(last()).toMatchObject({ columns: ["width"] });
});
