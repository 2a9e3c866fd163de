// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { type Saved, SavedModel } from "../../src/store/saved";
import { Store } from "../../src/store/store";
import { floats, positionsOf, rowsFromWire } from "../../src/wire/bytes";
import { measured, threePoints } from "../fakes/model";

const base64 = (bytes: number[]) => ({ base64: btoa(String.fromCharCode(...bytes)) });

const keyframe = (run: number, iteration: number, x: number) => ({
  ...{ run, epoch: 0, iteration, perplexity: 30, words: {}, offset: [0, 0], scale: 1, gaps: false },
  points: base64([x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
});

function savedPage(
  changes: Record<string, unknown> = {},
  measured: unknown = null,
  placing: unknown = null,
): SavedModel {
  const saved: Saved = {
    traits: { ...threePoints().traits, selection: base64([]), ...changes },
    columns: [
      { name: "size", type: "number", feature: false, values: [10, null, 9], ranks: null },
      { name: "note", type: "text", feature: false, values: ["Ants", "ANTEATER", "bees"], ranks: [1, 0, 2] },
    ],
    keyframes: [
      { run: 0, frames: [keyframe(0, 0, 1), keyframe(0, 5, 2)] },
      { run: 1, frames: [keyframe(1, 3, 3)] },
    ],
    measured,
    images: null,
    density: null,
    placing,
  };
  return new SavedModel(saved);
}

const rows = { name: "rows", rows: [0, 1, 2], sort: null, offset: 0, limit: 9, columns: ["size"] } as const;
const ask = (model: SavedModel) => new Store(model.asModel(), "saved");
const query = (changes: object = {}) => ({
  ...rows,
  rows: [...rows.rows],
  columns: [...rows.columns],
  ...changes,
});

test("bytes are decoded at any depth", () => {
  const model = savedPage({ _snapshot: [{ points: base64([1, 0, 2, 0]) }], selection: base64([2, 0, 0, 0]) });
  const [{ points }] = model.get("_snapshot") as [{ points: DataView }];
  expect([points.getUint16(0, true), points.getUint16(2, true)]).toEqual([1, 2]);
  expect([...rowsFromWire(model.get("selection") as DataView)]).toEqual([2]);
});

test("a batch of rows shows the saved columns", async () => {
  const { result } = await ask(savedPage()).ask(
    query({ offset: 1, limit: 1, columns: ["size", "note", "other"] }),
  );
  expect([result.total, result.positions]).toEqual([3, [1]]);
  expect(result.columns.map(({ name, values }) => [name, values])).toEqual([
    ["size", [null]],
    ["note", ["ANTEATER"]],
  ]);
});

test("rows are sorted by numbers as numbers, missing ones last either way", async () => {
  const store = ask(savedPage());
  const sorted = async (descending: boolean) =>
    (await store.ask(query({ sort: { column: "size", descending } }))).result.positions;
  expect([await sorted(false), await sorted(true)]).toEqual([
    [2, 0, 1],
    [0, 2, 1],
  ]);
});

test("rows are sorted by ranks if a column holds no numbers", async () => {
  const { result } = await ask(savedPage()).ask(query({ sort: { column: "note", descending: false } }));
  expect(result.positions).toEqual([1, 0, 2]);
});

test("the filter that was saved stands, its rows are listed without a selection, and it can be cleared", async () => {
  const store = ask(savedPage({ _filter: { any: false, conditions: [], count: 2, bits: base64([0b101]) } }));
  const listed = async () => (await store.ask(query({ rows: null }))).result.positions;
  expect([[...(store.filter.value?.rows ?? [])], await listed()]).toEqual([
    [0, 2],
    [0, 2],
  ]);
  store.clearFilter();
  expect([store.filter.value, await listed()]).toEqual([null, [0, 1, 2]]);
});

test("the selection stays in the page, and its rows are listed", async () => {
  const store = ask(savedPage());
  store.select(Int32Array.of(2));
  const { result } = await store.ask(query({ rows: null }));
  expect([[...store.selection.value], result.positions]).toEqual([[2], [2]]);
});

test("texts are found in the saved columns, ignoring case", async () => {
  const { result, buffers } = await ask(savedPage()).ask({ name: "find", text: "ant", column: null });
  expect([result, [...rowsFromWire(buffers[0])]]).toEqual([
    { count: 2, searched: ["note"], hits: expect.anything() },
    [0, 1],
  ]);
  expect(result.hits.map(({ row, column }) => [row, column])).toEqual([
    [0, "note"],
    [1, "note"],
  ]);
});

test("what Python would have to compute is refused, and the page never counts as live", async () => {
  const store = ask(savedPage());
  await expect(store.ask({ name: "contrast", against: null, limit: 5, view: 0 })).rejects.toThrow(
    "needs Python; a saved page has none",
  );
  expect([store.connection.value, store.reachable.value, store.tellsRows.value]).toEqual([
    "saved",
    false,
    true,
  ]);
});

test("the page answers for its saved measure, maps and row", async () => {
  const values = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64];
  const fit = measured("fit", { runs: [0, 1] });
  const store = ask(savedPage({}, { result: fit, buffers: [base64(values), base64(values)] }));
  const query = { name: "measure", measure: "fit", runs: [1, 0], row: null, view: 0 } as const;
  const { result, buffers } = await store.ask({ ...query, runs: [1, 0] });
  expect([result, buffers.map((one) => [...floats(one, 3)])]).toEqual([fit, [0, 1].map(() => [0, 1, 2])]);
  const others = [{ measure: "crowd" }, { row: 2 }, { runs: [0] }];
  for (const other of others) {
    await expect(store.ask({ ...query, runs: [1, 0], ...other })).rejects.toThrow("needs Python");
  }
});

test("the history shows the newest keyframe of each map that is not later", async () => {
  const store = ask(savedPage());
  expect((await store.ask({ name: "keyframes" })).result.iterations).toEqual([0, 3, 5]);
  const { result, buffers } = await store.ask({ name: "keyframes_at", iteration: 4 });
  expect(result.runs.map(({ run, iteration }) => [run, iteration])).toEqual([
    [0, 0],
    [1, 3],
  ]);
  expect(buffers.map((points, i) => positionsOf({ ...result.runs[i], points }, 3)[0])).toEqual([1, 3]);
});
