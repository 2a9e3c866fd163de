// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowsToWire } from "../../../src/wire/bytes";
import { run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const ROWS = Array.from({ length: 120 }, (_, row) => row);
let page: FakePage;

beforeEach(async () => {
  page = await FakePage.open();
});
afterEach(() => page.close());

const listed = () => page.all(".tw-rows tbody tr").map((row) => Number(row.dataset.row));
const heads = () => page.texts(".tw-rows thead th .tw-name, .tw-rows thead th:not(:has(.tw-name))");
const drawer = () => page.find(".tw-drawer");

async function openRows(...rows: number[]): Promise<void> {
  await page.python.select(...rows);
  await page.openDrawer("rows");
  await page.python.answerBatches();
}

test("without a selection the drawer lists all rows, with one the selected rows", async () => {
  await page.openDrawer("rows");
  await page.python.answerBatches();
  expect([drawer().dataset.rows, listed().slice(0, 3)]).toEqual(["120", [0, 1, 2]]);
  expect(page.find("table").getAttribute("aria-label")).toBe("All rows");
  await page.openDrawer("contrast");
  expect(drawer().textContent).toContain("no rows are selected: select some to see");
  await page.openDrawer("rows");
  await page.python.select(3, 5);
  await page.python.answerBatches();
  expect([listed(), drawer().dataset.rows]).toEqual([[3, 5], "2"]);
});

test("rows come in batches, and another selection starts at its first", async () => {
  await openRows(...ROWS);
  for (const [button, number, from, to] of [
    ["", 1, 0, 50],
    ["Rows after", 2, 50, 100],
    ["Last rows", 3, 100, 120],
    ["Rows before", 2, 50, 100],
    ["First rows", 1, 0, 50],
  ] as const) {
    if (button) await page.click(button);
    await page.python.answerBatches();
    expect([drawer().dataset.batch, listed()]).toEqual([String(number), ROWS.slice(from, to)]);
    expect(drawer().textContent).toContain(`rows ${from + 1}–${to} of 120`);
  }
  await page.click("Last rows");
  await page.python.answerBatches();
  await page.python.select(7, 8, 9);
  await page.python.answerBatches();
  expect([drawer().dataset.batch, listed()]).toEqual(["1", [7, 8, 9]]);
});

test("a click on a header sorts all selected rows from the first batch; a third click restores their order", async () => {
  await openRows(...ROWS);
  const width = () => page.all(".tw-rows thead th")[2];
  const sorts = [];
  for (let i = 0; i < 3; i++) {
    await page.click("Last rows");
    await page.python.answerBatches();
    await page.click(width().querySelector("button") as HTMLElement);
    await page.python.answerBatches();
    const asked = page.python.asked.at(-1);
    sorts.push([width().getAttribute("aria-sort"), asked?.name === "rows" && asked.sort]);
    expect([drawer().dataset.batch, asked]).toMatchObject(["1", { rows: null, offset: 0 }]);
  }
  expect(sorts).toEqual([
    ["ascending", { column: "width", descending: false }],
    ["descending", { column: "width", descending: true }],
    ["none", null],
  ]);
});

test("columns are chosen by clicks and keys, and the drawer and the selection stay", async () => {
  await openRows(1, 2, 3);
  expect([page.find("table[aria-label='Selected rows']") === null, heads()]).toEqual([
    false,
    ["id", "species", "width", "height"],
  ]);
  const menu = await page.openMenu("Columns of the table: 3 of 3 columns");
  await page.click(menu.querySelector("[data-value='width']") as HTMLElement);
  const field = menu.querySelector("input") as HTMLElement;
  await page.fill(field, "HEIG");
  expect(menu.querySelector(".tw-option")?.textContent).toBe("✓heightnumber");
  await page.key(field, "Enter");
  await page.python.answerBatches();
  expect(heads()).toEqual(["id", "species"]);
  expect(page.named("Columns of the table: 1 of 3 columns")).toBeDefined();
  expect([drawer() === null, page.root.dataset.selected]).toEqual([false, "3"]);
});

test("rows without an index show their positions; a nameless index is called 'index'", async () => {
  for (const [index, head] of [
    [null, "row"],
    ["", "index"],
  ] as const) {
    page.close();
    page = await FakePage.open({ _rows: { index, image: false } });
    await page.python.select(4);
    await page.openDrawer("rows");
    const result = page.python.batch({
      name: "rows",
      rows: null,
      offset: 0,
      limit: 1,
      sort: null,
      columns: [],
    });
    await page.python.answerTo("rows", { ...result, index: index === null ? null : ["cell-4"] });
    expect(page.texts(".tw-rows thead th")).toEqual([head]);
    expect(page.texts(".tw-rows tbody th")).toEqual([index === null ? "4" : "cell-4"]);
  }
});

test("the table shows pictures of rows and of a column, and says if one is missing", async () => {
  await page.python.select(0, 1);
  await page.openDrawer("rows");
  const picture = { kind: "raw", width: 8, height: 4, channels: 1, buffer: 0 } as const;
  const bytes = new DataView(new Uint8Array(32).buffer);
  await page.python.answerTo(
    "rows",
    {
      total: 2,
      positions: [0, 1],
      index: ["a", "b"],
      columns: [{ name: "photo", type: "image", values: [picture, null] }],
      images: [picture, picture],
      image_error: null,
    },
    bytes,
  );
  expect(page.texts(".tw-rows thead th")).toEqual(["id", "image", "photo"]);
  const pictures = page.all("td.tw-of-image canvas.tw-picture");
  expect(pictures.map(({ style }) => style.width)).toEqual(["32px", "32px", "32px"]); // 8 pixels, four times as large
  const missing = page.find("tr[data-row='1'] td:last-child.tw-of-image [aria-label='missing']");
  expect(missing.textContent).toBe("–");
});

test("a title shows in full any text that may be cut off", async () => {
  await page.python.select(0, 1, 2);
  await page.openDrawer("rows");
  const long = `${"word ".repeat(40)}end`;
  await page.python.answerTo("rows", {
    total: 3,
    positions: [0, 1, 2],
    index: null,
    columns: [{ name: "note", type: "text", values: [long, "short 1", null] }],
    images: null,
    image_error: null,
  });
  const cells = page.all("td.tw-of-text .tw-cell");
  expect(cells.map((cell) => [cell.textContent, cell.getAttribute("title")])).toEqual([
    [long, long],
    ["short 1", null],
  ]);
  expect(page.find("tr[data-row='2'] td [aria-label='missing']").textContent).toBe("–");
});

const histogram = [0.5, 0.5];
const number = (feature: string, effect: string) => ({
  ...{ feature, effect, selected_mean: "2", other_mean: "1", low: "0", high: "3" },
  ...{ selected_histogram: histogram, other_histogram: histogram },
});
const reply = {
  selected: 40,
  other: 50,
  numbers: [number("width", "+2.50"), number("height", "−1.23")],
  numbers_total: 2,
  categories: [
    { column: "species", category: "cat", effect: "+50", selected_share: 0.75, other_share: 0.25 },
  ],
  categories_total: 1,
  words: [],
  words_total: 0,
  numbered: [],
  numbered_total: 0,
  labels: [
    { name: "ant", count: 30, share: 0.75, of: 0.5 },
    { name: "bee", count: 10, share: 0.25, of: 1 / 6 },
  ],
};

test("what sets rows apart is drawn, strongest first, with the labels of the rows", async () => {
  await page.python.select(...ROWS.slice(0, 40));
  await page.openDrawer("contrast");
  await page.python.answerTo("contrast", reply);
  const numbers = page.all("tr[data-feature]:not([data-category])");
  expect(numbers.map((row) => [row.dataset.feature, row.children[1].textContent])).toEqual([
    ["width", "+2.50"],
    ["height", "−1.23"],
  ]);
  expect(page.all("svg.tw-distribution path.tw-here")).toHaveLength(2);
  expect({ ...page.find("tr[data-category]").dataset }).toMatchObject({
    feature: "species",
    category: "cat",
  });
  expect(
    page.all("tr[data-label]").map((row) => [...row.children].map(({ textContent }) => textContent)),
  ).toEqual([
    ["ant", "30", "75 %", "50 %"],
    ["bee", "10", "25 %", "17 %"],
  ]);
  expect(drawer().textContent).toContain("no p-values: the rows were chosen by looking");
});

test("a comparison with a group shows its name and a count without the selected rows", async () => {
  const name = "<b>flyers</b>";
  await page.set("_groups", [{ name, color: "#000000", rows: rowsToWire(Int32Array.from(ROWS.slice(60))) }]);
  await page.python.select(...ROWS.slice(0, 40));
  await page.openDrawer("contrast");
  await page.python.answerTo("contrast", reply);
  await page.fill(page.named("compared with"), "0");
  expect(page.python.asked.at(-1)).toMatchObject({ name: "contrast", against: name });
  await page.python.answerTo("contrast", reply);
  expect(page.find("[data-contrast]").dataset.contrast).toBe(name);
  expect(page.named("compared with").parentElement?.textContent).toContain("50 rows");
  expect([drawer().textContent?.includes(name), page.made()]).toEqual([true, 0]);
});

test("Escape closes the drawer, a second Escape clears the selection, and the drawer's button closes it too", async () => {
  await openRows(1, 2, 3);
  await page.key(page.find("[role=tab][data-tab=rows]"), "ArrowRight");
  expect(drawer().dataset.tab).toBe("contrast");
  await page.key(document.activeElement as HTMLElement, "Escape");
  expect([drawer(), page.root.dataset.selected]).toEqual([null, "3"]);
  expect(document.activeElement).toBe(page.find(".tw-map"));
  await page.key(document.activeElement as HTMLElement, "Escape");
  expect(page.root.dataset.selected).toBe("0");
  await page.openDrawer("rows");
  await page.click("Close the drawer");
  expect(drawer()).toBeNull();
});

test("each map has a sentence", async () => {
  page.close();
  const codes = new DataView(Uint16Array.from(ROWS, (row) => row % 3).buffer);
  const names = ["ant", "bee", "cat"];
  page = await FakePage.open({
    _runs: [run(0, { perplexity: 20 }), run(1, { perplexity: 30 })],
    _labels: {
      kind: "categories",
      name: "kind",
      names,
      counts: [40, 40, 40],
      has_missing: false,
      colors: [],
      codes,
    },
  });
  await page.openDrawer("distances");
  const said = (sentence: string) =>
    page.python.answerTo("group_distances", { names, rho: 0.5, sentence, pairs: [], pairs_total: 3 });
  await said("of one map");
  await page.fill(page.all(".tw-drawer select").at(-1) as HTMLElement, "all");
  await said("of the first");
  await said("of the second");
  expect(page.all("tr[data-run][data-told='true']").map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining("of the first"),
    expect.stringContaining("of the second"),
  ]);
});

test("three groups are measured; with fewer the tab says what it needs", async () => {
  await page.openDrawer("distances");
  await page.fill(page.find(".tw-drawer select"), "groups");
  expect(drawer().textContent).toContain("needs at least three groups, found 0: save 3 more");
  const rows = rowsToWire(Int32Array.of(1));
  await page.set(
    "_groups",
    ["<i>a</i>", "b", "c"].map((name) => ({ name, color: "#000000", rows })),
  );
  expect(page.python.asked.at(-1)).toEqual({ name: "group_distances", by: "groups", run: 0 });
  const sentence = "between 3 groups";
  await page.python.answerTo("group_distances", {
    names: ["<i>a</i>", "b", "c"],
    rho: 0.25,
    sentence,
    pairs: [{ a: 0, b: 1, original: 1, map: 2, original_rank: 1, map_rank: 3 }],
    pairs_total: 3,
  });
  expect(page.find("[data-rho]").dataset.rho).toBe("0.25");
  expect(drawer().textContent).toContain(sentence);
  expect([
    drawer().textContent?.includes("<i>a</i>"),
    page.all("i").some((i) => i.textContent === "a"),
  ]).toEqual([true, false]);
});
