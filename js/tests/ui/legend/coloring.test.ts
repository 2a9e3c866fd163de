// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { MISSING_COLOR } from "../../../src/scatter";
import type { ColumnTrait, Labels, Traits } from "../../../src/wire/traits";
import { MEASURES } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const N = 120;
const [CROWD, REACH] = MEASURES.filter(({ needs }) => needs === "data" || needs === "row");
const COLUMNS: ColumnTrait[] = [
  { name: "c", type: "number", feature: false },
  { name: "few", type: "number", feature: false },
  { name: "kind", type: "category", feature: false },
  { name: "thing", type: "object", feature: false },
  { name: "photo", type: "image", feature: false },
];
let page: FakePage;

function categories(name: string, names: string[], has_missing = false): Labels {
  const codes = new DataView(Uint16Array.from({ length: N }, (_, row) => row % names.length).buffer);
  return {
    kind: "categories",
    name,
    names,
    counts: names.map(() => N / names.length),
    has_missing,
    colors: [],
    codes,
  };
}

function scale(name: string, ends: { low: number; high: number; least: number; most: number }): Labels {
  const values = new DataView(Float32Array.from({ length: N }, (_, row) => row).buffer);
  return { kind: "scale", name, ...ends, quantity: "number", colors: [], origin: null, values };
}

/** As Python colors by a column. */
async function color(labels: Labels | null, changes: Partial<Traits["_color"]> = {}): Promise<void> {
  await page.set("_labels", labels);
  const column = labels?.name ?? null;
  const kinds = labels ? [labels.kind] : [];
  await page.set("_color", { mode: "labels", column, kinds, transforms: [], ...changes });
}

beforeEach(async () => {
  page = await FakePage.open({ _columns: COLUMNS });
});
afterEach(() => page.close());

const entries = () =>
  page
    .all(".tw-legend [aria-label=Labels] .tw-entry")
    .map((entry) => [...entry.querySelectorAll(".tw-name, .tw-count")].map(({ textContent }) => textContent));
const bars = () => page.all(".tw-legend .tw-colorbar");

test("columns of values and what is measured are offered; objects and pictures are not", async () => {
  const menu = await page.openMenu("What colours the points");
  const options = [...menu.querySelectorAll(".tw-option .tw-name")].map(({ textContent }) => textContent);
  expect(options).toEqual([
    ...["no colour", "groups"],
    ...MEASURES.filter(({ needs }) => needs !== "maps").map(({ label }) => label),
    ...["c", "few", "kind"],
  ]);
});

test("choices stand below their headings, each once, and keys reach all of them", async () => {
  const [first, ...others] = MEASURES.filter(({ needs }) => needs !== "maps");
  const headed = others.map((measure) => ({ ...measure, heading: "read <b>", description: "it says <b>" }));
  await page.set("_measures", [first, ...headed]);
  const menu = await page.openMenu("What colours the points");
  const list = menu.querySelector("[role=listbox]") as HTMLElement;
  const told = [...list.children].map((each) => each.textContent?.replace(/^•|number|category/g, ""));
  expect(told).toEqual([
    ...["no colour", "groups", first.label, "read <b>"],
    ...headed.map(({ label }) => label),
    ...["columns", "c", "few", "kind"],
  ]);
  const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
  expect(options).toHaveLength(told.length - 2);
  expect(options[3].title).toBe(`${headed[0].label}: it says <b>`);
});

test("the picked choice is sent to Python", async () => {
  for (const [words, mode, column] of [
    ["few", "labels", "few"],
    ["groups", "groups", null],
    [REACH.label, REACH.name, null],
    ["no colour", "labels", null],
  ]) {
    const menu = await page.openMenu("What colours the points");
    const option = [...menu.querySelectorAll<HTMLElement>(".tw-option")].find((each) =>
      each.title.startsWith(words as string),
    );
    await page.click(option as HTMLElement);
    expect(page.commands().at(-1)).toEqual({ name: "color", mode, column, kind: null });
  }
});

test("numbers have a bar whose ends say that values lie beyond, and its title where", async () => {
  await color(scale("c", { low: 2, high: 116, least: -7, most: 1000 }));
  const [bar] = bars();
  expect([...bar.querySelectorAll("span")].map(({ textContent }) => textContent?.trim())).toEqual([
    "≤ 2",
    "≥ 116",
  ]);
  expect(bar.title).toContain("1,000");
  expect([page.root.dataset.column, page.root.dataset.color, entries()]).toEqual(["c", "labels", []]);
});

