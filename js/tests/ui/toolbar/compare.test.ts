// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { PanelMenu } from "../../../src/ui/panels/PanelMenu";
import { CompareMenu } from "../../../src/ui/toolbar/CompareMenu";
import { Toolbar } from "../../../src/ui/toolbar/Toolbar";
import type { View } from "../../../src/view/view";
import type { AxisTrait } from "../../../src/wire/traits";
import { AXES, METHODS, run } from "../../fakes/model";
import type { FakePython } from "../../fakes/python";
import { type Mounted, mountView } from "../../fakes/view";

/** An axis of which the view knows nothing but what Python says. */
const METRIC: AxisTrait = {
  ...AXES[1],
  name: "metric",
  label: "metric",
  plural: "metrics",
  head: "{}",
  in_toolbar: false,
  offered: ["euclidean", "cosine"].map((value) => ({ value, text: value })),
};

let python: FakePython;
let store: Store;
let view: View;
let root: HTMLElement;
let show: Mounted["show"];

beforeEach(() => {
  ({ python, store, view, root, show } = mountView({
    _axes: [METRIC, ...AXES],
    _methods: METHODS.map((each) => ({ ...each, axes: [...each.axes, "metric"] })),
    _runs: [run(0, { metric: "euclidean" }), run(1, { metric: "cosine" })],
  }));
});

const press = (name: RegExp) =>
  act(() => {
    [...root.querySelectorAll<HTMLElement>("button, label")]
      .find((each) => name.test(each.getAttribute("aria-label") ?? each.textContent ?? ""))
      ?.click();
  });

test("every axis from Python can be compared", async () => {
  await show(h(CompareMenu, { view }));
  await press(/Compare/);
  const labels = [...root.querySelectorAll(".tw-menu > .tw-label")].map(({ textContent }) => textContent);
  expect(labels).toEqual([
    "perplexities5, 30, 100",
    "seeds: how many",
    "metricseuclideancosine",
    "initsPCArandom",
  ]);
  await press(/^5, 30, 100$/);
  await press(/^show 6 maps$/);
  const [{ name, values }] = python.model.of("command") as unknown as Record<string, unknown>[];
  expect([name, values]).toEqual([
    "compare",
    { metric: ["euclidean", "cosine"], perplexity: [5, 30, 100], init: ["pca"], random_state: [0] },
  ]);
});

test("no menu offers an axis with a single choice", async () => {
  python.model.set("_axes", [{ ...METRIC, offered: METRIC.offered.slice(0, 1) }, ...AXES] as never);
  await show(h(CompareMenu, { view }));
  await press(/Compare/);
  expect(root.textContent).not.toContain("metric");
});

test("each map has a control for every axis, and all maps together have one for the most common axes", async () => {
  await show(h(PanelMenu, { view, map: store.maps.value[1] }));
  await press(/Menu of/);
  const metric = [...root.querySelectorAll("label")].find(({ textContent }) =>
    textContent?.startsWith("metric"),
  );
  const select = metric?.querySelector("select") as HTMLSelectElement;
  expect(select.value).toBe("cosine");
  await act(() => {
    select.value = "euclidean";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  expect(python.model.of("command")).toMatchObject([
    { name: "change", axis: "metric", value: "euclidean", run: 1 },
  ]);
  await show(h(Toolbar, { view }));
  expect(root.querySelector(".tw-toolbar")?.textContent).toContain("perplexity");
  expect(root.querySelector(".tw-toolbar")?.textContent).not.toContain("metric");
});
