// @vitest-environment happy-dom
/** What may be read: asked when it is to be seen, told in words, marked as of before while the map moves. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sceneOf } from "../../../src/ui/picture/scene";
import { LINKS_DRAWN, pairsOf, tracesOf } from "../../../src/view/traces";
import type { Query, ReadQuestion } from "../../../src/wire/protocol";
import type { Finding, Gap, ReadReply } from "../../../src/wire/replies";
import { LIMITS, layoutOf, news, run } from "../../fakes/model";
import { FakePage } from "../../fakes/page";

const N = 120;
const LAYOUT = layoutOf(...Array.from({ length: 2 * N }, (_, i) => i % 7));
const FITS = finding("fits", "of 10 rows 6 are here", "good", { kept: 0.61234, rows: 1797 });
const ADVICE = finding("advice", "take no clump seriously", "bad");
const GAPS: Gap[] = [
  {
    answer: "apart",
    sentence: "2 % cross",
    values: { W: 0.25 },
    lines: [
      [
        [0, 1],
        [2, 3],
      ],
    ],
    first: 20,
    second: 1000,
  },
  {
    answer: "joined",
    sentence: "36 % cross",
    values: {},
    lines: [
      [
        [4, 5],
        [6, 7],
      ],
    ],
    first: 30,
    second: 40,
  },
];

let page: FakePage;
let seq = 1;

beforeEach(async () => {
  page = await FakePage.open({ advice: true });
});

afterEach(() => {
  page.close();
  seq = 1;
});

function finding(question: string, sentence: string, tone: Finding["tone"], values = {}): Finding {
  return { question, subject: "", sentence, tone, values };
}

function reply(question: ReadQuestion, changes: Partial<ReadReply> = {}): ReadReply {
  const at = { run: 0, epoch: 0, iteration: 1000 };
  const empty = { findings: [], advice: null, seconds: {}, gaps: [], links: 0 };
  return { question, ...at, ...empty, ...changes };
}

/** News of maps that rest or move, by iteration. */
const tell = (kind: "at rest" | "moving", ...iterations: number[]) =>
  act(() => {
    const maps = iterations.map((iteration, run) => ({ run, kind, iteration, playing: kind === "moving" }));
    page.python.model.say(news(++seq, ...maps), ...maps.map(() => LAYOUT));
  });

/** The questions about maps, in short. */
const asked = () =>
  page.python.asked.flatMap((query: Query) =>
    query.name === "read" ? [query.question] : query.name === "drop_read" ? [`no ${query.question}`] : [],
  );
const answer = (question: ReadQuestion, changes: Partial<ReadReply> = {}, ...buffers: DataView[]) =>
  page.python.answerTo("read", reply(question, changes), ...buffers);
const told = (question: string) => page.find(`[data-finding=${question}]`);
const findOut = () => page.click(told("noise").querySelector("button") as HTMLElement);
const advice = () => page.find(".tw-advice")?.textContent;

/** The open tab of a map at rest, and what was found about it. */
async function open(changes: Partial<ReadReply> = {}): Promise<void> {
  await tell("at rest", 1000);
  await answer("map", { findings: [FITS], advice: ADVICE, ...changes });
  await page.openDrawer("reading");
}

test("a line under the map at rest says what matters most, and leads to the rest", async () => {
  expect([asked(), advice()]).toEqual([[], ""]);
  await tell("at rest", 1000);
  expect(asked()).toEqual(["map"]);
  await answer("map", { findings: [FITS], advice: ADVICE });
  expect(advice()).toBe("bad: take no clump seriouslymore");
  await tell("moving", 1010);
  expect(advice()).toBe("");
  await tell("at rest", 1020);
  expect(advice()).toBe("");
  await answer("map", { iteration: 1020, advice: null });
  expect(advice()).toBe("");
  await tell("at rest", 1000);
  await answer("map", { findings: [FITS], advice: ADVICE });
  await page.click(page.find(".tw-advice button"));
  expect(page.find(".tw-drawer").dataset.tab).toBe("reading");
  expect(told("fits").textContent).toContain("of 10 rows 6 are here");
  expect(asked()).toEqual(["map", "map", "map"]);
});

