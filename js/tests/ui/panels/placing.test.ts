// @vitest-environment happy-dom
/** A saved page that places rows: pasted or dropped, what it says of them, and what is wrong with them. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Saved, SavedModel } from "../../../src/store/saved";
import { Store } from "../../../src/store/store";
import { mount } from "../../../src/ui/App";
import { placedOn, squaresOf } from "../../../src/view/newRows";
import type { View } from "../../../src/view/view";
import { run, status, threePoints } from "../../fakes/model";
import { fakePopovers } from "../../fakes/popovers";

const base64 = (values: ArrayBufferView<ArrayBuffer>) => ({
  base64: Buffer.from(values.buffer).toString("base64"),
});
const floats = (...values: number[]) => base64(Float32Array.from(values));

const WHY = "no new rows: t-SNE places new rows only with Python";
/** Two landmarks, at (1, 2) and (5, 2) of the map: a row on one of them has .86 of its weight there. */
const PLACING = {
  features: ["size", "<b>weight</b>"],
  functions: [
    {
      run: 1,
      count: 2,
      origin: base64(Float64Array.of(0, 0)),
      scale: 1,
      unit: false,
      reach: 10,
      landmarks: floats(0, 0, 10, 0),
      places: floats(1, 2, 5, 2),
    },
  ],
  why_not: [{ run: 0, words: WHY }],
};
const LABELS = {
  kind: "categories",
  name: "kind",
  names: ["a", "b"],
  counts: [2, 1],
  has_missing: false,
  colors: [],
  codes: base64(Uint16Array.of(0, 0, 1)),
};

const snapshot = (run: number) => ({
  status: status({ run, iteration: 7, playing: false }),
  ...{ offset: [0, 0], scale: 1, gaps: false, placed: null },
  points: base64(Uint16Array.of(0, 1, 2, 3, 4, 5)),
});

let root: HTMLElement;
let view: View;
let leave: () => void;

async function open(placing: unknown = PLACING): Promise<void> {
  fakePopovers();
  const traits = {
    ...threePoints().traits,
    selection: base64(new Uint8Array(0)),
    _runs: [run(0), { ...run(1), title: "Parametric t-SNE" }],
    _snapshot: [snapshot(0), snapshot(1)],
    _labels: LABELS,
    _color: { mode: "labels", column: "kind", kinds: ["categories"], transforms: [] },
  };
  const saved: Saved = {
    traits,
    columns: [],
    keyframes: [],
    measured: null,
    images: null,
    density: null,
    placing,
  };
  const model = new SavedModel(saved);
  const store = new Store(model.asModel(), "saved", model.placer);
  const added = vi.spyOn(store, "addView");
  await act(() => {
    const unmount = mount(store, document.body);
    leave = () => {
      unmount();
      store.destroy();
    };
  });
  view = added.mock.calls[0][0] as View;
  root = view.root;
}

beforeEach(() => open());
afterEach(() => {
  leave();
  document.body.replaceChildren();
});

const find = (selector: string) => root.querySelector<HTMLElement>(selector) as HTMLElement;
const button = (words: string) =>
  [...root.querySelectorAll("button")].find((one) => one.textContent === words) as HTMLButtonElement;
const click = (words: string) => act(() => void button(words).click());
const placed = (run: number) => {
  const map = view.store.mapOf(run);
  return map ? placedOn(view, map) : null;
};

async function paste(text: string): Promise<void> {
  if (!find(".tw-paste")) await click("place rows ▾");
  const field = find(".tw-paste") as HTMLTextAreaElement;
  await act(() => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await click("place them");
  await settled();
}

/** Waits until nothing is being placed. */
const settled = () =>
  act(async () => {
    await vi.waitUntil(() => view.store.placer?.doing.value === null);
  });

async function drop(data: { files?: File[]; text?: string }): Promise<Event> {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files: data.files ?? [], getData: () => data.text ?? "" } });
  await act(() => void find(".tw-map").dispatchEvent(event));
  await settled();
  return event;
}

test("pasted rows are squares on the map that is a function, and the other says why it shows none", async () => {
  await paste("<b>weight</b>,size\n0,0\n0,10\n");
  expect([...(placed(1)?.positions ?? [])].map((one) => one.toFixed(2))).toEqual([
    "1.56",
    "2.00",
    "4.44",
    "2.00",
  ]);
  expect([...squaresOf(view).keys()]).toEqual([1]);
  expect(find("[data-run='0'] .tw-placing").textContent).toBe(WHY);
  expect(find("[data-run='1'] .tw-placing")).toBe(null);
  expect(find(".tw-new-rows").textContent).toBe("pasted rows2");
  expect(find(".tw-paste")).toBe(null);
  expect(root.querySelectorAll("b").length).toBe(0);
});

