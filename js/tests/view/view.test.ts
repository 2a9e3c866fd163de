// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../src/store/store";
import { coloring, colorMode } from "../../src/view/coloring";
import { listenToKeys } from "../../src/view/keyboard";
import { watchMeasure, watchNeighbors } from "../../src/view/measuring";
import type { View } from "../../src/view/view";
import { rowsToWire } from "../../src/wire/bytes";
import { layoutOf, measured, news, run, threePoints } from "../fakes/model";
import type { FakePython } from "../fakes/python";
import { mountView } from "../fakes/view";

let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
let map: HTMLElement;
let button: HTMLElement;
let stop: (() => void)[];

beforeEach(() => {
  ({ python, store, view, root } = mountView({ _points: threePoints().traits._points }));
  map = root.appendChild(document.createElement("div"));
  map.className = "tw-map";
  button = root.appendChild(document.createElement("button"));
  stop = [watchMeasure(view), watchNeighbors(view), listenToKeys(view)];
});

afterEach(() => {
  for (const each of stop) each();
});

/** Presses a key; whether the widget took it. */
function key(name: string, keys: KeyboardEventInit = {}, target: HTMLElement = map): boolean {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...keys });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
const selected = () => [...store.selection.value];
const hover = (index: number | null) => {
  view.hover.value = index === null ? null : { panel: 0, index, x: 0, y: 0 };
};
const floats = (...values: number[]) => new DataView(Float32Array.from(values).buffer);
const reach = (row: number) => measured("stretch", { row, low: 1, high: 3, least: 0, most: 9 });
const neighborsOf = (row: number, positions: number[]) => ({
  ...{
    row,
    by_metric: [{ sentence: "near", runs: [0], positions, distances: [1, 2], kept: { "0": [true, true] } }],
  },
});
const asksReach = (row: number) => ({ name: "measure", measure: "stretch", runs: [], row, view: 0 });

test("keys select all, invert, undo and redo", () => {
  view.select(Int32Array.of(1));
  expect(key("i")).toBe(true);
  expect(selected()).toEqual([0, 2]);
  expect(key("a", { ctrlKey: true })).toBe(true);
  expect(selected()).toEqual([0, 1, 2]);
  key("z", { ctrlKey: true });
  key("z", { metaKey: true, shiftKey: true });
  key("y", { ctrlKey: true });
  expect(python.model.of("command").map(({ name }) => name)).toEqual(["undo", "redo", "redo"]);
  expect(key("c", { ctrlKey: true })).toBe(false);
});

test("keys switch between lasso, rectangle and pan, and zoom to the selection", () => {
  const zoomTo = vi.fn();
  view.scatter = { zoomTo } as unknown as View["scatter"];
  key("r");
  expect(view.mode.value).toBe("rectangle");
  key("r");
  expect(view.mode.value).toBe("pan");
  key("z");
  expect(zoomTo).not.toHaveBeenCalled();
  view.select(Int32Array.of(2));
  key("z");
  expect(zoomTo).toHaveBeenCalledWith(Int32Array.of(2));
});

test("on a button, letters and shortcuts are the view's, but the button's own keys are not", () => {
  expect(key("i", {}, button)).toBe(true);
  expect(selected()).toEqual([0, 1, 2]);
  expect(key("z", { ctrlKey: true }, button)).toBe(true);
  for (const name of [" ", "ArrowLeft", "-"]) expect(key(name, {}, button)).toBe(false);
});

test("what is typed is not a command", () => {
  const field = root.appendChild(document.createElement("input"));
  for (const name of ["i", "l", "d"]) expect(key(name, {}, field)).toBe(false);
  expect(key("a", { ctrlKey: true }, field)).toBe(false);
});

test("holding D works wherever the focus is while the pointer is on the map; elsewhere D is the notebook's", () => {
  expect(key("d", {}, document.body)).toBe(false);
  view.pointedAt.value = 0;
  expect(key("d", {}, document.body)).toBe(true);
  expect(view.holding.value).toBe(true);
  document.body.dispatchEvent(new KeyboardEvent("keyup", { key: "d", bubbles: true }));
  expect(view.holding.value).toBe(false);
});

test("while D is held, the points are coloured by the distance from the row under the pointer", async () => {
  hover(1);
  expect(python.asked).toEqual([]);
  key("d");
  expect(colorMode(view)).toBe("stretch");
  expect(python.asked).toEqual([asksReach(1)]);
  await python.answer<"measure">(reach(1), floats(9, 0, 2));
  expect([...coloring(view).codes]).toEqual([255, 0, 128]);
  view.holding.value = false;
  expect(colorMode(view)).toBe("labels");
  expect([...coloring(view).codes]).toEqual([0, 0, 0]);
});

test("however fast the pointer moves, one question is on its way, the newest next", async () => {
  key("d");
  for (const row of [0, 1, 2]) hover(row);
  expect(python.asked).toHaveLength(1);
  await python.answer<"measure">(reach(0), floats(0, 1, 2));
  expect(python.asked.at(-1)).toEqual(asksReach(2));
});

test("one selected row is joined to its neighbours, several are not", async () => {
  await python.select(2);
  expect(python.asked).toEqual([{ name: "neighbors", row: 2, k: 2 }]);
  await python.answer<"neighbors">(neighborsOf(2, [0, 1]));
  expect(view.neighbors.answer.value?.result).toEqual(neighborsOf(2, [0, 1]));
  await python.select(1, 2);
  expect(view.neighbors.answer.value).toBeNull();
  view.joining.value = false;
  await python.select(1);
  expect(python.asked).toHaveLength(1);
});

test("how many neighbours a map keeps is asked again when it comes to rest, not while it moves", async () => {
  const layout = layoutOf(0, 0, 1, 1, 2, 2);
  python.model.say(news(1, { iteration: 10, playing: false }), layout);
  await python.select(0);
  const reply = neighborsOf(0, [1, 2]);
  await python.answer<"neighbors">(reply);
  python.model.say(news(2, { iteration: 20, playing: true }), layout);
  await python.answer<"neighbors">(reply);
  const moving = python.asked.length;
  for (const i of [3, 4, 5]) python.model.say(news(i, { iteration: 10 * i, playing: true }), layout);
  expect(python.asked).toHaveLength(moving);
  python.model.say(news(6, { iteration: 60, playing: false }), layout);
  expect(python.asked).toHaveLength(moving + 1);
});

test("neighbours are asked again when the parameters of a map change, for its metric may be another", async () => {
  await python.select(2);
  await python.answer<"neighbors">(neighborsOf(2, [0, 1]));
  const asked = python.asked.length;
  python.model.set("_runs", [run(0, { metric: "cosine" })] as never);
  expect(python.asked).toHaveLength(asked + 1);
});

test("later groups colour over earlier ones, and rows in no group are grey", () => {
  const rows = (...values: number[]) => rowsToWire(Int32Array.from(values));
  python.model.set("_groups", [
    { name: "a", color: "#ff0000", rows: rows(0, 1) },
    { name: "b", color: "#00ff00", rows: rows(1) },
  ] as never);
  python.model.set("_color", { mode: "groups", column: null, kinds: [], transforms: [] } as never);
  const { codes, palette } = coloring(view);
  expect([...codes]).toEqual([0, 1, 2]);
  expect([...palette.slice(0, 6)]).toEqual([255, 0, 0, 0, 255, 0]);
});