test("a column of few numbers shows as categories or as numbers, with a link to the other", async () => {
  const both = { kinds: ["categories", "scale"] as Labels["kind"][] };
  await color(categories("few", ["0", "1", "2", "3", "4"]), both);
  expect([entries().length, bars().length]).toEqual([5, 0]);
  await page.click("show as numbers");
  expect(page.commands().at(-1)).toEqual({ name: "color", mode: "labels", column: "few", kind: "scale" });
  await color(scale("few", { low: 0, high: 4, least: 0, most: 4 }), both);
  expect([entries().length, bars().length]).toEqual([0, 1]);
  await page.click("show as categories");
  expect(page.commands().at(-1)).toMatchObject({ column: "few", kind: "categories" });
  await color(categories("kind", ["ant", "bee", "cat", "dog"]));
  expect([entries().length, page.named("show as")]).toEqual([4, undefined]);
});

test("without a color there are neither entries nor a bar", async () => {
  await color(categories("kind", ["ant", "bee"]));
  await color(null);
  expect([page.root.dataset.column, page.root.dataset.color]).toEqual(["", "labels"]);
  expect([entries(), bars()]).toEqual([[], []]);
});

test("Python's choice of colour is shown, and the previous column comes back", async () => {
  await color(categories("kind", ["ant", "bee"]), { mode: "groups" });
  expect([page.root.dataset.color, page.find(".tw-legend").textContent]).toEqual([
    "groups",
    expect.stringContaining("no group yet"),
  ]);
  await color(categories("few", ["0", "1", "2"]));
  expect([page.root.dataset.color, page.root.dataset.column]).toEqual(["labels", "few"]);
  expect(entries()).toEqual([
    ["0", "40"],
    ["1", "40"],
    ["2", "40"],
  ]);
});

test("categories keep their order, and the missing ones come last and grey", async () => {
  await color(categories("kind", ["dog", "cat", "ant", "missing"], true));
  expect(entries().map(([name]) => name)).toEqual(["dog", "cat", "ant", "missing"]);
  const grey = page.all(".tw-entry i").at(-1)?.style.background.match(/\d+/g)?.map(Number);
  expect(grey).toEqual([...MISSING_COLOR]);
  expect(Math.max(...MISSING_COLOR) - Math.min(...MISSING_COLOR)).toBeLessThan(20);
});

test("dates have a bar with dates at its ends", async () => {
  const day = 24 * 3600;
  const ends = { low: 4 * day, high: 234 * day, least: 0, most: 239 * day };
  const start = "2024-01-01T00:00:00";
  await color({ ...scale("day", ends), quantity: "moment", colors: [], origin: start } as Labels);
  expect(page.texts(".tw-colorbar span").map((text) => text?.trim())).toEqual([
    "≤ 2024-01-05",
    "≥ 2024-08-22",
  ]);
});

test("ten thousand labels share colors, which the legend says, and those not listed are counted", async () => {
  page.close();
  const n = 10_000;
  const names = Array.from({ length: n }, (_, row) => `name ${row}`);
  const codes = new DataView(Uint16Array.from(names, (_, row) => row).buffer);
  page = await FakePage.open({
    _points: { n, features: 4, note: "", doubt: "", weights: "", saved: true, known: "rows" },
    _labels: {
      kind: "categories",
      name: "labels",
      names,
      counts: names.map(() => 1),
      has_missing: false,
      colors: [],
      codes,
    },
    _color: { mode: "labels", column: "labels", kinds: ["categories"], transforms: [] },
  });
  const { textContent } = page.find(".tw-legend");
  expect(textContent).toContain("10,000 labels share 40 colours");
  expect(textContent).toContain("and 9,800 more");
  expect(entries()).toHaveLength(200);
  expect(new Set(page.all(".tw-entry i").map(({ style }) => style.background)).size).toBe(40);
});

test("Python's reason for a missing measure is shown", async () => {
  await color(null, { mode: CROWD.name });
  await page.python.refuse("the neighbours have not been searched yet");
  expect(page.find(".tw-legend").textContent).toContain("the neighbours have not been searched yet");
});

test("size and opacity are set by sliders or left to the widget", async () => {
  await page.set("point_size", 3);
  await page.set("opacity", 1);
  const menu = await page.openMenu("How points look");
  const amounts = () =>
    [...menu.querySelectorAll(".tw-amount .tw-value")].map(({ textContent }) => textContent?.trim());
  expect(amounts()).toEqual(["3 px", "1"]);
  for (const [name, trait, value] of [
    ["size", "point_size", 8],
    ["opacity", "opacity", 0.1],
  ] as const) {
    await page.fill(menu.querySelector(`[type=range][aria-label=${name}]`) as HTMLElement, String(value));
    expect(page.python.model.traits[trait]).toBe(value);
  }
  for (const box of menu.querySelectorAll<HTMLElement>(".tw-amount [type=checkbox]")) box.click();
  expect([page.python.model.traits.point_size, page.python.model.traits.opacity]).toEqual(["auto", "auto"]);
});
