// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { PanelBar } from "../../../src/ui/panels/PanelBar";
import { PanelMenu } from "../../../src/ui/panels/PanelMenu";
import { Waiting } from "../../../src/ui/panels/Waiting";
import { sceneOf } from "../../../src/ui/picture/scene";
import { CompareMenu } from "../../../src/ui/toolbar/CompareMenu";
import { distinct } from "../../../src/view/axes";
import type { View } from "../../../src/view/view";
import type { Status } from "../../../src/wire/news";
import {
  AXES,
  type FakeModel,
  layoutOf,
  METHODS,
  news,
  PCA,
  pca,
  run,
  status,
  threePoints,
} from "../../fakes/model";
import { type Mounted, mountView } from "../../fakes/view";

const COMPUTED: Partial<Status> = {
  run: 1,
  kind: "at rest",
  stage: "computed",
  playing: false,
  ended: true,
  settled: true,
  figures: { "explained variance": 0.28, hidden: 7 },
  words: { "explained variance": "28 %" },
  values: {},
  neighbors_kept: 0.25,
  kept_in_words: "25 % are kept",
};
const SETTLED: Partial<Status> = {
  ...{
    kind: "at rest",
    stage: "settled",
    playing: false,
    ended: true,
    settled: true,
    iteration: 300,
    words: { KL: "0.750" },
  },
};

let model: FakeModel;
let store: Store;
let view: View;
let root: HTMLElement;
let show: Mounted["show"];

beforeEach(() => {
  const mounted = mountView({
    _points: threePoints().traits._points,
    _methods: [...METHODS, PCA],
    _runs: [run(0), pca(1)],
  });
  ({ store, view, root, show } = mounted);
  model = mounted.python.model;
});

const layout = () => layoutOf(0, 0, 1, 0, 0, 1);

async function tell(...told: Partial<Status>[]) {
  await act(() => model.say(news(1, ...told), ...told.map(layout)));
}

function press(text: string) {
  const found = [...root.querySelectorAll("button")].find(
    (button) => button.textContent?.includes(text) || button.getAttribute("aria-label")?.includes(text),
  );
  return act(() => found?.click());
}

test("its bar tells the figures of its own method, and what they mean", async () => {
  await tell(SETTLED, COMPUTED);
  await show(h(PanelBar, { view, map: store.maps.value[1], bar: "one line" }));
  const figures = [...root.querySelectorAll<HTMLElement>(".tw-figures span")];
  expect(figures.map(({ textContent }) => textContent)).toEqual(["25 % kept", "variance 28 %"]);
  expect(figures[0].title).toBe("25 % are kept");
  expect(figures[1].getAttribute("title")).toBe("share of the data's variance");
  expect(root.textContent).not.toContain("KL");
});

test("in a narrow panel its figures take the place of 'computed'", async () => {
  await tell(SETTLED, COMPUTED);
  await show(h(PanelBar, { view, map: store.maps.value[1], bar: "two lines" }));
  expect(root.querySelector(".tw-second")?.textContent).toBe("25 % keptvariance 28 %");
  await show(h(PanelBar, { view, map: store.maps.value[0], bar: "two lines" }));
  expect(root.querySelector(".tw-second .tw-note")?.textContent).toBe("settled");
});

test("its menu has no controls for what does not concern it, and says so", async () => {
  await tell(SETTLED, COMPUTED);
  await show(h(PanelMenu, { view, map: store.maps.value[1] }));
  await press("Menu of PCA");
  expect(root.textContent).toContain("perplexity, seed and init do not concern PCA");
  expect(root.querySelectorAll("input, select")).toHaveLength(0);
  for (const gone of ["Play", "One step", "keep only this one"]) {
    expect(root.innerHTML).not.toContain(gone);
  }
  await press("Compute PCA again");
  expect(model.of("command").at(-1)).toMatchObject({ name: "restart", run: 1 });
  await press("remove");
  expect(model.of("command").at(-1)).toMatchObject({ name: "remove", run: 1 });
});

