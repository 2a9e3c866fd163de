// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Finding, ReadReply, TogetherReply } from "../../../src/wire/replies";
import type { MethodTrait, RunTrait } from "../../../src/wire/traits";
import { layoutOf, METHODS, news, run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const REPEAT: MethodTrait = { ...METHODS[0], name: "repeat", label: "t-SNE again", small: true };
const small = (id: number): RunTrait => ({
  ...run(id),
  method: "repeat",
  beside: true,
  title: `again ${id}`,
  short: `s${id}`,
});
const ONE = [run(0)];
const THREE = [run(0), small(3), small(4)];

const reply: TogetherReply = {
  maps: [
    { run: 3, title: "again 3" },
    { run: 4, title: "again 4" },
  ],
  in_words: "2 maps from other starts",
  groups: [
    {
      name: "selected rows",
      kind: "selected",
      rows: 40,
      here: 0.9,
      values: [0.2, 0.4],
      mean: 0.3,
      verdict: "comes apart",
      words: "In 2 maps from other starts this group comes apart.",
    },
    {
      name: "<b>a</b>",
      kind: "label",
      rows: 3,
      here: null,
      values: [null, null],
      mean: null,
      verdict: "",
      words: "too few: it has fewer than 5 rows",
    },
  ],
  groups_total: 60,
};

let page: FakePage;

beforeEach(async () => {
  page = await FakePage.open({ _methods: [...METHODS, REPEAT], _runs: ONE });
  await page.openDrawer("reading");
});

afterEach(() => {
  vi.useRealTimers();
  page.close();
});

const section = () => page.find(".tw-luck");
const asked = () => page.python.asked.filter(({ name }) => name === "together").length;
const button = (text: string) =>
  [...section().querySelectorAll<HTMLButtonElement>("button")].find((each) => each.textContent === text);

async function tell(seq: number, iteration: number, playing: boolean) {
  const ids = [0, 3, 4];
  const kind = playing ? ("moving" as const) : ("at rest" as const);
  const told = ids.map((id) => ({ run: id, kind, iteration, playing }));
  const layouts = ids.map(() => layoutOf(...Array.from({ length: 240 }, (_, i) => i % 7)));
  await act(() => page.python.model.say(news(seq, ...told), ...layouts));
}

async function answerAll() {
  while (page.python.isAsked("together")) await page.python.answerTo("together", reply);
}

async function showThree(playing = false) {
  await page.set("_runs", THREE);
  await tell(2, 9, playing);
}

test("one click asks Python for four maps from other starts, another kind and number for those", async () => {
  await page.click(button("make the maps") as HTMLElement);
  await page.click(section().querySelectorAll<HTMLElement>("[type=radio]")[1]);
  await page.fill(page.named("how many maps"), "7");
  await page.click(button("make the maps") as HTMLElement);
  expect(page.commands()).toEqual([
    { name: "repeat", value: 4, kind: "starts" },
    { name: "repeat", value: 7, kind: "rows" },
  ]);
});

test.each(["0", "1.5", "64", ""])("so many maps cannot be: %s", async (typed) => {
  await page.fill(page.named("how many maps"), typed);
  expect(section().querySelector("[role=alert]")?.textContent).toContain("enter how many maps, 1 to 63");
  expect(button("make the maps")?.disabled).toBe(true);
  await page.click(button("make the maps") as HTMLElement);
  expect(page.commands()).toEqual([]);
});

test("a single map is not asked about, and nothing can be removed", () => {
  expect(asked()).toBe(0);
  expect(button("remove the 2 small maps")).toBe(undefined);
  expect(section().textContent).toContain("t-SNE makes clumps also where there are none");
});

test("each group has a row, the selection too, and it is said that this makes none real", async () => {
  await showThree();
  await answerAll();
  expect(section().dataset.repetitions).toBe("2");
  expect(section().textContent).toContain("Holding together does not make a group real.");
  const [selected, few] = page.all("[data-held]");
  expect(selected.textContent).toBe("selected rows4030 %comes apart");
  expect(selected.title).toContain("this map: 90 %");
  expect(selected.title).toContain("again 3: 20 %");
  expect(selected.querySelector<HTMLElement>("i")?.style.width).toBe("30%");
  expect([...selected.querySelectorAll("b")].map(({ style }) => style.left)).toEqual(["20%", "40%"]);
  expect(few.textContent).toBe("<b>a</b>3too few: it has fewer than 5 rows");
  expect(few.querySelectorAll("i, b")).toHaveLength(0);
  expect(section().textContent).toContain("the first 2 of 60");
});

test("once the small maps rest, it is told how many clumps of the map are luck, once only", async () => {
  const read = (iteration: number, ...findings: Finding[]): ReadReply => {
    const nothing = { advice: null, seconds: {}, gaps: [], links: 0 };
    return { question: "map", run: 0, epoch: 0, iteration, findings, ...nothing };
  };
  const fits: Finding = { question: "fits", subject: "", sentence: "it fits", tone: "good", values: {} };
  const luck: Finding = { ...fits, question: "luck", sentence: "All 2 clumps stay. Real? No." };
  const asked = () => page.python.asked.filter((query) => query.name === "read" && query.question === "map");
  await tell(2, 9, false);
  await page.python.answerTo("read", read(9, fits));
  await page.set("_runs", THREE);
  await page.python.answerTo("read", read(9, fits));
  await tell(3, 9, true);
  await answerAll();
  const before = asked().length;
  await tell(4, 9, false);
  await answerAll();
  expect(asked()).toHaveLength(before + 1);
  await page.python.answerTo("read", read(9, fits, luck));
  expect(page.texts("[data-finding=luck] h4 + p")).toEqual(["All 2 clumps stay. Real? No."]);
  expect(section().querySelector("[data-finding=luck] h4")?.textContent).toBe("Is it luck?");
  expect(section().textContent).not.toContain("does not make a group real");
  expect(page.find(".tw-drawer").textContent?.match(/Is it luck\?/g)).toHaveLength(1);
});

test("the compare menu leads to it, and the keyboard goes on there", async () => {
  await page.click(page.named("Close the drawer"));
  const menu = await page.openMenu("Compare several maps");
  await page.click([...menu.querySelectorAll("button")].at(-1) as HTMLElement);
  expect(page.find(".tw-drawer").dataset.tab).toBe("reading");
  expect(document.activeElement).toBe(button("make the maps"));
});

test("it is asked again every two seconds while maps move, and once when they rest", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
  await showThree(true);
  await answerAll();
  expect(page.all(".tw-verdict")[0].textContent).toBe("so far");
  for (const _ of [1, 2]) {
    const before = asked();
    await pass(2000);
    expect(asked()).toBe(before + 1);
    await answerAll();
  }
  const moving = asked();
  await tell(3, 20, false);
  await answerAll();
  expect(asked()).toBe(moving + 1);
  await pass(20_000);
  expect(asked()).toBe(moving + 1);
  expect(page.all(".tw-verdict")[0].textContent).toBe("");
});

