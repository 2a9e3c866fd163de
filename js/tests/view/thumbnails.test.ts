// @vitest-environment happy-dom
/** Pictures in place of points: what is asked of Python, and what the view says meanwhile. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Sight } from "../../src/scatter";
import type { RowsReply } from "../../src/wire/replies";
import { FakePage } from "../fakes/page";

let page: FakePage;

beforeEach(() => {
  vi.stubGlobal(
    "createImageBitmap",
    async (source: ImageData | ImageBitmap, options?: ImageBitmapOptions) => ({
      width: options?.resizeWidth ?? source.width,
      height: options?.resizeHeight ?? source.height,
      close: () => undefined,
    }),
  );
  vi.stubGlobal(
    "ImageData",
    class {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    },
  );
});

afterEach(() => {
  page.close();
  vi.unstubAllGlobals();
});

const open = async (image = true) => {
  page = await FakePage.open({ _rows: { index: null, image }, show_images: true });
};

const see = (...sights: [number, Partial<Sight>][]) =>
  act(() => {
    const all = sights.map(
      ([run, sight]) => [run, { inView: 0, shown: true, wanted: [], ...sight }] as const,
    );
    page.view.thumbnails.take(new Map(all));
  });

const asked = () => page.python.asked.flatMap((query) => (query.name === "rows" ? [query] : []));

/** Grey pictures of a width and height, or null, and their bytes. */
function reply(rows: number[], sizes: ([number, number] | null)[], error: string | null = null) {
  const given = sizes.filter((size) => size !== null);
  let buffer = 0;
  const images = sizes.map(
    (size) =>
      size && ({ kind: "raw", width: size[0], height: size[1], channels: 1, buffer: buffer++ } as const),
  );
  const result: RowsReply = {
    ...{ total: rows.length, positions: rows, index: null, columns: [] },
    ...{ images, image_error: error },
  };
  return [result, given.map(([width, height]) => new DataView(new ArrayBuffer(width * height)))] as const;
}

const answer = async (rows: number[], sizes: ([number, number] | null)[], error: string | null = null) => {
  const [result, buffers] = reply(rows, sizes, error);
  await page.python.answerTo("rows", result, ...buffers);
  await act(() => vi.waitFor(() => expect(page.view.thumbnails.of(rows[0])).not.toBe(undefined)));
};

test("the pictures in view are asked for in batches, those of several maps in turn, each once", async () => {
  await open();
  const first = Array.from({ length: 60 }, (_, i) => i);
  await see([0, { wanted: first }], [1, { wanted: [100, 101] }]);
  expect(asked()).toHaveLength(1);
  expect(asked()[0]).toMatchObject({ columns: [], sort: null, limit: 24 });
  expect(asked()[0].rows).toHaveLength(24);
  expect(asked()[0].rows?.slice(0, 4)).toEqual([0, 100, 1, 101]);
  await see([0, { wanted: [50] }]);
  expect(asked()).toHaveLength(1); // one question at a time
  const rows = asked()[0].rows as number[];
  await answer(
    rows,
    rows.map(() => [8, 8]),
  );
  expect(asked().at(-1)?.rows).toEqual([50]); // what is in view now
  expect(page.view.thumbnails.of(101)).toMatchObject({ width: 8, height: 8 });
});

test("a large picture is kept small, a missing one is none, and why it is missing is said", async () => {
  await open();
  await see([0, { inView: 3, wanted: [4, 5, 6] }]);
  await answer([4, 5, 6], [[256, 128], null, [2, 2]], "image of row 5 failed: <b>");
  const { of } = page.view.thumbnails;
  expect(of(4)).toMatchObject({ width: 144, height: 72 });
  expect(of(5)).toBe(null);
  await see([0, { inView: 3 }]);
  expect(page.texts(".tw-pictured")).toEqual(["a picture is missing: image of row 5 failed: <b>"]);
  expect(page.made()).toBe(0);
});

test("a map with too many points in view says so", async () => {
  await open();
  await see([0, { inView: 1797, shown: false }]);
  expect(page.texts(".tw-pictured")).toEqual(["zoom in to see pictures: 1,797 points are in view"]);
  await page.set("show_images", false);
  expect(page.texts(".tw-pictured")).toEqual([]);
});

test("the look menu switches pictures, where there are some", async () => {
  await open();
  const menu = await page.openMenu("How points look");
  const choices = [...menu.querySelectorAll("label")];
  const [choice] = choices.filter(({ textContent }) => textContent?.includes("pictures in place"));
  await act(() => choice.querySelector("input")?.click());
  expect(page.python.model.traits.show_images).toBe(false);
  page.close();
  await open(false);
  expect((await page.openMenu("How points look")).textContent).not.toContain("pictures");
});