test("the initial layout has no line, but can be read", async () => {
  await tell("at rest", 0);
  expect([asked(), advice()]).toEqual([[], ""]);
  await page.openDrawer("reading");
  expect(asked()).toEqual(["map"]);
  await answer("map", { iteration: 0, findings: [FITS], advice: ADVICE });
  expect(told("fits").dataset.stale).toBe("false");
  expect(advice()).toBe("");
});

test("of a large map the line says what an answer costs, and waits to be asked", async () => {
  page.close();
  page = await FakePage.open({ advice: true, _limits: { ...LIMITS, advice_rows: N } });
  await tell("at rest", 1000);
  expect([asked(), advice()]).toEqual([[], "may I read this map?about 1 s"]);
  await page.click(page.find(".tw-advice button"));
  expect([asked(), advice()]).toEqual([["map"], "looking …"]);
  await answer("map", { findings: [FITS], advice: ADVICE });
  expect(advice()).toBe("bad: take no clump seriouslymore");
  await tell("at rest", 1010);
  expect([asked(), advice()]).toEqual([["map"], "may I read this map?about 1 s"]);
});

test("before the nearest rows are searched, the tab says what it waits for", async () => {
  await tell("at rest", 0);
  await page.openDrawer("reading");
  await answer("map", { iteration: 0 });
  expect(page.find(".tw-drawer-panel").textContent).toContain("told once it has begun");
  await page.python.select(3, 4);
  expect(asked()).toEqual(["map"]);
  await tell("at rest", 10);
  await answer("map", { iteration: 10, findings: [FITS] });
  expect(told("fits").textContent).toContain("of 10 rows 6 are here");
  expect(asked()).toEqual(["map", "map", "group"]);
});

test("without advice nothing is asked, and no line is kept free", async () => {
  await page.set("advice", false);
  await tell("at rest", 1000);
  expect([asked(), page.find(".tw-advice")]).toEqual([[], null]);
});

test("of several maps the reference has the line, and the drawer reads any", async () => {
  await page.set("_runs", [run(0), run(1, { perplexity: 5 })]);
  await tell("at rest", 1000, 700);
  await answer("map", { advice: ADVICE });
  expect(advice()).toContain("perplexity 30: take no clump seriously");
  await page.openDrawer("reading");
  await page.fill(page.find(".tw-drawer-controls select"), "1");
  const last = page.python.asked.findLast(({ name }) => name === "read");
  expect(last).toMatchObject({ question: "map", run: 1 });
  await answer("map", { run: 1, iteration: 700, findings: [{ ...FITS, sentence: "of 10 rows 5" }] });
  expect(told("fits").textContent).toContain("of 10 rows 5");
  expect(advice()).toContain("take no clump seriously");
});

test("a finding is a question, a mark, a sentence and numbers behind a fold", async () => {
  await open();
  expect(told("fits").querySelector("h4")?.textContent).toBe("Does it fit?");
  expect(told("fits").querySelector(".tw-tone")?.textContent).toBe("good: ");
  const fold = told("fits").querySelector("details") as HTMLDetailsElement;
  expect(fold.open).toBe(false);
  expect([...fold.querySelectorAll("dl > div")].map(({ textContent }) => textContent)).toEqual([
    "kept0.612",
    "rows1,797",
  ]);
});

test("while the map moves its findings stay, marked as of before; at rest they are renewed", async () => {
  await open();
  await tell("moving", 1010);
  expect(told("fits").dataset.stale).toBe("true");
  expect(page.find(".tw-drawer-controls").textContent).toContain("as of iteration 1,000");
  await tell("at rest", 1030);
  expect(asked()).toEqual(["map", "map"]);
  await answer("map", { iteration: 1030, findings: [{ ...FITS, sentence: "now 7" }] });
  expect(told("fits").dataset.stale).toBe("false");
  expect(told("fits").textContent).toContain("now 7");
  expect(page.find(".tw-drawer-controls").textContent).toBe("");
});

