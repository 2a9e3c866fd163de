// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { Distancing } from "../../../src/ui/drawer/distancing";
import { Legend } from "../../../src/ui/legend/Legend";
import { AxisControl } from "../../../src/ui/parts/AxisControl";
import { watchMeasure } from "../../../src/view/measuring";
import type { View } from "../../../src/view/view";
import { AXES, run, status } from "../../fakes/model";
import type { FakePython } from "../../fakes/python";
import { type Mounted, mountView } from "../../fakes/view";

const [, INIT] = AXES;

let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
let show: Mounted["show"];
let stop: () => void;

beforeEach(() => {
  ({ python, store, view, root, show } = mountView({
    _points: { n: 3, features: 0, note: "distances", doubt: "", weights: "", saved: true, known: "graph" },
    _axes: [{ ...INIT, offered: [{ value: "random", text: "random" }] }],
    _runs: [run(0, { init: "random" }), run(1, { init: "random", random_state: 1 })],
  }));
  stop = watchMeasure(view);
});

afterEach(() => {
  stop();
});

test("groups of unknown rows are not measured, and the tab says why", () => {
  const distancing = new Distancing(store);
  const leave = distancing.watch();
  expect(distancing.needed.value).toMatch(/X holds distances, not rows/);
  expect(python.asked).toEqual([]);
  leave();
});

test("an init that needs rows is not offered if only distances are known", async () => {
  await show(h(AxisControl, { store, axis: store.axes.value[0], applied: "random", run: null }));
  expect([...root.querySelectorAll("option")].map(({ value }) => value)).toEqual(["random"]);
});

test("if Python cannot compute distances to a point, the legend says why", async () => {
  await show(h(Legend, { view }));
  await act(() => {
    view.holding.value = true;
    view.hover.value = { panel: 0, index: 1, x: 0, y: 0 };
  });
  expect(python.asked).toEqual([{ name: "measure", measure: "stretch", runs: [], row: 1, view: 0 }]);
  await act(() => python.refuse("X is a graph of distances to some neighbours"));
  expect(root.textContent).toContain("X is a graph of distances to some neighbours");
});

test("all doubts about the maps are shown, each once", async () => {
  python.model.set("_runs", [0, 1, 2, 3].map((id) => run(id)) as never);
  await show(h(Legend, { view }));
  expect(root.querySelector(".tw-doubt")).toBeNull();
  const [doubt, other] = ["2 of 3 rows have no neighbours under jaccard", "1 row has none under cosine"];
  const runs = [doubt, "", doubt, other].map((doubt, run) => ({
    status: status({ run, doubt }),
    layout: null,
  }));
  await act(() => python.model.say({ type: "news", seq: 1, runs, placed: [] }));
  const told = [...root.querySelectorAll<HTMLElement>(".tw-doubt")];
  expect(told.map(({ textContent, title }) => [textContent, title])).toEqual([
    [doubt, doubt],
    [other, other],
  ]);
});

test("why the widget is not saved is told as long as it lasts", async () => {
  await show(h(Legend, { view }));
  const words = "autosave fails: maps.tsne cannot be written: [Errno 28] No space left on device";
  await act(() => python.model.set("_saving_problem", words as never));
  expect(root.querySelector(".tw-doubt")?.textContent).toBe(words);
  await act(() => python.model.set("_saving_problem", "" as never));
  expect(root.querySelector(".tw-doubt")).toBeNull();
});
