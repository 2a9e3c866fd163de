// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import { coloring, colorMode, measuredShown, offered, valueInWords, valueOn } from "../../src/view/coloring";
import { watchMeasure, watchNeighbors } from "../../src/view/measuring";
import { View } from "../../src/view/view";
import type { Query } from "../../src/wire/protocol";
import type { MeasureTrait } from "../../src/wire/traits";
import { type FakeModel, layoutOf, MEASURES, measured, news, run, threePoints } from "../fakes/model";

const LAYOUT = layoutOf(0, 1, 2, 3, 4, 5);
let model: FakeModel;
let store: Store;
let view: View;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  model = threePoints();
  store = new Store(model.asModel());
  model.set("_runs", [0, 1, 2].map((id) => run(id, { perplexity: 5 + id })) as never);
  tell(1, 10, false);
  view = new View(store, document.createElement("div"));
  stop = watchMeasure(view);
});

afterEach(() => {
  stop();
  store.destroy();
  vi.useRealTimers();
});

function tell(seq: number, iteration: number, playing: boolean, stage = "optimising"): void {
  const told = [0, 1, 2].map((id) => ({ run: id, iteration, playing, stage }));
  model.say(news(seq, ...told), LAYOUT, LAYOUT, LAYOUT);
}

function colorBy(mode: string): void {
  model.set("_color", { mode, column: null, kinds: [], transforms: [] } as never);
}

function asked(): Query[] {
  return model.of("query").map(({ query }) => query);
}

/** Answers the question that was asked last, in each or all of its maps. */
async function answer(name: string, values: number[][], changes = {}): Promise<void> {
  const { id, client } = model.of("query").at(-1) as { id: number; client: string };
  const buffers = values.map((one) => layoutOf(...one));
  model.say({ type: "reply", client, id, error: null, result: measured(name, changes) }, ...buffers);
  await vi.advanceTimersByTimeAsync(0);
}

async function refuse(error: string): Promise<void> {
  const { id, client } = model.of("query").at(-1) as { id: number; client: string };
  model.say({ type: "reply", client, id, error, result: null });
  await vi.advanceTimersByTimeAsync(0);
}

const question = (measure: string, runs: number[] = [], row: number | null = null) => ({
  ...{ name: "measure", measure, runs, row, view: 0 },
});

test("maps at rest are measured once, when the points are coloured by it", async () => {
  expect(asked()).toEqual([]);
  colorBy("agreement");
  await answer("agreement", [[0, 0.5, 1]], { runs: [0, 1, 2] });
  vi.advanceTimersByTime(20_000);
  expect(asked()).toEqual([question("agreement", [0, 1, 2])]);
  expect([...coloring(view).codes]).toEqual([0, 128, 255]);
});

test.each(["agreement", "fit"])("moving maps are measured repeatedly by %s", async (name) => {
  const runs = [0, 1, 2];
  const values = name === "fit" ? runs.map(() => [0, 0, 0]) : [[0, 0, 0]];
  colorBy(name);
  await answer(name, values, { runs });
  tell(2, 20, true);
  await answer(name, values, { runs });
  for (let i = 0; i < 2; i++) {
    vi.advanceTimersByTime(2100);
    await answer(name, values, { runs });
  }
  expect(asked()).toHaveLength(4);
  // And once more where they come to rest.
  tell(3, 90, false);
  await answer(name, values, { runs });
  vi.advanceTimersByTime(20_000);
  expect(asked()).toHaveLength(5);
});

test("an unanswered question is not asked a second time", () => {
  colorBy("agreement");
  tell(2, 20, true);
  vi.advanceTimersByTime(20_000);
  expect(asked()).toHaveLength(1);
});

test("another measure does not wait for the previous one, whose answer is kept", async () => {
  colorBy("agreement");
  colorBy("crowd");
  expect(asked()).toEqual([question("agreement", [0, 1, 2]), question("crowd")]);
  await answer("crowd", [[0, 1, 1]]);
  colorBy("labels");
  colorBy("crowd");
  expect(asked()).toHaveLength(2);
  expect([...coloring(view).codes]).toEqual([0, 255, 255]);
});

