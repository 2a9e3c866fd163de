// @vitest-environment happy-dom
/** What a measure says of the points, in the menu, the legend, the tooltip and a saved picture: all from its trait. */
import { h } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { Legend } from "../../../src/ui/legend/Legend";
import { Tooltip } from "../../../src/ui/panels/Tooltip";
import { sceneOf } from "../../../src/ui/picture/scene";
import { watchMeasure } from "../../../src/view/measuring";
import type { View } from "../../../src/view/view";
import type { MeasureReply } from "../../../src/wire/replies";
import { layoutOf, MEASURES, measured, run } from "../../fakes/model";
import type { FakePython } from "../../fakes/python";
import { mountView } from "../../fakes/view";

const N = 4;
let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
let stop: () => void;

beforeEach(async () => {
  const mounted = mountView({
    _points: { n: N, features: 2, note: "", doubt: "", weights: "", saved: true, known: "rows" },
    _labels: {
      kind: "categories",
      name: "kind",
      names: ["ant", "bee"],
      counts: [2, 2],
      has_missing: false,
      colors: [],
      codes: new DataView(Uint16Array.of(0, 0, 1, 1).buffer),
    },
    _rows: { index: null, image: false },
    _runs: [run(4, { perplexity: 5 }), run(7, { perplexity: 9 })],
  });
  ({ python, store, view, root } = mounted);
  stop = watchMeasure(view);
  await mounted.show(h(Legend, { view }), h(Tooltip, { view }));
});

afterEach(() => {
  stop();
});

const all = (selector: string) =>
  [...root.querySelectorAll<HTMLElement>(selector)].map(({ textContent }) => textContent);
const text = (selector: string) => all(selector).join(" ");
const colorBy = (mode: string) =>
  act(() => python.model.set("_color", { mode, column: "kind", kinds: [], transforms: [] } as never));
const answer = (name: string, values: number[][], changes: Partial<MeasureReply> = {}) =>
  python.answer<"measure">(measured(name, changes), ...values.map((one) => layoutOf(...one)));
const hover = (panel: number, index: number) =>
  act(() => {
    view.hover.value = { panel, index, x: 0, y: 0 };
  });
const BY_MAP = [
  [0, 0.5, 1, 1],
  [0.25, 0.25, 0, Number.NaN],
];

test("the menu lists Python's measures, and a new one without any change here", async () => {
  const added = { ...MEASURES[1], name: "oddity", label: "how odd <b>rows</b> are" };
  await act(() => python.model.set("_measures", [...MEASURES, added] as never));
  const menu = root.querySelector(".tw-coloring .tw-popover");
  await act(() => void menu?.dispatchEvent(Object.assign(new Event("beforetoggle"), { newState: "open" })));
  const offered = all(".tw-coloring [role=option]");
  for (const { label } of [...MEASURES, added]) expect(offered.join("\n")).toContain(label);
  await colorBy("oddity");
  expect(python.asked.at(-1)).toEqual({
    name: "measure",
    measure: "oddity",
    runs: [4, 7],
    row: null,
    view: 0,
  });
  await answer("oddity", BY_MAP, { runs: [4, 7] });
  expect(text(".tw-legend")).toContain("about oddity");
  expect(text(".tw-coloring")).toContain("oddity");
});

test("each map has its mean, labels have one over the maps, and a selection one for each", async () => {
  await colorBy("fit");
  expect(text(".tw-legend")).toContain("measuring");
  await answer("fit", BY_MAP, { runs: [4, 7] });
  expect(text(".tw-colorbar")).toMatch(/0 lost.*found 1/);
  expect(all("[data-means=fit] .tw-kept")).toEqual(["perplexity 50.63", "perplexity 90.17"]);
  expect(all(".tw-entry .tw-share")).toEqual(["0.25", "0.50"]);
  expect(root.querySelector<HTMLElement>(".tw-entry .tw-share")?.title).toBe(
    "perplexity 5: 0.25, perplexity 9: 0.25",
  );
  await act(() => store.select(Int32Array.of(0, 1)));
  expect(all("[data-mean=fit] .tw-kept")).toEqual(["perplexity 50.25", "perplexity 90.25"]);
  await act(() => view.enlarge(4));
  expect(all(".tw-entry .tw-share")).toEqual(["0.25", "1.00"]);
});

test("a measure over maps has one mean, and suggests a better comparison if that mean says little", async () => {
  await colorBy("agreement");
  const caution = { text: "they start alike", axis: "init", value: "random", action: "start at random" };
  await answer("agreement", [[0, 1, 1, 1]], { runs: [4, 7], caution });
  expect(text(".tw-legend p")).toContain("mean 0.75: about agreement");
  expect(text(".tw-warning")).toBe("they start alike start at random");
  await act(() => root.querySelector<HTMLElement>(".tw-warning button")?.click());
  expect(python.model.of("command").at(-1)).toMatchObject({
    name: "compare",
    values: { init: ["random"] },
  });
});