test("labels colour the squares, and unused columns are told", async () => {
  await paste("size,<b>weight</b>,kind,note\n0,0,b,x\n10,0,,y\n");
  expect(view.store.newRows.value?.labels).toEqual(["b", null]);
  expect([...(squaresOf(view).get(1)?.codes ?? [])]).toEqual([2, 0]);
  expect(find(".tw-new-rows").textContent).toContain("not used: note");
});

test("rows beyond the data are told, and so is that the nearest rows are unknown", async () => {
  await paste("0,0\n0,11\n21,0\n");
  expect(find(".tw-new-rows").textContent).toContain("2 lie beyond the data");
  expect(find(".tw-new-rows .tw-doubt").title).toContain("farther from the nearest landmark of the data");
  await act(() => {
    view.newRow.value = { panel: 1, index: 1, x: 9, y: 9 };
  });
  const told = find("[data-new-row='1']").textContent;
  expect(told).toContain("new row 1");
  expect(told).toContain("nearest rows unknown: this page does not hold the data");
  expect(told).toContain("beyond the data");
  expect(told).not.toContain(" at ");
});

test("what is wrong with pasted rows is said where they were pasted, and the rows before stay", async () => {
  await paste("0,0");
  await paste("1,2\n3,abc");
  expect(find(".tw-place [role=alert]").textContent).toBe(
    'row 1, column "<b>weight</b>": "abc" is not a number',
  );
  expect(find(".tw-drop")).toBe(null);
  expect(view.store.newRows.value?.count).toBe(1);
  await paste("5,0\n6,0");
  expect(find(".tw-place")).toBe(null);
  expect([view.store.newRows.value?.count, view.store.newRows.value?.number]).toEqual([2, 2]);
});

test("a dropped file is placed under its name, and not opened by the browser", async () => {
  const event = await drop({ files: [new File(["\ufeffsize;<b>weight</b>\r\n10;0\r\n"], "week 48.csv")] });
  expect(event.defaultPrevented).toBe(true);
  expect(find(".tw-new-rows").textContent).toBe("week 48.csv1");
  expect(placed(1)?.positions[0]).toBeCloseTo(4.44, 2);
  await drop({ text: "0,0" });
  expect(find(".tw-new-rows").textContent).toBe("dropped rows1");
});

test.each([
  [{ files: [new File(["\u0000PNG"], "photo.png")] }, "photo.png is no text"],
  [{ files: [new File(["1"], "a.csv"), new File(["2"], "b.csv")] }, "2 files were dropped: drop one"],
  [{ files: [new File(["size,other\n1,2"], "a.csv")] }, 'columns are missing: "<b>weight</b>"'],
  [{}, "there are no rows"],
])("what cannot be placed says so on the map: %#", async (data, error) => {
  await drop(data);
  expect(find(".tw-drop .tw-cause").textContent).toBe(error);
  await click("close");
  expect(find(".tw-drop")).toBe(null);
});

test("a file over the map is told what would happen to it", async () => {
  await act(() => void find(".tw-map").dispatchEvent(new Event("dragover", { cancelable: true })));
  expect(find(".tw-drop").textContent).toBe("drop rows as CSV to place them on Parametric t-SNE");
  await act(() => void find(".tw-map").dispatchEvent(new Event("dragleave")));
  expect(find(".tw-drop")).toBe(null);
});

test("newer rows replace those that are still being placed", async () => {
  const { placer } = view.store;
  let placed: unknown;
  await act(async () => {
    placed = await Promise.all([placer?.place("0,0", "first"), placer?.place("0,0\n1,0", "second")]);
  });
  expect(placed).toEqual(["", ""]);
  expect(view.store.newRows.value?.number).toBe(1);
  expect(view.store.newRows.value?.name).toBe("second");
});

test("the rows are taken away", async () => {
  await paste("0,0");
  await click("place rows ▾");
  await click("take them away");
  expect([view.store.newRows.value, squaresOf(view).size]).toEqual([null, 0]);
  expect(find("[data-run='0'] .tw-placing")).toBe(null);
});

test("a page without a function has no place for rows", async () => {
  leave();
  document.body.replaceChildren();
  await open(null);
  expect(button("place rows ▾")).toBe(undefined);
  expect((await dropUnheard()).defaultPrevented).toBe(false);
});

async function dropUnheard(): Promise<Event> {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  await act(() => void find(".tw-map").dispatchEvent(event));
  return event;
}
