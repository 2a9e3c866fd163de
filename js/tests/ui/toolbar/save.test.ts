// @vitest-environment happy-dom
/** What the menu asks Python to put into a page. */
import { afterEach, expect, test } from "vitest";
import { METHODS } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

let page: FakePage;
afterEach(() => page.close());

const asked = () =>
  page.python.model
    .of("query")
    .map(({ query }) => query)
    .filter(({ name }) => name === "html");

test("a page places new rows if that is ticked, and the menu says what it then holds", async () => {
  page = await FakePage.open({ _methods: METHODS.map((method) => ({ ...method, is_function: true })) });
  const menu = await page.openMenu("Save as a picture");
  expect(menu.textContent).not.toContain("landmarks");
  await page.click("HTML, a page");
  await page.click(menu.querySelector("input") as HTMLElement);
  expect(menu.textContent).toContain("landmarks: means of similar rows or single rows");
  await page.click("HTML, a page");
  expect(asked()).toEqual([
    { name: "html", columns: [], place: false, images: false },
    { name: "html", columns: [], place: true, images: false },
  ]);
});

test("a page of maps that are no functions of a row does not offer it", async () => {
  page = await FakePage.open();
  const menu = await page.openMenu("Save as a picture");
  expect(menu.querySelector("input")).toBe(null);
});
