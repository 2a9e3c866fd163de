// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConditionTrait } from "../../../src/wire/traits";
import { filtering } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
beforeEach(async () => {
  page = await FakePage.open();
});
afterEach(() => page.close());

const CONDITIONS: ConditionTrait[] = [
  { column: "width", range: [2, 3], values: null, negated: false, words: "2 to 3" },
  { column: "kind", range: null, values: ["<b>"], negated: true, words: "<b>" },
  { column: null, range: null, values: null, negated: false, words: "7 rows given" },
];
const filter = (rows: number[], conditions = CONDITIONS) =>
  page.set("_filter", filtering(rows, { conditions }));
const told = () => page.find(".tw-filtered");

test("the legend says how many rows are shown, by which conditions", async () => {
  expect(told()).toBeNull();
  await filter([3, 7, 119]);
  expect([told().dataset.shown, page.root.dataset.filtered]).toEqual(["3", "3"]);
  expect(told().textContent).toContain("shown 3 of 120");
  expect(page.texts(".tw-condition")).toEqual(["width: 2 to 3", "not kind: <b>", "7 rows given"]);
  expect(page.find("[aria-live=polite]").textContent).toContain("filter: 3 of 120 rows shown");
  expect(page.made()).toBe(0);
});

test("one click makes those that pass the selection, another shows all", async () => {
  await filter([3, 7, 119]);
  await page.click("select them");
  expect([...page.store.selection.value]).toEqual([3, 7, 119]);
  await page.click(told().querySelector("[title='Show all rows']") as HTMLElement);
  expect(page.commands()).toEqual([{ name: "clear_filter" }]);
});

test("conditions are turned around, dropped, and joined by and or or", async () => {
  await filter([3]);
  await page.click("Turn around: width: 2 to 3");
  await page.click("Drop the condition kind: <b>");
  await page.fill(page.find(".tw-filtered select"), "any");
  expect(page.commands()).toEqual([
    { name: "turn_condition", condition: 0 },
    { name: "drop_condition", condition: 1 },
    { name: "join_conditions", any: true },
  ]);
  await filter([3], CONDITIONS.slice(0, 1));
  expect(page.find(".tw-filtered select")).toBeNull();
});

test("without a kernel a filter can be cleared in this view, and no condition can be changed", async () => {
  page.close();
  page = await FakePage.open({ _filter: filtering([3, 7]) });
  await act(() => page.python.model.emit("comm_live_update"));
  expect([page.store.reachable.value, page.all(".tw-conditions button").length]).toEqual([false, 0]);
  await page.click(told().querySelector("[title='Show all rows']") as HTMLElement);
  expect([told(), page.commands()]).toEqual([null, []]);
});

test("the colour bar of a column filters by a range; its ends follow the filter", async () => {
  const values = new DataView(Float32Array.from({ length: 120 }, (_, row) => row).buffer);
  const ends = { low: 0, high: 100, least: 0, most: 119 };
  await page.set("_labels", {
    ...{ kind: "scale", name: "width", quantity: "number", origin: null, colors: [] },
    ...{ ...ends, values },
  });
  await page.set("_color", { mode: "labels", column: "width", kinds: ["scale"], transforms: ["linear"] });
  const handle = (end: 0 | 1) => page.find(`.tw-colorbar [data-end="${end}"]`);
  await page.key(handle(1), "PageDown");
  expect(handle(1).getAttribute("aria-valuetext")).toBe("90");
  await act(() => void handle(1).dispatchEvent(new KeyboardEvent("keyup", { key: "PageDown" })));
  expect(page.commands()).toEqual([{ name: "filter", column: "width", range: [null, 90], values: null }]);
  await filter([3], [{ ...CONDITIONS[0], range: [20, null] }]);
  expect([handle(0), handle(1)].map((each) => each.getAttribute("aria-valuenow"))).toEqual(["20", "99"]);
});