test("a costly question says its cost, runs when it is wanted, and can be stopped", async () => {
  await open({ seconds: { noise: 4.6 } });
  expect(told("noise").textContent).toBe("Is it noise?find outabout 5 s");
  await findOut();
  expect(asked()).toEqual(["map", "noise"]);
  expect(told("noise").textContent).toBe("Is it noise?looking … stop");
  await page.click("stop");
  expect(asked()).toEqual(["map", "noise", "no noise"]);
  await page.python.refuse("the view has asked for none");
  expect(told("noise").textContent).toBe("Is it noise?find outabout 5 s");
  await findOut();
  await answer("noise", { findings: [finding("noise", "more than noise", "good")] });
  expect(told("noise").textContent).toBe("good: Is it noise?more than noise");
});

test("a closer look replaces what is known at a glance", async () => {
  const glance = finding("torn", "9 % of the rows are torn", "caution");
  await open({ findings: [FITS, glance], seconds: { torn: 10.2 } });
  expect(told("torn").textContent).toContain("compare with noiseabout 10 s");
  await page.click("compare with noise");
  await answer("torn", {
    findings: [{ ...glance, sentence: "9 % of the rows, of a cloud 20 %", tone: "good" }],
  });
  expect(page.texts("[data-finding=torn] p")).toEqual(["9 % of the rows, of a cloud 20 %"]);
});

test("what the user has asked is asked again once the map rests, and nothing else", async () => {
  await open({ seconds: { noise: 4.6, gaps: 8 } });
  await findOut();
  await tell("moving", 1010);
  await page.python.refuse("the map has changed meanwhile");
  expect(told("noise").textContent).toContain("waits until the map rests");
  await tell("at rest", 1020);
  expect(asked()).toEqual(["map", "noise", "map", "noise"]);
  await answer("map", { iteration: 1020, seconds: { noise: 4.6 } });
  await answer("noise", { iteration: 1020, findings: [finding("noise", "more than noise", "good")] });
  await tell("at rest", 1020);
  expect(asked()).toHaveLength(4);
});

test("why there is no answer is said in Python's words", async () => {
  await open();
  await findOut();
  await page.python.refuse("there is not enough memory");
  expect(page.find(".tw-reading [role=alert]").textContent).toBe("there is not enough memory");
});

test("the selection is read as it changes, and a newer one replaces it", async () => {
  await open();
  expect(page.find("[aria-label='Some rows']").textContent).toContain("Circle some rows");
  await page.python.select(3, 4, 5);
  await page.python.select(3, 4);
  expect(asked()).toEqual(["map", "group", "no group"]);
  await page.python.refuse("another question");
  expect(asked().at(-1)).toBe("group");
  const last = page.python.asked.at(-1);
  expect(last).toMatchObject({ first: { of: "selection", name: null }, second: null });
  await answer("group", { findings: [finding("strong", "1.06 times as far", "caution")] });
  expect(told("strong").textContent).toContain("1.06 times as far");
  expect(told("strong").dataset.stale).toBe("false");
  await page.python.select(9);
  expect(told("strong").dataset.stale).toBe("true");
});

test("a group or a label is chosen by its name", async () => {
  const codes = new DataView(Uint16Array.from({ length: N }, (_, row) => row % 2).buffer);
  const labels = { kind: "categories", name: "kind", names: ["ant", "bee"], counts: [60, 60] } as const;
  await page.set("_labels", {
    ...labels,
    names: ["ant", "bee"],
    counts: [60, 60],
    has_missing: false,
    colors: [],
    codes,
  });
  await open();
  await page.fill(page.named("which rows"), "2");
  expect(page.python.asked.at(-1)).toMatchObject({ question: "group", first: { of: "label", name: "bee" } });
  expect(page.find("[aria-label='Some rows'] h3").textContent).toContain("60 rows");
});

test("one or two is asked of two groups, and the links that cross are drawn on request", async () => {
  const rows = (...some: number[]) => new DataView(Int32Array.from(some).buffer);
  await page.set("_groups", [{ name: "a", color: "#000000", rows: rows(1, 2) }]);
  await open();
  await page.python.select(3, 4, 5);
  await answer("group", {});
  await page.fill(page.named("against"), "1");
  await page.click("One or two?");
  const second = { of: "group", name: "a" };
  expect(page.python.asked.at(-1)).toMatchObject({ question: "verdict", second });
  const apart = finding("apart", "apart in the data", "good", { W: 0.2 });
  await answer("verdict", { findings: [apart], links: 2 }, rows(3, 1, 4, 2));
  expect(told("apart").textContent).toContain("apart in the data");
  expect(pairsOf(page.view).size).toBe(0);
  await page.click(page.find(".tw-verdict input"));
  expect([...(pairsOf(page.view).get(0) ?? [])]).toEqual([3, 1, 4, 2]);
  // Other rows: nobody has asked about these.
  await page.python.select(7, 8);
  expect([told("apart"), pairsOf(page.view).size]).toEqual([null, 0]);
  expect(asked().filter((question) => question === "verdict")).toHaveLength(1);
});

