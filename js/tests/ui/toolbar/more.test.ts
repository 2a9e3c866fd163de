// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { MoreMenu } from "../../../src/ui/toolbar/MoreMenu";
import type { AxisTrait } from "../../../src/wire/traits";
import { AXES, run } from "../../fakes/model";
import { mountView } from "../../fakes/view";

const [perplexity] = AXES;
const EXAGGERATION: AxisTrait = {
  ...perplexity,
  name: "exaggeration",
  label: "exaggeration",
  in_toolbar: false,
  reach: {
    ...(perplexity.reach as NonNullable<AxisTrait["reach"]>),
    note: { words: "1 is t-SNE; larger values lead far", per: 0, most: 0, usual: null, beyond: "" },
  },
};

const shown = (...values: number[]) =>
  mountView({
    _axes: [...AXES, EXAGGERATION],
    _runs: values.map((exaggeration, i) => run(i, { exaggeration })),
  });

const press = (root: HTMLElement, name: string) =>
  act(() => root.querySelector<HTMLElement>(`button[aria-label^="${name}"]`)?.click());

test("what has no place in the toolbar has a slider, which says what its values mean", async () => {
  const { view, root, show, python } = shown(1);
  await show(h(MoreMenu, { view }));
  await press(root, "More parameters: exaggeration");
  expect(root.querySelector(".tw-meaning")?.textContent).toBe("1 is t-SNE; larger values lead far");
  expect(root.querySelector(".tw-doubtful")).toBeNull();
  const field = root.querySelector<HTMLInputElement>("input:not([type=range])");
  if (!field) throw new Error("no field");
  field.value = "4";
  field.dispatchEvent(new Event("change", { bubbles: true }));
  expect(python.model.of("command").at(-1)).toMatchObject({
    name: "change",
    axis: "exaggeration",
    value: 4,
    run: null,
  });
});

test("values that differ between maps stand in words, and without further parameters there is no menu", async () => {
  const { view, root, show } = shown(1, 4);
  await show(h(MoreMenu, { view }));
  await press(root, "More parameters");
  expect(root.textContent).toContain("exaggeration 1, 4");
  expect(root.querySelector("input")).toBeNull();
  const without = mountView({ _axes: AXES, _runs: [run(0)] });
  await without.show(h(MoreMenu, { view: without.view }));
  expect(without.root.innerHTML).toBe("");
});
