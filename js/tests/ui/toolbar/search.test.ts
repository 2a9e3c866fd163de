// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { h } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../../src/store/store";
import { Search } from "../../../src/ui/toolbar/SearchBox";
import type { View } from "../../../src/view/view";
import { rowsToWire } from "../../../src/wire/bytes";
import type { FakePython } from "../../fakes/python";
import { mountView } from "../../fakes/view";

let python: FakePython;
let store: Store;
let root: HTMLElement;
let view: View;
const close = vi.fn();
const onZoom = vi.fn();

beforeEach(async () => {
  const mounted = mountView();
  ({ python, store, root, view } = mounted);
  await mounted.show(h(Search, { view: mounted.view, onZoom, close, column: signal(null) }));
});

afterEach(() => {
  vi.clearAllMocks();
});

const field = () => root.querySelector("input") as HTMLInputElement;
const button = (name: string) =>
  [...root.querySelectorAll("button")].find(({ textContent }) => textContent === name) as HTMLButtonElement;
const typed = (text: string) => {
  field().value = text;
  field().dispatchEvent(new Event("input"));
};
const entered = (shiftKey = false) =>
  void field().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey }));
const type = (text: string) => act(() => typed(text));
const enter = (shiftKey = false) => act(() => entered(shiftKey));
const found = (...rows: number[]) =>
  python.answer<"find">(
    { count: rows.length, searched: ["id"], hits: [] },
    rowsToWire(Int32Array.from(rows)),
  );

test("while typing, the number of matching rows is shown for the current text", async () => {
  await type("l");
  await type("lazy");
  await found(1, 2, 3);
  expect(root.textContent).not.toContain("3 rows");
  await found(4);
  expect(root.textContent).toContain("1 row");
  expect(python.asked.at(-1)).toEqual({ name: "find", text: "lazy", column: null });
});

test("Enter selects the rows found, even if pressed before the answer arrives", async () => {
  await type("lazy");
  await enter();
  expect(store.selection.value).toHaveLength(0);
  await found(4, 9);
  expect([[...store.selection.value], close.mock.calls.length]).toEqual([[4, 9], 1]);
});

test("Enter within one frame of typing selects too", async () => {
  await act(() => {
    typed("lazy");
    entered();
  });
  await found(4, 9);
  expect([[...store.selection.value], close.mock.calls.length]).toEqual([[4, 9], 1]);
});

test("Shift Enter adds the rows found", async () => {
  await python.select(2, 9);
  await type("lazy");
  await found(4, 9);
  await enter(true);
  expect([...store.selection.value]).toEqual([2, 4, 9]);
});

test("select and zoom does both", async () => {
  await type("lazy");
  await found(4, 9);
  await act(() => button("select and zoom").click());
  expect([[...store.selection.value], [...onZoom.mock.calls[0][0]]]).toEqual([
    [4, 9],
    [4, 9],
  ]);
});

test("finding nothing changes nothing, and Python's refusal is shown", async () => {
  await python.select(2);
  await type("xyz");
  await enter();
  await found();
  expect([root.textContent, [...store.selection.value]]).toEqual([expect.stringContaining("no row"), [2]]);
  expect([close.mock.calls.length, button("select").disabled]).toEqual([0, true]);
  await type("xyzz");
  await python.refuse("no text columns");
  expect(root.querySelector("[role=alert]")?.textContent).toBe("no text columns");
});

test("the rows found are told with the value that contains the text, and ringed on the map", async () => {
  await type("lazy");
  const long = `${"very ".repeat(30)}lazy ${"dog ".repeat(30)}`;
  const hits = [
    { row: 4, label: "id 4", column: "note", value: long },
    { row: 9, label: "lazy <b>", column: "id", value: "lazy <b>" },
  ];
  const rows = Int32Array.from({ length: 110 }, (_, row) => row);
  await python.answer<"find">({ count: 110, searched: ["id", "note"], hits }, rowsToWire(rows));
  const told = [...root.querySelectorAll<HTMLElement>(".tw-hit")];
  expect(told.map((hit) => hit.querySelector(".tw-note")?.textContent)).toEqual(["note, id 4", "id"]);
  expect(told[0].querySelector(".tw-value")?.textContent).toMatch(/^….*lazy.*…$/);
  expect(told[1].querySelector(".tw-value")?.textContent).toBe("lazy <b>");
  expect(root.textContent).toContain("and 108 more");
  expect(view.ringed.value).toHaveLength(100);
  expect(store.selection.value).toHaveLength(0);
  await type("");
  expect([view.ringed.value.length, root.querySelector(".tw-hit")]).toEqual([0, null]);
});

test("a click on a row found selects it, and the search stays open", async () => {
  await type("lazy");
  const hits = [{ row: 4, label: "id 4", column: "note", value: "lazy dog" }];
  await python.answer<"find">({ count: 1, searched: ["note"], hits }, rowsToWire(Int32Array.of(4)));
  await act(() => root.querySelector<HTMLElement>(".tw-hit")?.click());
  expect([[...store.selection.value], close.mock.calls.length]).toEqual([[4], 0]);
});
