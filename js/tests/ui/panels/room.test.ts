// @vitest-environment happy-dom
/** The room that the map has: its edge, its buttons, the wheel, what its state says when it stops. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takesWheel } from "../../../src/view/wheel";
import { layoutOf, news, run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const STOPPED = {
  run: 0,
  iteration: 1000,
  limit: 1000,
  playing: false,
  ended: true,
  stage: "not settled yet",
};
const GOING_ON = {
  advice: "going on may help",
  may_go_on: true,
  reason: "KL and points still change (by 0.01)",
};
let page: FakePage;
let number = 1;

beforeEach(async () => {
  page = await FakePage.open();
});
afterEach(() => {
  page.close();
  vi.restoreAllMocks();
});

const edge = (of: string) => page.find(`[aria-label='Height of the ${of}']`);
const say = (told: object) =>
  act(() => page.python.model.say(news(++number, told as never), layoutOf(...new Array(240).fill(0))));
const scrolls = (much: boolean) =>
  vi.spyOn(document.documentElement, "scrollHeight", "get").mockReturnValue(much ? 5000 : 0);

test("the arrow keys move the map's edge, and Python hears of it", async () => {
  const before = page.view.height.value;
  await page.key(edge("map"), "ArrowUp");
  expect(page.view.height.value).toBe(before - 20);
  expect(page.python.model.traits.height).toBe(before - 20);
  await page.set("height", 300);
  expect(page.view.height.value).toBe(300);
});

test("with the drawer open, map and drawer fit into the window, until the edge is dragged", async () => {
  vi.stubGlobal("innerHeight", 700);
  await page.set("height", 560);
  await page.openDrawer("rows");
  expect(page.view.height.value).toBe(450);
  await page.key(edge("drawer"), "ArrowDown");
  expect(page.view.height.value).toBe(430);
  await page.key(edge("map"), "ArrowDown");
  expect(page.view.height.value).toBe(450);
  await page.click("Close the drawer");
  expect(page.view.height.value).toBe(450);
  vi.unstubAllGlobals();
});

test("on the full screen the map fills what the bars leave", async () => {
  vi.stubGlobal("innerHeight", 1000);
  await act(() => {
    page.view.fullScreen.value = true;
  });
  expect(page.view.height.value).toBe(1000);
  expect(edge("map")).toBeNull();
  vi.unstubAllGlobals();
});

test("the wheel scrolls the page, zooms with Ctrl, with the focus, and where nothing can be scrolled", async () => {
  const wheel = (keys = {}) =>
    takesWheel(page.view, { ctrlKey: false, metaKey: false, ...keys } as WheelEvent);
  scrolls(true);
  expect([wheel(), wheel({ ctrlKey: true }), wheel({ metaKey: true })]).toEqual([false, true, true]);
  page.view.focusMap();
  expect(wheel()).toBe(true);
  (document.activeElement as HTMLElement).blur();
  expect(wheel()).toBe(false);
  scrolls(false);
  expect(wheel()).toBe(true);
});

test("buttons on the map zoom it and fit it", async () => {
  const scatter = { zoomBy: vi.fn(), fit: vi.fn() };
  page.view.scatter = scatter as never;
  for (const label of ["Zoom in", "Zoom out", "Fit the map"]) await page.click(label);
  expect(scatter.zoomBy.mock.calls.map(([factor]) => factor)).toEqual([1.25, 1 / 1.25]);
  expect(scatter.fit).toHaveBeenCalledOnce();
  page.view.scatter = null;
});

test("a map that is not settled says what may help, and offers it; the figures behind it are a tooltip", async () => {
  await say({ ...STOPPED, ...GOING_ON });
  const state = page.find(".tw-state");
  expect(state.textContent).toBe("not settled yet: going on may help go on");
  expect(state.title).toContain("by 0.01");
  await page.click("go on");
  expect(page.commands()).toEqual([{ name: "play", run: 0 }]);
  await say({ ...STOPPED, advice: "raise learning_rate, which is 3" });
  expect(page.find(".tw-state").textContent).toBe("not settled yet: raise learning_rate, which is 3 ");
  expect(page.named("go on")).toBeUndefined();
});

test("where the seed changes almost nothing, its button says so and offers a random start", async () => {
  page.close();
  page = await FakePage.open({ _runs: [run(0)] });
  const menu = await page.openMenu("Next seed");
  expect(menu.textContent).toContain("seed changes almost nothing");
  await page.click("start at random");
  expect(page.commands()).toEqual([{ name: "change", axis: "init", value: "random", run: null }]);
  await page.openMenu("Next seed");
  await page.click("next seed all the same");
  expect(page.commands().at(-1)).toEqual({ name: "change", axis: "random_state", value: 1, run: null });
  await page.set("_runs", [run(0, { init: "random" })]);
  await page.click("Next seed: restart");
  expect(page.commands()).toHaveLength(3);
});