test("no means are shown for measures without meaningful means", async () => {
  await colorBy("crowd");
  await answer("crowd", [[0, 1, 1, 1]]);
  expect(text(".tw-legend")).toContain("about crowd");
  expect(text(".tw-legend")).not.toContain("mean");
  expect(all(".tw-entry .tw-count")).toEqual(["2", "2"]);
});

test("the tooltip shows the value on the map under the pointer", async () => {
  await colorBy("fit");
  await hover(7, 0);
  expect(all("[data-measure]")).toEqual([]);
  await answer("fit", BY_MAP, { runs: [4, 7] });
  expect(all("[data-measure]")).toEqual(["fit 0.25"]);
  await hover(4, 1);
  expect(all("[data-measure]")).toEqual(["fit 0.5"]);
  await hover(7, 3);
  expect(all("[data-measure]")).toEqual(["fit missing"]);
  await colorBy("crowd");
  await answer("crowd", [[0, 1, 1, 1]], { called: "crowd (cosine)" });
  expect(all("[data-measure]")).toEqual(["crowd (cosine) 1"]);
});

const BY_PART = [
  [0, 1, 1, 1],
  [0.5, 0, 0, 0],
];

test("two numbers have a square, and their means and values have names", async () => {
  await act(() => python.model.set("_runs", [run(4)] as never));
  await colorBy("faults");
  await answer("faults", BY_PART, { runs: [4], parts: 2 });
  expect(text(".tw-colorsquare")).toMatch(/wrong 1.*0 lost 1/);
  expect(all(".tw-colorsquare [role=img]")).toHaveLength(1);
  expect(text(".tw-legend p")).toBe("mean lost 0.75, wrong 0.13: about faults");
  expect(all(".tw-entry .tw-share")[0]).toBe("0.50 · 0.25");
  expect(root.querySelector<HTMLElement>(".tw-entry .tw-share")?.title).toBe("lost 0.50, wrong 0.25");
  await act(() => store.select(Int32Array.of(0, 1)));
  expect(text("[data-mean=faults]")).toBe("mean faults lost 0.50, wrong 0.25");
  await hover(4, 0);
  expect(all("[data-measure]")).toEqual(["faults lost 0, wrong 0.5"]);
});

test("on several maps two means stand beside each other, below their names", async () => {
  await colorBy("faults");
  await answer("faults", [...BY_PART, ...BY_PART], { runs: [4, 7], parts: 2 });
  expect(text("[data-means=faults]")).toMatch(/^mean lost · wrong/);
  expect(all("[data-means=faults] .tw-kept")).toEqual(["perplexity 50.75 · 0.13", "perplexity 90.75 · 0.13"]);
  const [first] = root.querySelectorAll<HTMLElement>("[data-means=faults] .tw-kept");
  expect(first.title).toBe("lost 0.75, wrong 0.13");
});

test("a picture has the square of two numbers", async () => {
  await act(() => python.model.set("_runs", [run(4)] as never));
  await colorBy("faults");
  await answer("faults", BY_PART, { runs: [4], parts: 2 });
  view.size.value = { width: 600, height: 300 };
  const { texts, swatches } = sceneOf(view);
  const told = [
    "faults",
    "upwards: wrong",
    "to the right: lost",
    "about faults",
    "mean lost 0.75, wrong 0.13",
  ];
  expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(told));
  expect(swatches.map(({ colors }) => colors.length)).toEqual(Array(16).fill(16));
  expect(new Set(swatches.flatMap(({ colors }) => colors)).size).toBeGreaterThan(200);
});

test("a picture says what the view says", async () => {
  await colorBy("fit");
  await answer("fit", BY_MAP, {
    runs: [4, 7],
    sentence: "a sentence that is longer than one line of the key",
  });
  view.size.value = { width: 600, height: 300 };
  const told = sceneOf(view).texts.map(({ text }) => text);
  const wanted = ["fit", "0", "1", "lost", "found", "a sentence that is longer", "than one line of the key"];
  expect(told).toEqual(
    expect.arrayContaining([...wanted, "mean 0.63, perplexity 5", "mean 0.17, perplexity 9"]),
  );
});

test("without a kernel, and with too few maps, the legend says that nothing is known", async () => {
  await act(() => python.model.set("_runs", [run(4), run(7, { perplexity: 9 })] as never));
  await colorBy("stretch");
  expect(text(".tw-note")).toContain("point at a row");
  await act(() => python.model.emit("comm_live_update"));
  expect(text(".tw-note")).toContain("unknown: there is no kernel");
});
