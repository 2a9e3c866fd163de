// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakePage } from "../../fakes/page";

let page: FakePage;
const names = ["ant", "bee"];

beforeEach(async () => {
  page = await FakePage.open({
    tooltip_columns: ["width"],
    _labels: {
      ...{ kind: "categories", name: "kind", names, counts: [60, 60], has_missing: false, colors: [] },
      codes: new DataView(Uint16Array.from({ length: 120 }, (_, row) => Number(row >= 60)).buffer),
    },
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  page.close();
});

const tooltip = () => page.find(".tw-tooltip");
const facts = () => page.texts(".tw-tooltip .tw-fact");

/** Points at a row until all is known of it. */
async function rest(row: number): Promise<void> {
  await page.pointAt(row);
  await act(() => void vi.advanceTimersByTime(100));
  await page.python.answerBatches();
}

test("a tooltip tells the label at once, and the index and columns when they are known", async () => {
  await page.pointAt(77);
  expect([tooltip().textContent, tooltip().dataset.complete]).toEqual(["beerow 77", "false"]);
  await rest(76);
  expect([tooltip().querySelector(".tw-first")?.textContent, facts()]).toEqual([
    "beerow 76 · id 76",
    ["width 19"],
  ]);
  expect({ ...tooltip().dataset }).toMatchObject({ row: "76", complete: "true" });
  await page.pointAt(null);
  expect(tooltip()).toBeNull();
});

test("it shows missing values and pictures", async () => {
  await page.pointAt(0);
  await act(() => void vi.advanceTimersByTime(100));
  const picture = { kind: "raw", width: 4, height: 8, channels: 3, buffer: 0 } as const;
  await page.python.answerTo(
    "rows",
    {
      total: 1,
      positions: [0],
      index: ["cell-0"],
      columns: [
        { name: "age", type: "number", values: [null] },
        { name: "seen", type: "date", values: ["2024-05-01"] },
      ],
      images: [picture],
      image_error: null,
    },
    new DataView(new Uint8Array(96).buffer),
  );
  expect(facts()).toEqual(["age –", "seen 2024-05-01"]);
  const { width, height } = page.find(".tw-tooltip canvas.tw-picture").style;
  expect([width, height]).toEqual(["48px", "96px"]);
});

test("its columns are chosen in the menu", async () => {
  const menu = await page.openMenu("How points look");
  const open = menu.querySelector<HTMLElement>("[aria-label^='Columns that the tooltip shows: width']");
  await page.click(open as HTMLElement);
  await page.click(page.find("[data-value=width]"));
  await page.click(page.find("[data-value=species]"));
  expect(page.python.model.traits.tooltip_columns).toEqual(["species"]);
  expect(page.python.model.saved).toBeGreaterThan(0);
  await rest(7);
  expect(facts()).toEqual(["species species 7"]);
});

test("when Python sets the columns, the tooltip of the current point is updated", async () => {
  await rest(8);
  await page.set("tooltip_columns", []);
  expect(facts()).toEqual([]);
  await page.python.answerBatches();
  await page.set("tooltip_columns", ["height"]);
  await page.python.answerBatches();
  expect(facts()).toEqual(["height 2"]);
});
