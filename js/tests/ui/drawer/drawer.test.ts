// @vitest-environment happy-dom
import type { Signal } from "@preact/signals";
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../../src/store/store";
import { Drawer } from "../../../src/ui/drawer/Drawer";
import { ordinal, share } from "../../../src/ui/drawer/figures";
import type { DrawerTab, View } from "../../../src/view/view";
import type { Cell, ContrastReply, Difference } from "../../../src/wire/replies";
import type { FakePython } from "../../fakes/python";
import { mountView } from "../../fakes/view";

let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
const marked: (number | null)[] = [];

beforeEach(() => {
  ({ python, store, view, root } = mountView());
  vi.spyOn(view, "markRow").mockImplementation((row) => void marked.push(row));
  render(h(Drawer, { view }), root);
});

afterEach(() => {
  marked.length = 0;
});

/** Sets a signal and waits until that is drawn. */
function change<T>(what: Signal<T>, value: T): Promise<void> {
  return act(() => {
    what.value = value;
  });
}

const open = (tab: DrawerTab) => change(view.drawer, tab);
const drawer = () => root.querySelector<HTMLElement>(".tw-drawer") as HTMLElement;
const find = (selector: string) => root.querySelector<HTMLElement>(selector) as HTMLElement;
const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
const texts = (selector: string) => all(selector).map((each) => each.textContent);
const click = (selector: string) => act(() => find(selector).click());
const key = (selector: string, name: string) =>
  act(() => void find(selector).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true })));

async function openRows(...rows: number[]): Promise<void> {
  await python.select(...rows);
  await open("rows");
  await python.answerBatches();
}

test("a closed drawer asks nothing, whatever is selected", async () => {
  await python.select(1, 2, 3);
  expect([drawer(), python.asked]).toEqual([null, []]);
});

test("the selected rows are listed by their own labels", async () => {
  await openRows(3, 5, 8);
  expect(all("tr[data-row]").map((row) => row.dataset.row)).toEqual(["3", "5", "8"]);
  expect(texts("tbody th")).toEqual(["id 3", "id 5", "id 8"]);
  expect(texts("thead th")).toEqual(["id", "species", "width", "height"]);
  expect(find(".tw-pager").textContent).toBe("rows 1–3 of 3");
  expect({ ...drawer().dataset }).toMatchObject({ tab: "rows", batch: "1", rows: "3", loading: "false" });
});

test("a click shows another batch, and the old one stays until it arrives", async () => {
  await openRows(...Array.from({ length: 120 }, (_, i) => i));
  await click("[aria-label='Last rows']");
  expect({ ...drawer().dataset }).toMatchObject({ batch: "1", loading: "true" });
  expect(all("tr[data-row]")).toHaveLength(50);
  await python.answerBatches();
  expect(drawer().dataset.batch).toBe("3");
  expect(find(".tw-pager").textContent).toContain("rows 101–120 of 120");
  await click("[aria-label='Rows after']");
  expect(python.isAsked("rows")).toBe(false);
});

test("a click on a column's name sorts, and says so to a screen reader", async () => {
  await openRows(3, 5, 8);
  const sorted = () => all("thead th")[2].getAttribute("aria-sort");
  const states = [sorted()];
  for (let i = 0; i < 3; i++) {
    await click("thead th:nth-child(3) button");
    await python.answerBatches();
    states.push(sorted());
  }
  expect(states).toEqual(["none", "ascending", "descending", "none"]);
});

test("a table row under the pointer or with the focus is ringed on the map, and vice versa", async () => {
  await openRows(3, 5, 8);
  await act(
    () => void find("tr[data-row='5'] td").dispatchEvent(new Event("pointermove", { bubbles: true })),
  );
  expect(marked.at(-1)).toBe(5);
  await act(() => find("tr[data-row='3']").focus());
  await key("tr[data-row='3']", "End");
  expect([marked.at(-1), document.activeElement]).toEqual([8, find("tr[data-row='8']")]);
  await change(view.hover, { panel: 0, index: 5, x: 0, y: 0 });
  expect(all("tr[data-hovered]").map((row) => row.dataset.row)).toEqual(["5"]);
  await change(view.hover, null);
  expect(all("tr[data-hovered]")).toEqual([]);
});

test("strings from the data are shown as text and never run", async () => {
  await python.select(3);
  await open("rows");
  const evil = "<img src=x onerror=alert(1)>";
  const values: Cell[] = [evil];
  const columns = [{ name: evil, type: "text" as const, values }];
  await python.answer<"rows">({
    total: 1,
    positions: [3],
    index: [evil],
    columns,
    images: null,
    image_error: null,
  });
  expect(texts("tbody th, tbody td, thead button .tw-name")).toEqual([evil, evil, evil]);
  expect(root.querySelector("img")).toBeNull();
});

test("Python's refusal is shown in its words", async () => {
  await python.select(3);
  await open("rows");
  await python.refuse("there is no column 'widht'; did you mean 'width'?");
  expect(find("[role=alert]").textContent).toBe("there is no column 'widht'; did you mean 'width'?");
});

