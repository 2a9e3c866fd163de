// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowsToWire } from "../../../src/wire/bytes";
import type { SuggestionsReply } from "../../../src/wire/replies";
import { news, run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const HTML = "<b>bold</b><img src=x>";
const FOUND: SuggestionsReply = {
  on: "map",
  run: 0,
  epoch: 0,
  iteration: 1000,
  words: "clumps of the map at iteration 1000",
  reading: "They are a reading of this map, not a fact.",
  rest: "113 rows are in no clump.",
  groups: [
    { name: "ants", count: 3, why: "90 % are ants" },
    { name: HTML, count: 2, why: "" },
    { name: "cats", count: 2, why: "" },
  ],
};
const ROWS = rowsToWire(Int32Array.of(0, 1, 2, 10, 11, 50, 60));
let page: FakePage;

const section = () => page.find("[aria-label='Suggested groups']");
const row = (name: string) => page.all("[data-suggestion]").find((each) => each.dataset.suggestion === name);
const entry = (name: string) => row(name)?.querySelector(".tw-entry") as HTMLElement;
const focused = () => document.activeElement as HTMLElement;
const map = () => page.find(".tw-map");

async function suggest(reply: SuggestionsReply | null = FOUND): Promise<void> {
  await page.set("_suggested", (page.python.model.get("_suggested") as number) + 1);
  await page.python.answerTo("suggestions", reply, ...(reply?.groups.length ? [ROWS] : []));
}

beforeEach(async () => {
  page = await FakePage.open();
});
afterEach(() => page.close());

test("nothing is suggested, or asked for, until somebody looks for clumps", () => {
  expect([section(), page.python.isAsked("suggestions")]).toEqual([null, false]);
  expect(page.named("find clumps").textContent).toBe("find clumps");
});

test("the button looks at the map, says so meanwhile, and stops", async () => {
  await page.click("find clumps");
  expect(page.python.asked.at(-1)).toEqual({ name: "find_clumps", on: "map", run: 0, view: 0 });
  expect(page.find("[data-finding]").textContent).toContain("finding clumps");
  await page.click("stop");
  expect(page.python.asked.at(-1)).toEqual({ name: "drop_read", question: "clumps", run: 0, view: 0 });
  expect(page.find("[data-finding]").dataset.finding).toBe("false");
});

test("of several maps the enlarged one is looked at", async () => {
  page.close();
  page = await FakePage.open({ _runs: [run(0), run(3)] });
  await page.click("find clumps");
  expect(page.python.asked.at(-1)).toMatchObject({ run: 0 });
  await page.click("stop");
  await page.python.refuse("the view has since asked another question, or none", "find_clumps");
  page.view.enlarge(3);
  await page.click("find clumps");
  expect(page.python.asked.at(-1)).toMatchObject({ name: "find_clumps", run: 3 });
});

test("Python's reason for finding none is shown", async () => {
  await page.click("find clumps");
  await page.python.refuse("the nearest rows have not been searched yet", "find_clumps");
  expect(page.find(".tw-legend [role=alert]").textContent).toContain("not been searched");
});

test("suggestions are listed with what they are a reading of, and names are text", async () => {
  await suggest();
  expect(page.texts("[data-suggestion] .tw-name")).toEqual(["ants", HTML, "cats"]);
  expect(page.texts("[data-suggestion] .tw-count")).toEqual(["3", "2", "2"]);
  const said = section().textContent;
  for (const words of [FOUND.words, "a reading, not a fact", FOUND.rest]) expect(said).toContain(words);
  expect(entry("ants").title).toContain("90 % are ants");
  expect([page.made(), section().dataset.suggested]).toEqual([0, "3"]);
});

test("a click selects the rows, and keys add and remove them", async () => {
  await suggest();
  await page.click(entry("ants"));
  expect([...page.store.selection.value]).toEqual([0, 1, 2]);
  await page.click(entry("cats"), { shiftKey: true });
  expect([...page.store.selection.value]).toEqual([0, 1, 2, 50, 60]);
  await page.click(entry("ants"), { altKey: true });
  expect([...page.store.selection.value]).toEqual([50, 60]);
  expect(page.commands()).toEqual([]);
});

test("one is accepted or dismissed, and keys act on the map again", async () => {
  await suggest();
  await page.click("Accept ants as a group");
  await page.click("Dismiss cats");
  expect(page.commands()).toEqual([
    { name: "accept_suggestions", names: ["ants"] },
    { name: "drop_suggestions", names: ["cats"] },
  ]);
  expect(focused()).toBe(map());
});

test("all are accepted or dismissed at once", async () => {
  await suggest();
  await page.click("accept all");
  await page.click("dismiss all");
  expect(page.commands()).toEqual([
    { name: "accept_suggestions", names: null },
    { name: "drop_suggestions", names: null },
  ]);
});

test("a name is changed, and the same name or Escape changes nothing", async () => {
  await suggest();
  for (const [typed, key] of [
    ["queens", "Enter"],
    ["ants", "Enter"],
    ["kings", "Escape"],
  ]) {
    await page.click("Rename ants");
    await page.fill(page.named("New name of ants"), typed);
    await page.key(page.named("New name of ants"), key);
  }
  expect(page.commands()).toEqual([{ name: "rename_suggestion", group: "ants", to: "queens" }]);
});

test("two whose rows are selected can be merged", async () => {
  await suggest();
  await page.click(entry("ants"));
  expect(page.named("merge the")).toBeUndefined();
  await page.click(entry("cats"), { shiftKey: true });
  await page.click("merge the 2 selected");
  expect(page.commands()).toEqual([{ name: "merge_suggestions", names: ["ants", "cats"] }]);
  expect(focused()).toBe(map());
});

test("after the map, the data can be looked at, and the map again once it has changed", async () => {
  await suggest();
  expect(page.texts("[data-finding] button")).toEqual(["find clumps in the data"]);
  await page.click("find clumps in the data");
  expect(page.python.asked.at(-1)).toMatchObject({ name: "find_clumps", on: "data" });
  await page.click("stop");
  page.python.model.say(news(2, { iteration: 1200, playing: false }), new DataView(new ArrayBuffer(960)));
  await suggest();
  expect(page.texts("[data-finding] button")[0]).toBe("find clumps again: the map has changed");
});

test("that there are none is said, and can be dismissed", async () => {
  await suggest({ ...FOUND, groups: [] });
  expect(section().textContent).toContain("there are no clumps of the map at iteration 1000");
  await page.click("dismiss");
  expect(page.commands()).toEqual([{ name: "drop_suggestions", names: null }]);
  await suggest(null);
  expect(section()).toBeNull();
});

test("the way to what may be read is one click", async () => {
  await suggest();
  await page.click("may I read this?");
  expect(page.view.drawer.value).toBe("reading");
});

test("only the newest answer counts", async () => {
  await page.set("_suggested", 1);
  await page.set("_suggested", 2);
  await page.python.answerTo("suggestions", FOUND, ROWS);
  expect(section()).toBeNull();
  await page.python.answerTo(
    "suggestions",
    { ...FOUND, groups: FOUND.groups.slice(0, 1) },
    rowsToWire(Int32Array.of(0, 1, 2)),
  );
  expect(section().dataset.suggested).toBe("1");
});