test("each view of a tab asks for itself, so that no question replaces that of another view", async () => {
  const leave = watchMeasure(new View(store, document.createElement("div")));
  colorBy("crowd");
  expect(asked()).toEqual([question("crowd"), { ...question("crowd"), view: 1 }]);
  leave();
});

test("the two maps of a morph are measured once, however far it goes", async () => {
  view.enlarge(1);
  colorBy("agreement");
  await answer("agreement", [[0, 0, 0]], { runs: [0, 1, 2] });
  view.morph.value = { other: 2, t: 0, marked: false };
  expect(measuredShown(view)).toBeNull(); // that was of others
  for (let t = 0; t <= 1; t += 0.01) view.morph.value = { other: 2, t, marked: false };
  expect(asked()).toEqual([question("agreement", [0, 1, 2]), question("agreement", [1, 2])]);
});

test("each map is coloured by its own numbers, and a map without any is grey", async () => {
  colorBy("fit");
  expect(asked()).toEqual([question("fit", [0, 1, 2])]);
  await answer(
    "fit",
    [
      [0, 1, 0.5],
      [1, 0, Number.NaN],
    ],
    { runs: [0, 2] },
  );
  const { codes, own } = coloring(view);
  expect([...(own?.get(0) ?? [])]).toEqual([0, 255, 128]);
  expect([...(own?.get(2) ?? [])]).toEqual([255, 0, 256]);
  expect([own?.has(1), ...codes]).toEqual([false, 256, 256, 256]);
  const shown = measuredShown(view);
  expect(shown && [valueOn(shown, 0, 1), valueOn(shown, 2, 1), valueOn(shown, 1, 1)]).toEqual([
    [1],
    [0],
    undefined,
  ]);
});

test("two numbers of a row mix two colours, each map by its own", async () => {
  colorBy("faults");
  const [lost, wrong] = [
    [0, 1, 0.5],
    [0, 0, Number.NaN],
  ];
  await answer("faults", [lost, wrong, wrong, lost], { runs: [0, 2], parts: 2 });
  const { own, palette } = coloring(view);
  expect([...(own?.get(0) ?? [])]).toEqual([0, 15, 256]);
  expect([...(own?.get(2) ?? [])]).toEqual([0, 240, 256]);
  const color = (code: number) => [...palette.subarray(3 * code, 3 * code + 3)];
  expect(new Set([0, 15, 240, 255, 256].map((code) => color(code).join())).size).toBe(5);
  const shown = measuredShown(view);
  expect(shown && valueOn(shown, 2, 1)).toEqual([0, 1]);
  expect(shown && valueInWords([0, 1], shown)).toBe("lost 0, wrong 1");
});

test("equal ratios are equal steps of colour, and what is infinite is at an end", async () => {
  colorBy("strain");
  const values = [1, 10, Number.POSITIVE_INFINITY];
  await answer("strain", [values], { runs: [0], low: 1, high: 100, least: 1, most: 100 });
  expect([...(coloring(view).own?.get(0) ?? [])]).toEqual([0, 128, 255]);
});

test("lines join the row under the pointer to its neighbours, while a measure says so", async () => {
  const leave = watchNeighbors(view);
  const neighbors = () => asked().filter(({ name }) => name === "neighbors");
  const point = (index: number) => (view.hover.value = { panel: 0, index, x: 0, y: 0 });
  store.select(Int32Array.of(0, 2));
  point(1);
  expect(neighbors()).toEqual([]);
  colorBy("strain");
  expect(neighbors()).toEqual([{ name: "neighbors", row: 1, k: 2 }]);
  const { id, client } = model.of("query").at(-1) as { id: number; client: string };
  model.say({ type: "reply", client, id, error: null, result: { row: 1, by_metric: [] } });
  await vi.advanceTimersByTimeAsync(0);
  expect(view.neighbors.answer.value?.result.row).toBe(1);
  view.hover.value = null;
  expect(view.neighbors.answer.value).toBeNull();
  store.select(Int32Array.of(2));
  expect(neighbors().at(-1)).toEqual({ name: "neighbors", row: 2, k: 2 });
  view.joining.value = false;
  point(1);
  expect(neighbors()).toHaveLength(2);
  leave();
});

