// @vitest-environment happy-dom
/** Markup in labels, names, values and the index is text, wherever it is shown, and makes no element. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rowsToWire } from "../../src/wire/bytes";
import { FakePage } from "../fakes/page";

const IMAGE = "<img src=x onerror=window.hacked=1>";
const SCRIPT = "<script>window.hacked=1</script>";
const NAMES = [IMAGE, SCRIPT, "c"];
let page: FakePage;

beforeEach(async () => {
  page = await FakePage.open({
    tooltip_columns: ["note", "thing", SCRIPT],
    _rows: { index: IMAGE, image: false },
    _labels: {
      ...{
        kind: "categories",
        name: IMAGE,
        names: NAMES,
        counts: [40, 40, 40],
        has_missing: false,
        colors: [],
      },
      codes: new DataView(Uint16Array.from({ length: 120 }, (_, row) => row % 3).buffer),
    },
    _color: { mode: "labels", column: IMAGE, kinds: ["categories"], transforms: [] },
    _columns: [
      { name: SCRIPT, type: "number", feature: true },
      { name: IMAGE, type: "category", feature: false },
      { name: "note", type: "text", feature: false },
      { name: "thing", type: "object", feature: false },
    ],
    _groups: NAMES.map((name, row) => ({ name, color: "#0072b2", rows: rowsToWire(Int32Array.of(row)) })),
  });
});
afterEach(() => page.close());

function expectText(place: HTMLElement, ...texts: string[]): void {
  for (const text of texts) expect(place.textContent).toContain(text);
  expect(page.made()).toBe(0);
}

const columns = [
  { name: SCRIPT, type: "number" as const, values: [1.5] },
  { name: "note", type: "text" as const, values: [`${SCRIPT} 0`] },
  { name: "thing", type: "object" as const, values: [`{'${IMAGE}': '${SCRIPT}'}`] },
];
const rows = { total: 1, positions: [0], index: [`0 ${IMAGE}`], columns, images: null, image_error: null };

test("in the legend, the groups, the tooltip and what colors", async () => {
  expectText(page.find(".tw-legend"), IMAGE, SCRIPT);
  expectText(page.find("[aria-label=Groups]"), IMAGE, SCRIPT);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  await page.pointAt(0);
  await act(() => void vi.advanceTimersByTime(100));
  vi.useRealTimers();
  await page.python.answerTo("rows", rows);
  expectText(page.find(".tw-tooltip[data-complete=true]"), IMAGE, `0 ${IMAGE}`, `${SCRIPT} 0`, SCRIPT);
  expectText(await page.openMenu("What colours the points"), IMAGE, SCRIPT);
  await page.click(page.all(".tw-option").find((option) => option.dataset.value === SCRIPT) as HTMLElement);
  expect(page.commands().at(-1)).toMatchObject({ name: "color", column: SCRIPT });
  const values = new DataView(new Float32Array(120).buffer);
  const ends = { low: 0, high: 1, least: 0, most: 1 };
  await page.set("_labels", {
    kind: "scale",
    name: SCRIPT,
    ...ends,
    quantity: "number",
    colors: [],
    origin: null,
    values,
  });
  await page.set("_color", { mode: "labels", column: SCRIPT, kinds: ["scale"], transforms: [] });
  expectText(page.find(".tw-coloring"), SCRIPT);
  expect(page.root.dataset.column).toBe(SCRIPT);
});

test("in the table", async () => {
  await page.python.select(0);
  await page.openDrawer("rows");
  await page.python.answerTo("rows", rows);
  expectText(page.find(".tw-drawer thead"), IMAGE, SCRIPT);
  expectText(page.find(".tw-drawer tbody"), `0 ${IMAGE}`, `${SCRIPT} 0`, SCRIPT);
});

test("in what sets rows apart, also from a group of such a name", async () => {
  await page.python.select(0, 1);
  await page.openDrawer("contrast");
  const reply = {
    selected: 2,
    other: 118,
    numbers: [
      {
        ...{ feature: SCRIPT, effect: IMAGE, selected_mean: SCRIPT },
        ...{ other_mean: IMAGE, low: SCRIPT, high: "1", selected_histogram: [1], other_histogram: [1] },
      },
    ],
    numbers_total: 1,
    categories: [{ column: IMAGE, category: SCRIPT, effect: SCRIPT, selected_share: 1, other_share: 0 }],
    categories_total: 1,
    words: [],
    words_total: 0,
    numbered: [],
    numbered_total: 0,
    labels: [{ name: IMAGE, count: 2, share: 1, of: 0.1 }],
  };
  await page.python.answerTo("contrast", reply);
  expectText(page.find(".tw-drawer"), IMAGE, SCRIPT);
  await page.fill(page.named("compared with"), "1");
  await page.python.answerTo("contrast", reply);
  expect(page.find("[data-contrast]").dataset.contrast).toBe(SCRIPT);
  expectText(page.find(".tw-drawer"), SCRIPT);
});

test("in distances between labels and groups", async () => {
  await page.openDrawer("distances");
  const pairs = [{ a: 0, b: 1, original: 1, map: 2, original_rank: 1, map_rank: 3 }];
  const reply = { names: NAMES, rho: 0.5, sentence: "3 groups", pairs, pairs_total: 3 };
  await page.python.answerTo("group_distances", reply);
  expectText(page.find(".tw-drawer"), IMAGE, SCRIPT);
  await page.fill(page.find(".tw-drawer select"), "groups");
  await page.python.answerTo("group_distances", reply);
  expectText(page.find(".tw-drawer"), "3 groups", IMAGE);
});

test("in the search and in what Python refuses", async () => {
  const menu = await page.openMenu("Find rows by text");
  await page.fill(menu.querySelector("[aria-label='Text to find']") as HTMLElement, IMAGE);
  const found = rowsToWire(Int32Array.from({ length: 120 }, (_, row) => row));
  const hits = [{ row: 3, label: SCRIPT, column: IMAGE, value: IMAGE }];
  await page.python.answerTo("find", { count: 120, searched: [IMAGE], hits }, found);
  expect(page.find(".tw-search").dataset.found).toBe("120");
  await page.click(menu.querySelector("[aria-label^='Column to search']") as HTMLElement);
  expectText(page.find(".tw-columns"), IMAGE);
  await page.click("Rename c");
  await page.fill(page.named("New name of c"), IMAGE);
  await page.key(page.named("New name of c"), "Enter");
  const asked = page.python.model.of("command").at(-1);
  const error = `there is a group '${IMAGE}' already`;
  await act(() => page.python.model.say({ type: "answer", client: asked?.client, id: asked?.id, error }));
  expectText(page.find("[role=alert]"), IMAGE);
});