test("an empty selection says how to select what is to be set apart", async () => {
  await open("contrast");
  expect([drawer().textContent, python.asked]).toEqual([expect.stringContaining("no rows"), []]);
});

test("arrows go from tab to tab, Escape closes the drawer and leaves the selection", async () => {
  await openRows(3);
  await key("[role=tab][aria-selected=true]", "ArrowRight");
  expect([view.drawer.value, document.activeElement?.textContent]).toEqual([
    "contrast",
    "what sets them apart",
  ]);
  await key("[role=tab][aria-selected=true]", "Escape");
  expect([drawer(), store.selection.value.length]).toEqual([null, 1]);
});

const difference = (feature: string, effect: string): Difference => ({
  ...{ feature, effect, selected_mean: "2", other_mean: "1", low: "0", high: "3" },
  ...{ selected_histogram: [0, 1], other_histogram: [1, 0] },
});

const contrast: ContrastReply = {
  selected: 2,
  other: 118,
  numbers: [difference("width", "+∞"), difference("height", "−1.23")],
  numbers_total: 64,
  categories: [
    { column: "species", category: "cat", effect: "+75", selected_share: 0.75, other_share: 0.004 },
  ],
  categories_total: 1,
  words: [],
  words_total: 0,
  numbered: [],
  numbered_total: 0,
  labels: [
    { name: "a", count: 1, share: 0.5, of: 0.1 },
    { name: "none of these", count: 0, share: 0, of: 0 },
  ],
};

test("what sets rows apart is listed with its effect, and 'show more' lists the rest", async () => {
  await python.select(3, 4);
  await open("contrast");
  await python.answer<"contrast">(contrast);
  expect(all("tr[data-feature]").map((row) => [row.dataset.feature, row.children[1].textContent])).toEqual([
    ["width", "+∞"],
    ["height", "−1.23"],
    ["species", "+75"],
  ]);
  expect(texts("tr[data-label] th")).toEqual(["a"]);
  expect(drawer().textContent).toContain("no p-values");
  await click(".tw-link");
  expect(python.asked.at(-1)).toEqual({ name: "contrast", against: null, limit: 40, view: 0 });
});

test("words come first and features that are only numbered are folded away, with how many there are", async () => {
  const word = {
    column: "text",
    category: "penalty kick",
    effect: "+40",
    selected_share: 0.5,
    other_share: 0.1,
  };
  const numbered = { numbered: [difference("x16", "+3.21")], numbered_total: 64 };
  await python.select(3, 4);
  await open("contrast");
  await python.answer<"contrast">({ ...contrast, words: [word], words_total: 1, ...numbered });
  expect(all("tr[data-feature]").map((row) => row.dataset.category ?? row.dataset.feature)).toEqual([
    ...["penalty kick", "cat", "width", "height", "x16"],
  ]);
  expect(texts("[data-kind=word] td.tw-wide-only")).toEqual(["50 %", "10 %"]);
  const fold = find("details") as HTMLDetailsElement;
  expect([fold.open, fold.querySelector("summary")?.textContent]).toEqual([
    false,
    "64 features without a name",
  ]);
  expect(fold.querySelectorAll("tr[data-feature]")).toHaveLength(1);
});

test("where there is nothing else, features without a name are not folded", async () => {
  const nothing = { numbers: [], numbers_total: 0, categories: [], categories_total: 0 };
  await python.select(3, 4);
  await open("contrast");
  await python.answer<"contrast">({
    ...contrast,
    ...nothing,
    numbered: [difference("x16", "+3.21")],
    numbered_total: 1,
  });
  expect([find("details"), texts("tr[data-feature] th")]).toEqual([null, ["x16"]]);
});

test("rows can be compared with a group until it is deleted", async () => {
  const group = { name: "left", color: "#000000", rows: new DataView(Int32Array.of(9).buffer) };
  python.model.set("_groups", [group] as never);
  await python.select(3, 4);
  await open("contrast");
  await python.answer<"contrast">(contrast);
  await act(() => {
    const select = find("select") as HTMLSelectElement;
    select.value = "0";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  expect(python.asked.at(-1)).toMatchObject({ against: "left" });
  await python.answer<"contrast">(contrast);
  await act(() => python.model.set("_groups", [] as never));
  expect(python.asked.at(-1)).toMatchObject({ against: null });
});

test("if all rows are selected, there is no rest to compare them with", async () => {
  await python.select(...Array.from({ length: 120 }, (_, i) => i));
  await open("contrast");
  expect([drawer().textContent, python.asked]).toEqual([expect.stringContaining("no rest"), []]);
});

test("0 % and 100 % are written only if exact, and ranks are ordinals", () => {
  expect([share(0), share(0.001), share(0.5), share(0.999), share(1)]).toEqual([
    ...["0 %", "< 1 %", "50 %", "> 99 %", "100 %"],
  ]);
  expect([1, 2, 3, 4, 11, 12, 13, 21, 111, 122].map(ordinal).join(" ")).toBe(
    "1st 2nd 3rd 4th 11th 12th 13th 21st 111th 122nd",
  );
});