test("the menu of a map of some rows has their limits, says how many they are and what it follows", async () => {
  const [perplexity] = AXES;
  const own = { ...perplexity, reach: { ...perplexity.reach, slider: [2, 13] } } as typeof perplexity;
  const chosen = {
    ...METHODS[0],
    name: "selection",
    axes: ["perplexity"],
    follows: ["random_state", "init"],
  };
  const told = { made_by: "t-SNE of 40 of 120 rows", values: { perplexity: 13 }, own: [own] };
  ({ view, root, show } = mountView({
    _methods: [...METHODS, chosen],
    _runs: [run(0), { ...run(1, {}, "40 rows"), ...told, method: "selection", beside: true }],
  }));
  await show(h(PanelMenu, { view, map: view.store.maps.value[1] }));
  await press("Menu of 40 rows");
  expect(root.textContent).toContain("t-SNE of 40 of 120 rows");
  expect(root.textContent).toContain("seed and init are those of the first t-SNE map");
  expect(root.textContent).not.toContain("not concern");
  const slider = root.querySelector<HTMLInputElement>("input[type=range]");
  expect([slider?.value, slider?.max]).toEqual(["1000", "1000"]); // 13 is the largest
});

test("its menu sets what does concern it, for it alone, also what no other method has", async () => {
  const [, , seed] = AXES;
  const turns = { ...seed, name: "turns", label: "turns", kind: "number" as const, needs: null };
  const spiral = { ...PCA, name: "spiral", label: "Spiral", axes: ["random_state", "turns"], own: [turns] };
  const values = { random_state: 7, turns: 3 };
  ({ view, root, show } = mountView({
    _methods: [...METHODS, spiral],
    _runs: [
      run(0),
      { ...pca(1), method: "spiral", made_by: "Spiral", values, words: { random_state: "7", turns: "3" } },
    ],
  }));
  await show(h(PanelMenu, { view, map: view.store.maps.value[1] }));
  await press("Menu of");
  expect(root.textContent).toContain("perplexity and init do not concern Spiral");
  const fields = [...root.querySelectorAll<HTMLInputElement>("input:not([type=range])")];
  expect(fields.map((field) => [field.getAttribute("aria-label"), field.value])).toEqual([
    ["seed", "7"],
    ["turns as a number", "3"],
  ]);
  const labels = [...root.querySelectorAll(".tw-label")].map(({ textContent }) => textContent);
  expect(labels).toEqual(["seed", "turns"]);
  // What t-SNE maps share does not depend on it.
  expect(distinct(view.runs.value, "random_state")).toEqual([0]);
});

test("a method's own form of an axis replaces that of t-SNE, and its menu says what it is", async () => {
  const [, init] = AXES;
  const own = { ...init, offered: [{ value: "spectral", text: "spectral" }, ...init.offered] };
  const umap = { ...PCA, name: "umap", label: "UMAP", about: "stepped live", axes: ["init"], own: [own] };
  const showWith = async (value: string, map: number) => {
    const values = { init: value };
    ({ view, root, show } = mountView({
      _methods: [...METHODS, umap],
      _runs: [run(0), { ...pca(1), method: "umap", values, words: values }],
    }));
    await show(h(PanelMenu, { view, map: view.store.maps.value[map] }));
    await press("Menu of");
    return [...root.querySelectorAll("option")].map(({ textContent }) => textContent);
  };
  expect(await showWith("spectral", 0)).toEqual(["PCA", "random"]);
  // Methods are told once, and coordinates may be given later.
  expect(await showWith("given", 1)).toEqual(["spectral", "PCA", "random", "given"]);
  expect(root.querySelector("select")?.value).toBe("given");
  expect(await showWith("random", 1)).toEqual(["spectral", "PCA", "random"]);
  // It is of t-SNE that the seed changes almost nothing.
  expect(root.querySelector("select")?.title).toBe("");
  expect(root.textContent).toContain("stepped live");
});

test("the menu of a t-SNE map has all controls", async () => {
  await show(h(PanelMenu, { view, map: store.maps.value[0] }));
  await press("Menu of");
  expect(root.textContent).not.toContain("concern");
  expect(root.querySelectorAll("input, select").length).toBeGreaterThan(2);
  expect(root.textContent).toContain("keep only this one");
});

