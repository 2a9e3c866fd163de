// @vitest-environment happy-dom
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Choices } from "../../../src/ui/parts/ColumnPicker";
import { rgba } from "../../../src/wire/pictures";
import type { ColumnTrait } from "../../../src/wire/traits";

const columns: ColumnTrait[] = Array.from({ length: 30_000 }, (_, i) => ({
  name: `gene${i}`,
  type: "number",
  feature: true,
}));
let root: HTMLElement;
let chosen: string[];
let closed: number;

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
  chosen = ["gene7"];
  closed = 0;
});

afterEach(() => {
  render(null, root);
  root.remove();
});

function show(several: boolean): Promise<void> {
  const onChange = (names: string[]) => {
    chosen = names;
    draw();
  };
  const extra = [{ value: "\0none", label: "no colour" }];
  const close = () => closed++;
  const draw = () =>
    render(h(Choices, { columns, chosen, several, onChange, close, extra, label: "columns" }), root);
  return act(draw);
}

const options = () => [...root.querySelectorAll<HTMLElement>("[role=option]")];
const labels = () => options().map((option) => option.querySelector(".tw-name")?.textContent);
const field = () => root.querySelector("input") as HTMLInputElement;
const press = (key: string) => act(() => void field().dispatchEvent(new KeyboardEvent("keydown", { key })));
const type = (text: string) =>
  act(() => {
    field().value = text;
    field().dispatchEvent(new Event("input"));
  });

test("the picker lists some of 30,000 columns and counts the others", async () => {
  await show(false);
  expect([options().length, labels().slice(0, 3)]).toEqual([100, ["no colour", "gene0", "gene1"]]);
  expect(root.textContent).toContain("and 29,901 more: type to narrow");
});

test("the keyboard is enough: type, go down, Enter", async () => {
  await show(false);
  await type("GENE299");
  await press("ArrowDown");
  expect(field().getAttribute("aria-activedescendant")).toBe(options()[1].id);
  await press("Enter");
  expect([chosen, closed]).toEqual([["gene2990"], 1]);
});

test("several columns are chosen one by one, a second click removes one, and nothing moves", async () => {
  await show(true);
  expect(labels().slice(0, 3)).toEqual(["no colour", "gene7", "gene0"]);
  await act(() => options()[3].click());
  expect([chosen, closed]).toEqual([["gene7", "gene1"], 0]);
  await act(() => options()[1].click());
  expect([chosen, labels().slice(0, 3)]).toEqual([["gene1"], ["no colour", "gene7", "gene0"]]);
});

test("the picker says if no column has the typed name", async () => {
  await show(false);
  await type("xyz");
  await press("Enter");
  expect([root.textContent, chosen]).toEqual([expect.stringContaining("no column"), ["gene7"]]);
});

test("pixels of one, three and four channels are grey, colour, and colour with transparency", () => {
  const bytes = (...values: number[]) => new DataView(Uint8Array.from(values).buffer);
  expect([...rgba(bytes(9, 200), 1)]).toEqual([9, 9, 9, 255, 200, 200, 200, 255]);
  expect([...rgba(bytes(1, 2, 3), 3)]).toEqual([1, 2, 3, 255]);
  expect([...rgba(bytes(1, 2, 3, 4), 4)]).toEqual([1, 2, 3, 4]);
});
