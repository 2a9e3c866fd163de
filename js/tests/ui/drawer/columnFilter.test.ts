// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DistributionReply } from "../../../src/wire/replies";
import type { ConditionTrait } from "../../../src/wire/traits";
import { filtering } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
afterEach(() => page.close());

const N = 120;
const SCALE = { least: 0, most: 29, quantity: "number", origin: null } as const;
/** Ten values of a number in each of three bins; the last but one is empty. */
const NUMBERS: DistributionReply = {
  ...SCALE,
  column: "width",
  ends: [[0, 9.5], [10, 19], null, [25, 29]],
  names: [],
  more: 0,
};
const KINDS: DistributionReply = {
  ...{ ...SCALE, least: 0, most: 0 },
  column: "species",
  ends: [],
  names: ["<b>bee</b>", "ant", "fly", "bug", "wasp"],
  more: 2,
};
const buffer = (codeOf: (row: number) => number) =>
  new DataView(Uint8Array.from({ length: N }, (_, row) => codeOf(row)).buffer);
/** 60 rows in the first bin, 30 in the second, 20 in the last; 10 are missing. */
const BINS = buffer((row) => (row < 60 ? 0 : row < 90 ? 1 : row < 110 ? 3 : 255));
/** 50 bees, 40 ants, 10 flies, 5 bugs, 5 wasps, 5 others, 5 missing. */
const VALUES = buffer((row) => [50, 90, 100, 105, 110].findIndex((end) => row < end));
for (let row = 110; row < N; row++) VALUES.setUint8(row, row < 115 ? 254 : 255);

beforeEach(async () => {
  page = await FakePage.open({
    _columns: [
      { name: "species", type: "category", feature: false },
      { name: "width", type: "number", feature: true },
    ],
  });
  await page.openDrawer("rows");
  await page.python.answerBatches();
  await page.python.answerTo("distribution", KINDS, VALUES);
  await page.python.answerTo("distribution", NUMBERS, BINS);
});

const histogram = () => page.find("[data-distribution=width]");
const bars = () => page.all("[data-distribution=species] .tw-value-bar");
const heights = (kind: string) =>
  page.all(`[data-distribution=width] rect.tw-${kind}-rows`).map((bar) => Number(bar.getAttribute("height")));
const handle = (end: 0 | 1) => histogram().querySelector(`[data-end="${end}"]`) as HTMLElement;
const conditions = (...all: Partial<ConditionTrait>[]) =>
  all.map((one) => ({ column: "width", range: null, values: null, negated: false, words: "", ...one }));
const filter = (rows: number[], ...all: Partial<ConditionTrait>[]) =>
  page.set("_filter", filtering(rows, { conditions: conditions(...all) }));

/** Presses on the histogram at a share of its width, moves to others, and lets go. */
async function drag(...shares: number[]): Promise<void> {
  const bar = histogram().querySelector(".tw-brush") as HTMLElement;
  bar.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
  const at = (type: string, share: number) =>
    act(
      () =>
        void bar.dispatchEvent(
          new PointerEvent(type, { clientX: 100 + 200 * share, bubbles: true, pointerId: 1 }),
        ),
    );
  await at("pointerdown", shares[0]);
  for (const share of shares) await at("pointermove", share);
  await at("pointerup", shares[shares.length - 1]);
}

test("each column has its distribution above the rows, asked for once", async () => {
  expect(heights("all")).toEqual([100, 50, 0, expect.closeTo(100 / 3)]);
  expect(page.texts(".tw-ends span")).toEqual(["0", "29"]);
  expect(bars().map(({ textContent }) => textContent)).toEqual([
    ...["<b>bee</b>50", "ant40", "fly10", "bug5", "missing5"],
  ]);
  expect(page.find("[data-distribution=species]").textContent).toContain("and 3 more");
  expect(page.made()).toBe(0);
  page.view.drawer.value = null;
  await page.openDrawer("rows");
  await page.python.answerBatches();
  expect([heights("all").length, page.python.isAsked("distribution")]).toEqual([4, false]);
});