test("its panel says that it is being computed, and after a failure offers only a restart", async () => {
  const computing = status({
    ...{ run: 1, kind: "preparing", stage: "computing PCA", waiting: "computing the two directions" },
    ...{ playing: false, progress: 0.5 },
  });
  await act(() =>
    model.say({ type: "news", seq: 1, runs: [{ status: computing, layout: null }], placed: [] }),
  );
  await show(h(Waiting, { view, map: store.maps.value[1] }));
  expect(root.textContent).toContain("computing the two directions 50 %");
  const failed: Partial<Status> = { ...COMPUTED, kind: "failed", stage: "failed", reason: "no room" };
  await act(() => model.say(news(2, failed), layout()));
  expect(root.textContent).toContain("PCA failed.");
  expect([...root.querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual(["restart"]);
});

test("the progress of t-SNE does not depend on the maps beside it", async () => {
  await tell(SETTLED, COMPUTED);
  expect(store.iteration.value).toBe(300);
  expect(store.playing.value).toBe(false);
});

test("nor on one beside them that iterates too", async () => {
  const { python, store } = mountView({
    _points: threePoints().traits._points,
    _methods: [...METHODS, { ...PCA, live: true }],
    _runs: [run(0), pca(1)],
  });
  const walk: Partial<Status> = { run: 1, iteration: 5 };
  await act(() => python.model.say(news(1, SETTLED, walk), layout(), layout()));
  expect(store.iteration.value).toBe(300);
});

test("t-SNE maps are compared with each other; a single one with the maps beside it", async () => {
  await tell(SETTLED, COMPUTED);
  expect(view.compared.value).toEqual([0, 1]);
  await act(() => model.set("_runs", [run(0), run(2, { random_state: 1 }), pca(1)] as never));
  expect(view.compared.value).toEqual([0, 2]);
});

test("the compare menu offers other methods, and can remove them", async () => {
  await show(h(CompareMenu, { view }));
  await press("compare");
  const tick = [...root.querySelectorAll("label")].filter(({ textContent }) => textContent === "PCA").at(-1);
  const box = tick?.querySelector("input") as HTMLInputElement;
  expect(root.textContent).toContain("beside t-SNE");
  expect(box.checked).toBe(true);
  expect(root.textContent).toContain("as shown");
  await act(() => box.click());
  await press("show 1 map");
  expect(model.of("command").at(-1)).toMatchObject({ name: "compare", beside: [] });
});

test("'back to one' keeps a t-SNE map, whatever is enlarged", async () => {
  await act(() => view.enlarge(1));
  await show(h(CompareMenu, { view }));
  await press("compare");
  await press("back to one");
  expect(model.of("command").at(-1)).toMatchObject({ name: "keep", run: 0 });
});

/** The texts of a saved picture, but for the legend. */
function pictureAt(width: number) {
  view.size.value = { width, height: 400 };
  const scene = sceneOf(view);
  return { ...scene, texts: scene.texts.filter(({ x }) => x < width) };
}

test("a saved picture writes figures behind the title, or on a second line of a narrow panel", async () => {
  await tell(SETTLED, COMPUTED);
  const linesAt = (width: number) => pictureAt(width).texts.filter(({ text }) => /PCA|%/.test(text));
  const [name, behind] = linesAt(900);
  expect([name.text, behind.text]).toEqual(["PCA", "explained variance 28 %, 25 % of neighbours kept"]);
  expect([behind.y, behind.x > name.x]).toEqual([name.y, true]);
  const [title, first, second] = linesAt(500);
  expect([title.text, first.text]).toEqual(["PCA", "explained variance 28 %"]);
  expect([second.text, first.y]).toEqual(["25 % of neighbours kept", title.y]);
  expect(second.y).toBeGreaterThan(title.y + 12);
});

test("figures that do not fit into a panel's bar follow below a saved picture, which grows", async () => {
  await tell(SETTLED, COMPUTED);
  const below = "PCA: explained variance 28 %, 25 % of neighbours kept";
  const told = () => pictureAt(500).texts.map(({ text }) => text);
  const { height } = pictureAt(500);
  expect(told()).not.toContain(below);
  view.enlarge(0);
  expect(told()).toContain("PCA");
  expect(told()).toContain(below);
  expect(pictureAt(500).height).toBeGreaterThan(height);
});

test("a saved picture breaks what stands below it into lines that fit", async () => {
  expect(pictureAt(900).texts.at(-1)?.text).toBe("* NOT SETTLED. t-SNE of the rows.");
  const [first, second] = pictureAt(200).texts.slice(-2);
  expect(`${first.text} ${second.text}`).toBe("* NOT SETTLED. t-SNE of the rows.");
  expect(second.y).toBeGreaterThan(first.y);
});

test("a saved picture ends with Python's caption, after a warning that a map is not settled", async () => {
  const below = () => pictureAt(900).texts.at(-1)?.text;
  expect(below()).toBe("* NOT SETTLED. t-SNE of the rows.");
  await tell(SETTLED, COMPUTED);
  expect(below()).toBe("t-SNE of the rows.");
});