test("what the group is beside is told with it, and its links are asked for only to be drawn", async () => {
  await open();
  await page.python.select(3, 4, 5);
  await answer("group", { findings: [finding("apart", "joined to the clump beside it", "bad")] });
  expect(page.texts("[data-finding=apart] p")).toEqual(["joined to the clump beside it"]);
  await page.click("draw the links that cross");
  const many = Int32Array.from({ length: 2 * (LINKS_DRAWN + 10) }, (_, i) => i % N);
  const links = LINKS_DRAWN + 10;
  const apart = finding("apart", "joined to the clump beside it", "bad");
  await answer("verdict", { findings: [apart], links }, new DataView(many.buffer));
  expect(pairsOf(page.view).get(0)).toHaveLength(2 * LINKS_DRAWN);
  expect(page.find(".tw-verdict").textContent).toContain("draw the 3,010 links that cross (3,000 of them");
});

test("all gaps are drawn, listed, marked in the list and on the map, and gone when the map moves on", async () => {
  await open({ seconds: { gaps: 8.4 } });
  await page.click("draw all gaps");
  await answer("gaps", { findings: [finding("gaps", "1 of 2 gaps is in the data", "caution")], gaps: GAPS });
  const drawn = () =>
    tracesOf(page.view)
      .get(0)
      ?.traces.map(({ style, marked }) => [style, marked]);
  expect(drawn()).toEqual([
    ["solid", false],
    ["faint", false],
  ]);
  expect([...(tracesOf(page.view).get(0)?.traces[1].places ?? [])]).toEqual([4, 5, 6, 7]);
  expect(page.find(".tw-gaps-key").textContent).toBe("gaps× in the data the map's own cut");
  expect(page.texts(".tw-gaps summary")).toEqual([
    "the map's own cut, between 30 and 40 rows",
    "in the data, between 20 and 1,000 rows",
  ]);
  const words = sceneOf(page.view).texts.map(({ text }) => text);
  expect(words.join(" ")).toContain("Lines along gaps: solid, in the data; faint, the map's own cut.");
  await act(() => {
    page.all(".tw-gaps summary")[0].dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  });
  expect(drawn()).toEqual([
    ["solid", false],
    ["faint", true],
  ]);
  await tell("moving", 1010);
  expect([drawn(), page.find(".tw-gaps-key")]).toEqual([undefined, null]);
  expect(page.find("[aria-label='All gaps']").textContent).toContain("belong to iteration 1,000");
  await tell("at rest", 1010);
  await answer("map", { iteration: 1010 });
  await answer("gaps", { iteration: 1010, gaps: GAPS });
  expect(drawn()).toHaveLength(2);
  await page.click("Hide the gaps");
  expect(drawn()).toBeUndefined();
});

test("of many gaps those that are in the data are folded, and still stand out on the map", async () => {
  await open();
  await page.click("draw all gaps");
  const real = Array.from({ length: 6 }, (_, i): Gap => ({ ...GAPS[0], first: 20 + i }));
  await answer("gaps", { findings: [], gaps: [...real, GAPS[1]] });
  expect(page.texts("[data-finding=gaps] > details > summary")).toEqual(["the 6 in the data"]);
  const folded = page.all("[data-finding=gaps] > details li");
  expect(folded).toHaveLength(6);
  await act(() => void folded[3].dispatchEvent(new FocusEvent("focusin", { bubbles: true })));
  const marked = tracesOf(page.view)
    .get(0)
    ?.traces.map((trace) => trace.marked);
  expect(marked?.indexOf(true)).toBe(3);
});

test("a view that goes drops what it waits for", async () => {
  await open();
  await findOut();
  page.close();
  expect(asked().at(-1)).toBe("no noise");
});
