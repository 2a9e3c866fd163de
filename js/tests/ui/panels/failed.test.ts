// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../../src/store/store";
import { Undrawable, Waiting } from "../../../src/ui/panels/Waiting";
import { described, spoken } from "../../../src/view/described";
import { KEYS } from "../../../src/view/keys";
import type { View } from "../../../src/view/view";
import { rowsToWire } from "../../../src/wire/bytes";
import type { Kind } from "../../../src/wire/news";
import { layoutOf, news, run, status, threePoints } from "../../fakes/model";
import type { FakePython } from "../../fakes/python";
import { type Mounted, mountView } from "../../fakes/view";

let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
let show: Mounted["show"];
let seq = 0;

beforeEach(() => {
  ({ python, store, view, root, show } = mountView({ _points: threePoints().traits._points }));
  store.addView({});
});

const buttons = () => [...root.querySelectorAll("button")].map(({ textContent }) => textContent);
const commands = () => python.model.of("command").map(({ name }) => name);
const showMap = () => show(h(Waiting, { view, map: store.maps.value[0] }));
const fail = (reason: string) => {
  const told = status({ kind: "failed", stage: "failed", reason, playing: false });
  python.model.say({ type: "news", seq: ++seq, runs: [{ status: told, layout: null }], placed: [] });
};

test("a map that failed says why and offers its last good layout", async () => {
  python.model.say(news(++seq, { iteration: 4 }), layoutOf(0, 0, 1, 1, 2, 2));
  fail("in iteration 5, there was not enough memory");
  await showMap();
  expect(root.querySelector("[role=alert]")?.textContent).toContain("in iteration 5, there was not enough");
  expect(buttons()).toEqual(["restart", "back to last good layout"]);
  const focusMap = vi.spyOn(view, "focusMap");
  await act(() => root.querySelectorAll("button")[1].click());
  await act(() => root.querySelectorAll("button")[0].click());
  expect(commands()).toEqual(["recover", "restart"]);
  expect(focusMap).toHaveBeenCalledTimes(2);
});

test("a map that failed before its first layout can only be restarted", async () => {
  fail("before the first iteration: LookupError: no such distance");
  await showMap();
  expect(buttons()).toEqual(["restart"]);
  expect(root.textContent).not.toContain("last good layout");
});

test("without a kernel no impossible way out is offered", async () => {
  fail("it broke");
  store.connection.value = "lost";
  await showMap();
  expect(root.textContent).toContain("it broke");
  expect(buttons()).toEqual([]);
});

test.each([
  [false, "nothing of the map was saved (save_state=False)"],
  [true, "no map was saved with it"],
])("where no map comes it is said why, and how to show it (saved: %s)", async (saved, why) => {
  (store.points as { saved: boolean }).saved = saved;
  await showMap();
  expect(root.textContent).toContain("waiting for the kernel");
  for (const connection of ["absent", "silent", "lost"] as const) {
    await act(() => {
      store.connection.value = connection;
    });
    expect(root.textContent).not.toContain("waiting");
    expect(root.textContent).toContain(`run the cell to show the map: ${why}`);
  }
});

test("the view says if the browser has nothing to draw with", async () => {
  await show(h(Undrawable, { view }));
  expect(root.textContent).toBe("");
  await act(() => {
    view.undrawable.value = true;
  });
  expect(root.textContent).toContain("use another browser");
});

test("the map is described in words", () => {
  expect(described(view)).toBe("3 points, not coloured");
  store.select(Int32Array.of(1));
  python.model.set("_runs", [run(0), run(1, { perplexity: 5 })] as never);
  expect(described(view)).toBe("3 points on 2 maps, not coloured, 1 row selected");
  python.model.set("selection", rowsToWire(new Int32Array(0)) as never);
  python.model.set("_color", { mode: "crowd", column: "age", kinds: [], transforms: [] } as never);
  expect(described(view)).toBe("3 points on 2 maps, coloured by crowd");
});

test("a run is described in a few words that do not change at every stage", () => {
  const told = new Set<string>();
  const stages: [Kind, string][] = [
    ["preparing", "initial layout"],
    ["preparing", "shuffling rows"],
    ["moving", "early exaggeration"],
    ["moving", "optimising"],
    ["preparing", "perplexity"],
    ["moving", "settling"],
    ["at rest", "settled"],
  ];
  for (const [i, [kind, stage]] of stages.entries()) {
    python.model.say(news(++seq, { kind, stage, iteration: Math.max(0, i - 1) }), layoutOf(0, 0, 1, 1, 2, 2));
    told.add(spoken(store.maps.value));
  }
  expect([...told]).toEqual(["being prepared", "running", "settled"]);
});

test("each key is listed once in its place", () => {
  for (const { keys } of KEYS) expect(new Set(keys.map(({ keys }) => keys)).size).toBe(keys.length);
});

test("a saved page says of a map without a layout that there was none to save, and asks for no kernel", async () => {
  store.connection.value = "saved";
  await showMap();
  expect(root.textContent).toBe("There was no map to save: it had failed, or not begun.");
});
