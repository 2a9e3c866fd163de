// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { Legend } from "../../../src/ui/legend/Legend";
import { SelectMenu } from "../../../src/ui/toolbar/SelectMenu";
import type { View } from "../../../src/view/view";
import { rowsToWire } from "../../../src/wire/bytes";
import type { FakeModel } from "../../fakes/model";
import { mountView } from "../../fakes/view";

const N = 6;
let model: FakeModel;
let store: Store;
let view: View;
let root: HTMLElement;

beforeEach(async () => {
  const mounted = mountView({
    _points: {
      n: N,
      features: 2,
      note: "ignored: name (not numbers)",
      doubt: "",
      weights: "",
      saved: true,
      known: "rows",
    },
    _color: { mode: "labels", column: "digit", kinds: ["categories", "scale"], transforms: [] },
    _labels: {
      kind: "categories",
      name: "digit",
      names: ["0", "<img src=x onerror=hacked()>"],
      counts: [4, 2],
      has_missing: false,
      colors: [],
      codes: new DataView(Uint16Array.of(0, 1, 0, 0, 1, 0).buffer),
    },
  });
  ({ store, view, root } = mounted);
  model = mounted.python.model;
  await mounted.show(h(SelectMenu, { view }), h(Legend, { view }));
});

const find = (selector: string) => root.querySelector<HTMLElement>(selector) as HTMLElement;
const named = (label: string) => find(`[aria-label="${label}"]`);
const worded = (text: string) =>
  [...root.querySelectorAll<HTMLElement>("button")].find((button) =>
    button.textContent?.startsWith(text),
  ) as HTMLElement;
const press = (element: HTMLElement, keys: MouseEventInit = {}) =>
  act(() => void element.dispatchEvent(new MouseEvent("click", { bubbles: true, ...keys })));
const selected = () => [...store.selection.value];
const commands = () => model.of("command").map(({ id, type, client, ...command }) => command);
const group = (name: string, ...rows: number[]) => ({
  name,
  color: "#0072b2",
  rows: rowsToWire(Int32Array.from(rows)),
});

test("the filter of one column's labels does not hide another's", async () => {
  const many = Array.from({ length: 300 }, (_, i) => `gene ${i}`);
  const color = (name: string, names: string[]) => {
    const counts = names.map(() => 1);
    const codes = new DataView(new Uint16Array(N).buffer);
    return act(() =>
      model.set("_labels", {
        kind: "categories",
        name,
        names,
        counts,
        has_missing: false,
        colors: [],
        codes,
      } as never),
    );
  };
  await color("gene", many);
  const field = named("Find a label") as HTMLInputElement;
  await act(() => {
    field.value = "gene 77";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  expect(root.querySelectorAll("[data-label]").length).toBe(1);
  await color("few", ["a", "b", "c"]);
  expect(root.querySelectorAll("[data-label]").length).toBe(3);
  await color("gene", many);
  expect((named("Find a label") as HTMLInputElement).value).toBe("");
  expect(root.querySelectorAll("[data-label]").length).toBe(200);
});

test("a click on a label isolates it, the target beside it selects its rows", async () => {
  await press(find("[data-label='0'] .tw-entry"));
  expect([[...view.isolated.value], selected()]).toEqual([[0], []]);
  await press(named("Select 0"));
  expect(selected()).toEqual([0, 2, 3, 5]);
});

test("keys add, remove and intersect", async () => {
  const [first, second] = root.querySelectorAll<HTMLElement>("[aria-label^='Select ']");
  await press(first);
  await press(second, { shiftKey: true });
  expect(selected()).toEqual([0, 1, 2, 3, 4, 5]);
  await press(first, { altKey: true });
  expect(selected()).toEqual([1, 4]);
  await press(first, { shiftKey: true, altKey: true });
  expect(selected()).toEqual([]);
});

test("the operation chosen in the menu applies while no key is held", async () => {
  const [first, second] = root.querySelectorAll<HTMLElement>("[aria-label^='Select ']");
  await press(first);
  view.selectOp.value = "add";
  await press(second);
  expect(selected()).toHaveLength(N);
  await press(second, { altKey: true });
  expect(selected()).toEqual([0, 2, 3, 5]);
});

test("labels are shown as text", () => {
  expect(root.querySelector("img")).toBeNull();
  expect(root.textContent).toContain("<img src=x onerror=hacked()>");
});

test("ignored data is listed", () => {
  expect(find(".tw-left-out").textContent).toBe("ignored: name (not numbers)");
});

test("a group is saved under the typed name, or without one", async () => {
  await act(() => view.select(Int32Array.of(1, 2)));
  for (const name of [" mine ", ""]) {
    await press(worded("save as group"));
    const field = named("Name of the group") as HTMLInputElement;
    field.value = name;
    await act(() => void field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })));
  }
  expect(commands()).toEqual([
    { name: "save_group", group: "mine", color: null },
    { name: "save_group", group: null, color: null },
  ]);
});

test("groups are listed; a click selects their rows, and they are renamed, coloured and deleted", async () => {
  await act(() => model.set("_groups", [group("a", 0, 3), group("b", 4)] as never));
  await press(find("[data-group='b'] .tw-entry"));
  await press(find("[data-group='a'] .tw-entry"), { shiftKey: true });
  expect(selected()).toEqual([0, 3, 4]);
  await press(named("Rename a"));
  const field = named("New name of a") as HTMLInputElement;
  field.value = "c";
  await act(() => void field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })));
  const swatch = named("Colour of b") as HTMLInputElement;
  swatch.value = "#ff0000";
  await act(() => void swatch.dispatchEvent(new Event("change", { bubbles: true })));
  await press(named("Delete the group b; its rows stay"));
  expect(commands()).toHaveLength(2);
  await press(worded("delete"));
  expect(commands()).toEqual([
    { name: "rename_group", group: "a", to: "c" },
    { name: "recolor_group", group: "b", color: "#ff0000" },
    { name: "delete_group", group: "b" },
  ]);
});

