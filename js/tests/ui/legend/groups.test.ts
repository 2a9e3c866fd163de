// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowsToWire } from "../../../src/wire/bytes";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const HTML = "<b>bold</b><img src=x onerror=window.hacked=1>";
let page: FakePage;

const group = (name: string, rows: number[], color = "#0072b2") => ({
  name,
  color,
  rows: rowsToWire(Int32Array.from(rows)),
});
const row = (name: string) => page.find(`[aria-label=Groups] .tw-row[data-group='${name}']`);
const focused = () => document.activeElement as HTMLElement;
const selected = () => [...page.store.selection.value];
const map = () => page.find(".tw-map");

beforeEach(async () => {
  page = await FakePage.open({ _groups: [group("a", [0, 1, 2]), group("b", [3, 4])] });
});
afterEach(() => page.close());

test("a click on a group selects its rows, keys add and remove them, and the group stays as it is", async () => {
  await page.click(row("a").querySelector(".tw-entry") as HTMLElement);
  expect(selected()).toEqual([0, 1, 2]);
  await page.click(row("b").querySelector(".tw-entry") as HTMLElement, { shiftKey: true });
  expect(selected()).toEqual([0, 1, 2, 3, 4]);
  await page.click(row("a").querySelector(".tw-entry") as HTMLElement, { altKey: true });
  expect(selected()).toEqual([3, 4]);
  expect(row("a").querySelector(".tw-count")?.textContent).toBe("3");
  expect(page.commands()).toEqual([]);
});

test("Escape cancels only the new group's name and keeps the selection", async () => {
  await page.python.select(7);
  await page.click("save as group");
  await page.key(page.named("Name of the group"), "Escape");
  expect([page.named("Name of the group"), selected(), page.commands()]).toEqual([undefined, [7], []]);
  expect(focused()).toBe(map());
});

test("after naming a group or cancelling, keys act on the map again", async () => {
  for (const key of ["Enter", "Escape"]) {
    await page.click("Rename a");
    expect(focused()).toBe(page.named("New name of a"));
    await page.key(focused(), key);
    expect(focused()).toBe(map());
  }
  expect(page.commands()).toEqual([]); // under Enter the name was the same
});

test("a question focuses its harmless answer, and after it keys act on the map again", async () => {
  await page.python.select(7);
  await page.click("Delete the group a");
  expect(page.texts(".tw-asked button")).toEqual(["delete", "keep"]);
  expect(focused().textContent).toBe("keep");
  await page.key(focused(), "Escape");
  expect([focused(), selected(), page.commands()]).toEqual([map(), [7], []]);
  await page.click("Delete the group a");
  await page.click(focused());
  expect([focused(), page.commands()]).toEqual([map(), []]);
  await page.click("Delete the group a");
  await page.click("delete");
  expect([focused(), page.commands()]).toEqual([map(), [{ name: "delete_group", group: "a" }]]);
});

test("Python's reason for refusing a name is shown", async () => {
  await page.click("Rename a");
  await page.fill(page.named("New name of a"), "b");
  await page.key(page.named("New name of a"), "Enter");
  const [{ id, client: asked }] = page.python.model.of("command");
  const error = "InvalidValueError: there is a group 'b' already";
  await act(() => page.python.model.say({ type: "answer", client: asked, id, error }));
  expect(page.find("[role=alert]").textContent).toContain("there is a group 'b' already");
});

test("changes of groups in Python are shown", async () => {
  await page.set("_groups", [group("a", [0, 1], "#123456")]);
  expect((page.named("Colour of a") as HTMLInputElement).value).toBe("#123456");
  expect(page.root.dataset.groups).toBe("1");
  await page.set("_groups", [group("z", [5, 6, 7, 8, 9, 10, 11], "#abcdef")]);
  expect(row("a")).toBeNull();
  expect(row("z").querySelector(".tw-count")?.textContent).toBe("7");
  expect((page.named("Colour of z") as HTMLInputElement).value).toBe("#abcdef");
  await page.set("_groups", []);
  expect([page.root.dataset.groups, page.find("[aria-label=Groups]")]).toEqual(["0", null]);
});

test("colouring by groups without a group says so", async () => {
  await page.set("_groups", []);
  await page.set("_color", { mode: "groups", column: null, kinds: [], transforms: [] });
  expect([page.root.dataset.color, page.find(".tw-legend").textContent]).toEqual([
    "groups",
    expect.stringContaining("no group yet"),
  ]);
});

test("HTML in a name is text", async () => {
  await page.set("_groups", [group(HTML, [1])]);
  expect(page.find("[aria-label=Groups]").textContent).toContain(HTML);
  expect(page.made()).toBe(0);
});

test("groups apply to all maps", async () => {
  page.close();
  page = await FakePage.open({ _groups: [group("everywhere", [4, 5])], _runs: [run(0), run(1)] });
  expect(page.root.dataset.maps).toBe("2");
  await page.click(row("everywhere").querySelector(".tw-entry") as HTMLElement);
  expect(selected()).toEqual([4, 5]);
});

test("groups are offered as colours until they are", async () => {
  await page.click("colour by groups");
  expect(page.commands()).toEqual([{ name: "color", mode: "groups", column: null, kind: null }]);
  await page.close();
  page = await FakePage.open({
    _groups: [group("a", [0, 1, 2])],
    _color: { mode: "groups", column: null, kinds: [], transforms: [] },
  });
  expect(page.named("colour by groups")).toBeUndefined();
});
