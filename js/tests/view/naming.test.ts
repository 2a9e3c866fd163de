// @vitest-environment happy-dom
/** Which names are on the maps, in which colours, and the switch in the menu. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { namesShown, showsNames } from "../../src/view/namesShown";
import type { Categories, Scale } from "../../src/wire/traits";
import { FakePage } from "../fakes/page";

const N = 120;
let page: FakePage;

function categories(name: string, names: string[], has_missing = false): Categories {
  const codes = new DataView(Uint16Array.from({ length: N }, (_, row) => row % names.length).buffer);
  return {
    kind: "categories",
    name,
    names,
    counts: names.map(() => Math.floor(N / names.length)),
    has_missing,
    colors: [],
    codes,
  };
}

const AGES: Scale = {
  ...{
    kind: "scale",
    name: "age",
    low: 0,
    high: 1,
    least: 0,
    most: 1,
    quantity: "number",
    origin: null,
    colors: [],
  },
  values: new DataView(new Float32Array(N).buffer),
};
const KINDS = categories("kind", ["cow", "cat", "missing"], true);
const WORDS = categories(
  "word",
  Array.from({ length: 41 }, (_, i) => `w${i}`),
);

beforeEach(async () => {
  page = await FakePage.open({
    _columns: [
      { name: "kind", type: "category", feature: false },
      { name: "x0", type: "number", feature: true },
      { name: "photo", type: "image", feature: false },
    ],
  });
});
afterEach(() => page.close());

const texts = () => namesShown(page.view)?.texts;
const box = (menu: Element) =>
  menu.querySelector<HTMLInputElement>(".tw-naming [type=checkbox]") as HTMLInputElement;

test("names are those of the labels, without the missing one, in their colours", async () => {
  await page.set("_labels", KINDS);
  await page.set("_names", "labels");
  expect(texts()).toEqual(["cow", "cat"]);
  expect(namesShown(page.view)?.colors).toEqual(page.view.labelPalette.value);
});

test("names of another column are in the foreground's colour; those of groups in theirs", async () => {
  await page.set("_labels", AGES);
  await page.set("_names", KINDS);
  expect([texts(), namesShown(page.view)?.colors]).toEqual([["cow", "cat"], null]);
  await page.set("_names", "groups");
  expect(texts()).toBeUndefined();
  const rows = (...of: number[]) => new DataView(Int32Array.from(of).buffer);
  await page.set("_groups", [
    { name: "old", color: "#0072b2", rows: rows(0, 1) },
    { name: "new", color: "#e69f00", rows: rows(1, 2) },
  ]);
  const names = namesShown(page.view);
  expect([names?.texts, [...(names?.colors ?? [])]]).toEqual([
    ["old", "new"],
    [0, 114, 178, 230, 159, 0],
  ]);
  expect([...(names?.codes.slice(0, 4) ?? [])]).toEqual([0, 1, 1, 2]);
});

test("up to 40 names show by themselves, more if asked for", async () => {
  await page.set("_labels", WORDS);
  await page.set("_names", "labels");
  expect([showsNames(page.view), texts()]).toEqual([false, undefined]);
  await page.set("show_names", true);
  expect(texts()).toHaveLength(41);
  await page.set("_labels", KINDS);
  await page.set("show_names", false);
  expect(texts()).toBeUndefined();
});

test("a switch in the menu shows and hides them, and they can come from another column", async () => {
  await page.set("_labels", KINDS);
  await page.set("_names", "labels");
  const menu = await page.openMenu("How points look");
  expect(box(menu).checked).toBe(true);
  await page.click(box(menu));
  expect(page.python.model.traits.show_names).toBe(false);
  const picker = await page.openMenu("What names the points");
  const options = [...picker.querySelectorAll<HTMLElement>(".tw-option")];
  expect(options.map((option) => option.querySelector(".tw-name")?.textContent)).toEqual([
    "of what colours",
    "groups",
    "kind",
  ]);
  await page.click(options[2]);
  expect(page.python.model.traits.name_by).toBe("kind");
});

test("without names the switch is out of reach", async () => {
  const menu = await page.openMenu("How points look");
  expect([box(menu).disabled, box(menu).checked]).toEqual([true, false]);
});

test("names that a notebook must not save are asked for", async () => {
  await page.set("_names", { kind: "unsaved", version: 3 });
  const { codes, ...told } = KINDS;
  await page.python.answerTo("names", told, codes);
  expect(texts()).toEqual(["cow", "cat"]);
});