test("another selection and other groups are asked about", async () => {
  await showThree();
  await answerAll();
  const before = asked();
  await page.python.select(1, 2, 3);
  expect(asked()).toBe(before + 1);
  await answerAll();
  await page.click(page.named("Close the drawer"));
  await page.python.select(4);
  expect(asked()).toBe(before + 1);
});

test("a button removes the small maps, and the table goes with them", async () => {
  await showThree();
  await answerAll();
  await page.click(button("remove the 2 small maps") as HTMLElement);
  expect(page.commands()).toEqual([{ name: "repeat", value: 0, kind: "starts" }]);
  await page.set("_runs", ONE);
  expect(page.all("[data-held]")).toHaveLength(0);
  expect(page.view.grid.value.cells.map(({ bar }) => bar)).toEqual(["none"]);
});

test("small maps leave the first map most of the room, and the compare menu does not offer more of them", async () => {
  await act(() => {
    page.view.size.value = { width: 900, height: 500 };
  });
  await showThree();
  const [main, ...others] = page.view.grid.value.cells;
  expect(main.run).toBe(0);
  expect(main.map.width * main.map.height).toBeGreaterThan(0.6 * 900 * 500);
  for (const { map } of others) expect(map.width).toBeLessThan(main.map.width / 2);
  const menu = await page.openMenu("Compare several maps");
  expect(menu.textContent).toContain("again 3");
  expect(menu.textContent).not.toContain("t-SNE again");
});

test("why there is no answer stands where it would", async () => {
  await showThree();
  await answerAll();
  await page.python.select(5, 6);
  await page.python.refuse("the widget is closed", "together");
  expect(section().querySelector("[role=alert]")?.textContent).toBe("the widget is closed");
});