test("a measure of the data is asked for until it is known", async () => {
  colorBy("crowd");
  await refuse("the neighbours have not been searched yet");
  expect(view.measurements.of("crowd").latest.error.value).toContain("not been searched");
  tell(2, 10, true, "perplexity");
  await answer("crowd", [[0, 0.5, 1]]);
  const { codes, palette } = coloring(view);
  expect([...codes]).toEqual([0, 128, 255]);
  const brightness = (code: number) => palette[3 * code] + palette[3 * code + 1] + palette[3 * code + 2];
  expect(brightness(0)).toBeGreaterThan(brightness(255)); // the low end is the bright one
  tell(3, 20, true, "settling");
  vi.advanceTimersByTime(20_000);
  expect(asked()).toHaveLength(2);
});

test("a map that went from pause to pause has been prepared, though nobody heard of the stages between", async () => {
  tell(2, 0, false, "paused");
  colorBy("crowd");
  await refuse("the neighbours have not been searched yet");
  tell(3, 1, false, "paused");
  await answer("crowd", [[0, 0.5, 1]]);
  expect(asked()).toHaveLength(2);
  tell(4, 2, false, "paused");
  expect(asked()).toHaveLength(2);
});

test("another reference may have other data, and so may the same one with other values", async () => {
  colorBy("crowd");
  await answer("crowd", [[0, 0.5, 1]]);
  store.alignTo(2);
  expect(asked()).toHaveLength(2);
  await answer("crowd", [[0, 0.5, 1]]);
  model.set("_runs", [0, 1, 2].map((id) => run(id, { perplexity: 7 + id })) as never);
  expect(asked()).toHaveLength(3);
  await refuse("the neighbours have not been searched yet"); // those in another metric
  tell(2, 10, true, "perplexity");
  expect(asked()).toHaveLength(4);
  await answer("crowd", [[1, 0.5, 1]]);
  tell(3, 20, true, "settling");
  expect(asked()).toHaveLength(4);
});

test("after another measure of the data the first is asked again if the reference has changed meanwhile", async () => {
  const twin = { ...(MEASURES.find(({ name }) => name === "crowd") as MeasureTrait), name: "twin" };
  model.set("_measures", [...MEASURES, twin] as never);
  const values = [[0, 0.5, 1]];
  colorBy("crowd");
  await answer("crowd", values);
  colorBy("twin");
  await answer("twin", values);
  store.alignTo(2);
  await answer("twin", values);
  colorBy("crowd");
  expect(asked()).toEqual(["crowd", "twin", "twin", "crowd"].map((name) => question(name)));
  await answer("crowd", values);
  colorBy("twin");
  expect(asked()).toHaveLength(4);
});

test("a measure from a row uses the selected row until the pointer is on another", async () => {
  colorBy("stretch");
  expect(asked()).toEqual([]);
  store.select(Int32Array.of(2));
  await answer("stretch", [[0, 1, 2]], { row: 2 });
  view.hover.value = { panel: 0, index: 1, x: 0, y: 0 };
  await answer("stretch", [[0, 1, 2]], { row: 1 });
  store.alignTo(1); // whose data may be others
  expect(asked()).toEqual([2, 1, 1].map((row) => question("stretch", [], row)));
});

test("a measure over maps is neither offered nor shown for a single map", () => {
  expect(offered(view)).toEqual(MEASURES);
  model.set("_runs", [run(0)] as never);
  expect(offered(view).map(({ name }) => name)).toEqual(["fit", "crowd", "stretch", "faults", "strain"]);
  colorBy("agreement");
  expect(colorMode(view)).toBe("labels");
});

test("an unknown measure colours nothing", () => {
  model.set("_measures", [] as never);
  for (const mode of ["crowd", "stretch"]) {
    colorBy(mode);
    expect(colorMode(view)).toBe("labels");
  }
  view.holding.value = true;
  expect(colorMode(view)).toBe("labels");
  expect(asked()).toEqual([]);
});
