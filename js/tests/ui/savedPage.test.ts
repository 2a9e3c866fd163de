// @vitest-environment happy-dom
/** A saved page has no controls that need Python, and follows links to itself. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SavedModel } from "../../src/store/saved";
import { Store } from "../../src/store/store";
import { mount } from "../../src/ui/App";
import type { View } from "../../src/view/view";
import { run, threePoints } from "../fakes/model";
import { fakePopovers } from "../fakes/popovers";

const base64 = (bytes: Uint8Array) => ({ base64: btoa(String.fromCharCode(...bytes)) });

const LABELS = {
  ...{ kind: "categories", name: "kind", names: ["a", "b"], counts: [2, 1], has_missing: false, colors: [] },
  codes: base64(Uint8Array.of(0, 0, 1, 0, 0, 0)),
};

let root: HTMLElement;
let view: View;
let store: Store;
let leave: () => void;

async function open(traits: object = {}, columns: string[] = []): Promise<void> {
  fakePopovers();
  const told = columns.map((name) => ({ name, type: "text" as const, feature: false }));
  const model = new SavedModel({
    traits: {
      ...threePoints().traits,
      selection: base64(new Uint8Array(0)),
      _runs: [run(0), run(1)],
      _labels: LABELS,
      _groups: [{ name: "ours", color: "#aa0055", rows: base64(Uint8Array.of(1, 0, 0, 0)) }],
      _color: { mode: "labels", column: "kind", kinds: ["categories", "scale"], transforms: [] },
      _columns: told,
      ...traits,
    },
    columns: told.map((column) => ({ ...column, values: ["a", "b", "c"], ranks: [0, 1, 2] })),
    keyframes: [],
    measured: null,
    images: null,
    density: null,
    placing: null,
  });
  store = new Store(model.asModel(), "saved");
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
  history.replaceState(null, "", "#");
  document.body.replaceChildren();
});

const named = (label: string) =>
  root.querySelector<HTMLElement>(`[aria-label^=${JSON.stringify(label)}]`) as HTMLElement;
const labels = () =>
  [...root.querySelectorAll("button, input, select")].map(
    (each) => each.getAttribute("aria-label") ?? each.textContent?.trim() ?? "",
  );

/** The words of a menu's entries. */
async function menu(label: string): Promise<string> {
  const open = () =>
    [...root.querySelectorAll<HTMLElement>(".tw-popover")].filter((each) => each.childElementCount > 0);
  const before = open();
  await act(() => named(label).click());
  const [shown] = open().filter((each) => !before.includes(each));
  return shown.textContent ?? "";
}

test("what only Python can do is absent, not disabled", async () => {
  await act(() => store.select(Int32Array.of(1)));
  const all = labels();
  for (const absent of [/Play|Pause|One step|Restart/, /seed/, /Compare/, /Rename|Delete/])
    expect(all.filter((label) => absent.test(label))).toEqual([]);
  for (const absent of ["save as group", "map of these", "what sets them apart", "colour by groups"])
    expect(all).not.toContain(absent);
  expect(all.filter((label) => /What colours|show as numbers|Colour of/.test(label))).toEqual([]);
  expect(root.querySelector(".tw-coloring")?.textContent).toContain("kind");
  expect(root.querySelectorAll(".tw-toolbar :is(input, select)")).toHaveLength(0);
  expect(root.querySelectorAll(":disabled")).toHaveLength(0);
});

test("menus and tabs have only what works", async () => {
  await act(() => store.select(Int32Array.of(1)));
  expect(await menu("Selection:")).not.toMatch(/undo|redo/);
  expect(await menu("How points look")).not.toMatch(/join|Hold D/);
  expect(await menu("Keys")).not.toMatch(/play|original space|undo|history/);
  expect(await menu("Save as")).not.toContain("HTML");
  const ofMap = await menu("Menu of ");
  expect(ofMap).toContain("enlarge");
  expect(ofMap).not.toMatch(/keep only|remove|concern/);
  await act(() => named("Selected rows").click());
  expect([...root.querySelectorAll("[role=tab]")].map(({ textContent }) => textContent)).toEqual(["rows"]);
});

test("there is a search if the page holds a column", async () => {
  expect(named("Find rows")).toBe(null);
  leave();
  await open({}, ["note"]);
  expect(named("Find rows")).not.toBe(null);
});

test("keys that need Python do nothing", async () => {
  const map = root.querySelector(".tw-map") as HTMLElement;
  for (const [key, ctrlKey] of [
    [" ", false],
    ["z", true],
  ] as const)
    await act(() => void map.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true })));
  expect(store.awaiting.value).toBe(0);
});

const follow = (fragment: string) =>
  act(() => {
    history.replaceState(null, "", `#${fragment}`);
    window.dispatchEvent(new Event("hashchange"));
  });

test("a link selects its rows and moves the cameras; a bad one is ignored, with a word", async () => {
  const cameras: unknown[] = [];
  vi.spyOn(view.scatter as NonNullable<View["scatter"]>, "setCamera").mockImplementation((id, camera) => {
    cameras.push([id, camera]);
  });
  await follow("rows=0,2&view=1,2,3");
  expect([...store.selection.value]).toEqual([0, 2]);
  expect(cameras).toEqual([[0, { x: 1, y: 2, zoom: 3 }]]);
  expect(view.linked.value).toBe(true);
  await follow("rows=1&view=/1,2,3");
  expect(cameras.slice(1)).toEqual([
    [0, null],
    [1, { x: 1, y: 2, zoom: 3 }],
  ]);
  expect(view.linked.value).toBe(false);
  await follow("rows=7");
  expect([...store.selection.value]).toEqual([1]);
  const told = root.querySelector(".tw-link-told") as HTMLElement;
  expect(told.textContent).toContain("it names row 7, and there are 3");
  await act(() => named("Close this note").click());
  expect(root.querySelector(".tw-link-told")).toBe(null);
  await follow("rows=%3Cimg src=x>");
  expect(root.querySelector(".tw-link-told")?.textContent).toContain("ignores");
  expect(root.querySelectorAll("img").length).toBe(0);
});

test("the link to what is shown is copied, and stands in the address", async () => {
  const copied: string[] = [];
  const writeText = async (text: string) => void copied.push(text);
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  await act(() => store.select(Int32Array.of(0, 1, 2)));
  await act(async () => {
    named("Copy a link").click();
    await vi.waitFor(() => expect(view.linkTold.value).not.toBe(null));
  });
  expect(root.querySelector(".tw-link-told")?.textContent).toContain("copied");
  expect(copied).toEqual([location.href]);
  expect(location.hash).toBe("#rows=0-2");
});