test("nothing is asked while the drawer is closed", async () => {
  page.close();
  page = await FakePage.open();
  await page.python.select(1);
  expect(page.python.asked.some(({ name }) => name === "distribution")).toBe(false);
});

test("the part that is selected, or else passes the filter, is drawn within the whole", async () => {
  expect(heights("some")).toEqual([]);
  await filter([0, 1, 2, 60, 100], { range: [1, null] });
  expect(heights("some")).toEqual([5, 4, 0, 4]);
  await page.python.select(...Array.from({ length: 30 }, (_, row) => row));
  expect(heights("some")).toEqual([50, 0, 0, 0]);
  await page.python.answerBatches();
  expect(bars()[0].title).toBe("<b>bee</b>: 30 of 50 rows selected. Click filters by it");
});

test("a drag filters by the values that there are in the bins", async () => {
  await drag(0.3, 0.6);
  expect(page.commands()).toEqual([{ name: "filter", column: "width", range: [10, 19], values: null }]);
});

test("a drag to the end has no limit there, and one over all takes the condition away", async () => {
  await drag(0.9, 0.4);
  expect(page.commands()).toEqual([{ name: "filter", column: "width", range: [10, null], values: null }]);
  await drag(0, 1);
  expect(page.commands()).toHaveLength(1); // there is no condition yet
  await filter([70], { range: [10, null] });
  await drag(0, 1);
  expect(page.commands().at(-1)).toEqual({ name: "filter", column: "width", range: null, values: null });
});

test("a click filters by one bar, and a click on it again does not", async () => {
  await drag(0.3);
  expect(page.commands()).toEqual([{ name: "filter", column: "width", range: [10, 19], values: null }]);
  await filter([70], { range: [10, 19] });
  await drag(0.3);
  expect(page.commands().at(-1)).toEqual({ name: "filter", column: "width", range: null, values: null });
});

test("the ends are sliders: keys move them, and letting go filters", async () => {
  expect(["aria-valuenow", "aria-valuetext"].map((name) => handle(0).getAttribute(name))).toEqual(["0", "0"]);
  await page.key(handle(0), "ArrowRight");
  expect([handle(0).getAttribute("aria-valuetext"), page.commands()]).toEqual(["10", []]);
  await act(() => void handle(0).dispatchEvent(new KeyboardEvent("keyup", { key: "ArrowRight" })));
  expect(page.commands()).toEqual([{ name: "filter", column: "width", range: [10, null], values: null }]);
  await page.key(handle(1), "Home");
  expect(handle(1).getAttribute("aria-valuenow")).toBe("0");
});

test("the range of a filter is where the sliders are, whoever set it", async () => {
  await filter([60], { range: [12, 27] });
  expect([handle(0), handle(1)].map((each) => each.getAttribute("aria-valuenow"))).toEqual(["1", "3"]);
  expect(page.texts(".tw-ends span")).toEqual(["12", "27"]);
  await filter([60], { range: [12, 27], negated: true });
  expect([handle(0), handle(1)].map((each) => each.getAttribute("aria-valuenow"))).toEqual(["0", "3"]);
});

test("clicks on bars add values to those that pass and take them away", async () => {
  await page.click(bars()[1]);
  expect(page.commands()).toEqual([{ name: "filter", column: "species", range: null, values: ["ant"] }]);
  await filter([55], { column: "species", values: ["ant"] });
  expect(bars().map((bar) => bar.getAttribute("aria-pressed"))).toEqual([
    "false",
    "true",
    "false",
    "false",
    "false",
  ]);
  await page.click(bars()[4]);
  expect(page.commands().at(-1)).toMatchObject({ column: "species", values: ["ant", null] });
  await page.click(bars()[1]);
  expect(page.commands().at(-1)).toEqual({ name: "filter", column: "species", range: null, values: null });
});

test("a value that is filtered by is listed even if it is rare", async () => {
  await filter([107], { column: "species", values: ["wasp"] });
  expect(bars().some(({ textContent }) => textContent === "wasp5")).toBe(true);
});

test("if no row passes, the drawer says so", async () => {
  await filter([], { range: [12, 27] });
  await page.python.answerBatches();
  expect(page.find(".tw-drawer").textContent).toContain("no row passes the filter");
});