test("numbers with few values are shown as numbers or as categories", async () => {
  await press(worded("show as numbers"));
  expect(commands()).toEqual([{ name: "color", mode: "labels", column: "digit", kind: "scale" }]);
});

/** A column of p-values that colours. */
function pValues(): Promise<void> {
  const values = new DataView(Float64Array.of(1e-50, 1e-40, 1e-30, 1e-20, 1e-10, 1).buffer);
  const ends = { low: 1e-50, high: 1, least: 1e-50, most: 1 };
  return act(() => {
    model.set("_labels", {
      kind: "scale",
      name: "p",
      ...ends,
      quantity: "number",
      colors: [],
      origin: null,
      values,
    } as never);
    model.set("_color", {
      mode: "labels",
      column: "p",
      kinds: ["scale"],
      transforms: ["linear", "log"],
    } as never);
  });
}

test("positive numbers over several decades are shown on a logarithmic scale and back", async () => {
  await pValues();
  const ends = () => [...root.querySelectorAll(".tw-colorbar span")].map((span) => span.textContent?.trim());
  expect(ends()).toEqual(["1e-50", "1"]);
  await press(worded("show on a log scale"));
  expect([model.traits.color_scale, new Set(view.labels.codes).size]).toEqual(["log", 6]);
  expect(ends()).toEqual(["1e-50", "1", "log scale, 1e-25 in the middle"]);
  await press(worded("show on a linear scale"));
  expect([model.traits.color_scale, new Set(view.labels.codes).size]).toEqual(["linear", 2]);
});

test("a logarithmic scale is offered only if the numbers allow one", async () => {
  expect(worded("show on a log")).toBeUndefined();
  await pValues();
  await act(() =>
    model.set("_color", { mode: "labels", column: "p", kinds: ["scale"], transforms: ["linear"] } as never),
  );
  expect(worded("show on a log")).toBeUndefined();
  await act(() => model.set("color_scale", "log" as never)); // as Python may
  expect(worded("show on a linear")).toBeDefined();
});

test("the legend tells of overlapping groups and of rows in no group", async () => {
  await act(() => {
    model.set("_groups", [group("a", 0, 3), group("b", 3, 4)] as never);
    model.set("_color", { mode: "groups", column: "digit", kinds: [], transforms: [] } as never);
  });
  expect(root.textContent).toContain("3 rows are in no group; where groups overlap, the later one shows");
});

test("another column ends the isolation of labels", () => {
  expect(view.labels.column).toBe("digit");
  model.set("_labels", null as never);
  expect(view.labels.kind).toBe("none");
});

test("while rows are selected, each label says how many of its rows are", async () => {
  const counts = () => [...root.querySelectorAll("[data-label] .tw-count")].map((one) => one.textContent);
  expect(counts()).toEqual(["4", "2"]);
  await act(() => view.select(Int32Array.of(0, 1, 2)));
  expect(counts()).toEqual(["2 of 4", "1 of 2"]);
  expect(find("[data-label='0'] .tw-entry").title).toContain("2 of 4 rows selected");
  await act(() => view.select(new Int32Array(0)));
  expect(counts()).toEqual(["4", "2"]);
});

test("labels are listed in their order, largest first, or by name", async () => {
  const names = ["gene 10", "gene 9", "gene 1", "other"];
  const codes = new DataView(Uint16Array.of(0, 1, 1, 1, 2, 2).buffer);
  const [counts, colors] = [[1, 3, 2, 0], []];
  const labels = { kind: "categories", name: "gene", names, counts, has_missing: false, colors, codes };
  await act(() => model.set("_labels", labels as never));
  const listed = () =>
    [...root.querySelectorAll<HTMLElement>("[data-label]")].map((one) => one.dataset.label);
  const order = async (value: string) => {
    const field = named("Order of the labels") as HTMLSelectElement;
    await act(() => {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return listed();
  };
  expect(listed()).toEqual(names);
  expect(await order("count")).toEqual(["gene 9", "gene 1", "gene 10", "other"]);
  expect(await order("name")).toEqual(["gene 1", "gene 9", "gene 10", "other"]);
  expect(await order("own")).toEqual(names);
});

test("isolating and selecting are both in sight, and the help says what each does", async () => {
  const row = find("[data-label='0']");
  expect(row.querySelectorAll(".tw-entry svg, [aria-label='Select 0'] svg")).toHaveLength(2);
  expect(row.querySelector(".tw-asides")).toBeNull();
});

test("the end of a long name is apart from its beginning, so that it is never cut off", async () => {
  const long = "short-haired cats of the north, young";
  const labels = {
    kind: "categories",
    name: "k",
    names: [long],
    counts: [N],
    has_missing: false,
    colors: [],
  };
  await act(() =>
    model.set("_labels", { ...labels, codes: new DataView(new Uint16Array(N).buffer) } as never),
  );
  expect(find(".tw-of-label .tw-name").textContent).toBe(long);
  expect(find(".tw-tail").textContent).toBe("th, young");
});
