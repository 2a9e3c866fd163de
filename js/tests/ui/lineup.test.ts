// @vitest-environment happy-dom
/** A line-up: asked for in the drawer, picked from over the map, told once. */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drawGrey } from "../../src/scatter";
import { columnsOf, GAP, neighborOf } from "../../src/ui/lineup/tiling";
import type { LineUpReply, ReadReply } from "../../src/wire/replies";
import { layoutOf, news, run } from "../fakes/model";
import { FakePage } from "../fakes/page";

const N = 120;
const LAYOUT = layoutOf(...Array.from({ length: 2 * N }, (_, i) => i % 7));
const PANELS = [1, 2, 3, 4, 5, 6].map((k) =>
  layoutOf(...Array.from({ length: 2 * N }, (_, i) => (i % k) / k)),
);
const REPLY: LineUpReply = {
  run: 0,
  epoch: 0,
  iteration: 1000,
  answer: 4,
  seed: 77,
  picks: [1, 2, 3, 4, 5, 6].map((i) => (i === 4 ? "you found it" : `panel ${i} is noise`)),
  noise: "more than noise",
};
const READ: ReadReply = {
  question: "map",
  run: 0,
  epoch: 0,
  iteration: 1000,
  findings: [{ question: "fits", subject: "", sentence: "it fits", tone: "good", values: {} }],
  advice: null,
  seconds: { lineup: 9.2 },
  gaps: [],
  links: 0,
};

let page: FakePage;
let seq = 1;

beforeEach(async () => {
  page = await FakePage.open({ advice: false });
  await tell("at rest", 1000);
  await page.openDrawer("reading");
  await page.python.answerTo("read", READ);
});

afterEach(() => {
  page.close();
  seq = 1;
});

const tell = (kind: "at rest" | "moving", iteration: number) =>
  act(() => page.python.model.say(news(++seq, { kind, iteration, playing: kind === "moving" }), LAYOUT));
const offer = () => page.find("[data-finding=lineup]");
const dialog = () => page.find(".tw-lineup");
const panel = (number: number) => page.all(".tw-lineup-panel")[number - 1];
const labels = () => page.all(".tw-lineup-panel").map((each) => each.getAttribute("aria-label"));
const begin = () => page.click(offer().querySelector("button") as HTMLElement);
const open = async () => {
  await begin();
  await page.python.answerTo("lineup", REPLY, ...PANELS);
};
/** Python's replies to what was dropped, and to the wish to drop it. */
const dropped = async () => {
  for (const _ of ["lineup", "drop_read"]) await page.python.refuse("dropped");
};
/** What was asked for, or dropped, in short. */
const asked = () =>
  page.python.asked.flatMap((query) =>
    query.name === "lineup"
      ? [`${query.n} of ${query.run}`]
      : query.name === "drop_read" && query.question === "lineup"
        ? [`no ${query.run}`]
        : [],
  );

test("it is offered with what it costs, and says how far it is until it opens over the map", async () => {
  expect(offer().textContent).toBe("Is it noise? Pick your mapline up with 5 maps of noiseabout 9 s");
  await begin();
  expect(asked()).toEqual(["6 of 0"]);
  const { client, id } = page.python.model.of("query").at(-1) as { client: string; id: number };
  const bar = () => offer().querySelector("progress")?.value;
  expect(bar()).toBe(0);
  await act(() => page.python.model.say({ type: "progress", client, id, share: 0.25 }));
  await act(() => page.python.model.say({ type: "progress", client: "another", id, share: 0.9 }));
  expect(bar()).toBe(0.25);
  expect(dialog()).toBeNull();
  await page.python.answerTo("lineup", REPLY, ...PANELS);
  expect(labels()).toEqual([1, 2, 3, 4, 5, 6].map((i) => `Panel ${i}`));
  expect(dialog().textContent).toContain(
    "5 are maps of noise, which has none of your rows: pointing and circling are off here.",
  );
  for (const secret of ["you found it", "more than noise", "77"])
    expect(page.root.textContent).not.toContain(secret);
});

test("while it is open, nothing below it can be reached", async () => {
  await open();
  expect(page.find(".tw-map").hasAttribute("inert")).toBe(true);
  await page.key(panel(1), "Escape");
  expect(dialog()).toBeNull();
  expect(page.find(".tw-map").hasAttribute("inert")).toBe(false);
});

test("a pick tells what it was, what the map is and what the data say; only the first counts", async () => {
  await open();
  await page.click(panel(2));
  expect(labels()).toEqual([
    "Panel 1, noise",
    "Panel 2, noise, your pick",
    "Panel 3, noise",
    "Panel 4, your map",
    "Panel 5, noise",
    "Panel 6, noise",
  ]);
  expect(panel(2).textContent).toBe("2: noise, your pick");
  const told = () => dialog().querySelector("[role=status]")?.textContent;
  expect(told()).toBe("panel 2 is noisemore than noise lineup(seed=77) repeats it in Python.");
  await page.click(panel(4));
  expect(told()).toContain("panel 2 is noise");
  await page.click("close");
  expect(dialog()).toBeNull();
  expect(offer().textContent).toContain("panel 2 is noiseagain, with new noise");
});

test("another one has new noise, and nothing of the last is known in it", async () => {
  await open();
  await page.click(panel(4));
  await page.click(dialog().querySelector(".tw-lineup-buttons button") as HTMLElement);
  expect([dialog(), asked()]).toEqual([null, ["6 of 0", "6 of 0"]]);
  expect(offer().textContent).not.toContain("you found it");
  await page.python.answerTo("lineup", { ...REPLY, answer: 1 }, ...PANELS);
  expect(labels()[0]).toBe("Panel 1");
});

test("the keyboard moves among panels and closes them, and the map's keys rest", async () => {
  await open();
  expect(document.activeElement).toBe(panel(1));
  const mode = page.view.mode.value;
  const notebook = vi.fn();
  document.body.addEventListener("keydown", notebook);
  await page.key(panel(1), "ArrowRight");
  expect(document.activeElement).toBe(panel(2));
  expect(page.all(".tw-lineup-panel").map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1, -1, -1, -1]);
  for (const key of ["r", " ", "ArrowRight"]) await page.key(panel(2), key);
  expect([page.view.mode.value, page.commands()]).toEqual([mode, []]);
  expect(document.activeElement).toBe(panel(3));
  await page.key(panel(3), "Escape");
  expect([dialog(), notebook.mock.calls]).toEqual([null, []]);
  expect(document.activeElement).toBe(page.find(".tw-map"));
  document.body.removeEventListener("keydown", notebook);
});

test("closed without a pick nothing is told, and it is offered anew", async () => {
  await open();
  await page.key(panel(1), "Escape");
  expect(offer().textContent).toContain("line up with 5 maps of noise");
  expect(asked()).toEqual(["6 of 0"]);
});

test("in the making, it is dropped by stop, when the map moves on, and when its tab is left", async () => {
  await begin();
  await page.click(offer().querySelector(".tw-link") as HTMLElement);
  expect(asked()).toEqual(["6 of 0", "no 0"]);
  await dropped();
  await begin();
  await tell("moving", 1010);
  expect(asked()).toEqual(["6 of 0", "no 0", "6 of 0", "no 0"]);
  expect(offer().querySelector("button")?.disabled).toBe(true);
  await dropped();
  await tell("at rest", 1020);
  await page.python.answerTo("read", { ...READ, iteration: 1020 });
  await begin();
  await page.click(page.find("[role=tab][data-tab=rows]"));
  expect(asked().slice(4)).toEqual(["6 of 0", "no 0"]);
});

test("an open one is put away when its map moves on", async () => {
  await open();
  await tell("moving", 1010);
  expect([dialog(), asked()]).toEqual([null, ["6 of 0"]]);
});

test("the focus stays where the user works: in the toolbar, or in the notebook", async () => {
  await open();
  const seed = page.find(".tw-toolbar input");
  await act(() => seed.focus());
  await tell("moving", 1010);
  expect(dialog()).toBeNull();
  expect(document.activeElement).toBe(seed);
  await tell("at rest", 1020);
  await page.python.answerTo("read", { ...READ, iteration: 1020 });
  const cell = document.body.appendChild(document.createElement("textarea"));
  await begin();
  cell.focus();
  await page.python.answerTo("lineup", { ...REPLY, iteration: 1020 }, ...PANELS);
  expect(dialog()).not.toBeNull();
  expect(document.activeElement).toBe(cell);
});

test("it is of the map that the tab reads", async () => {
  await page.set("_runs", [run(0), run(1, { perplexity: 5 })]);
  await act(() =>
    page.python.model.say(
      news(
        ++seq,
        ...[0, 1].map((each) => ({ run: each, kind: "at rest" as const, iteration: 1000, playing: false })),
      ),
      LAYOUT,
      LAYOUT,
    ),
  );
  // With another map beside it, the first is asked about anew.
  while (page.python.isAsked("read")) await page.python.answerTo("read", READ);
  await page.fill(page.find(".tw-drawer-controls select"), "1");
  await page.python.answerTo("read", { ...READ, run: 1 });
  await begin();
  await page.fill(page.find(".tw-drawer-controls select"), "0");
  expect(asked()).toEqual(["6 of 1", "no 1"]);
});

test("Python's reason is told if there is none", async () => {
  await begin();
  await page.python.refuse("There is no answer: by the given distance rows have no means.");
  expect(offer().querySelector("[role=alert]")?.textContent).toContain("rows have no means");
  expect(dialog()).toBeNull();
});

test("panels are as large as the box allows, in any number", () => {
  expect(columnsOf(6, 1000, 460)).toEqual({ columns: 3, side: 206 });
  expect(columnsOf(6, 560, 460)).toEqual({ columns: 3, side: 181 });
  expect(columnsOf(6, 250, 1000)).toEqual({ columns: 1, side: 140 });
  expect(columnsOf(2, 1000, 300).columns).toBe(2);
  for (const count of [2, 6, 20]) {
    const { columns, side } = columnsOf(count, 900, 400);
    expect(columns * side + GAP * (columns - 1)).toBeLessThanOrEqual(900);
    expect(side).toBeGreaterThanOrEqual(72);
  }
});

test("arrows lead to the panel beside, above or below, and nowhere beyond", () => {
  expect(
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "x"].map((key) => neighborOf(4, key, 3, 6)),
  ).toEqual([3, 5, 1, null, null]);
  expect(neighborOf(0, "ArrowLeft", 3, 6)).toBeNull();
});

test("points are drawn in grey, alike on every panel of as many points", () => {
  const pixels: Uint8ClampedArray[] = [];
  const canvas = document.createElement("canvas");
  const context = {
    canvas,
    createImageData: (width: number, height: number) => ({
      width,
      height,
      data: new Uint8ClampedArray(4 * width * height),
    }),
    putImageData: ({ data }: ImageData) => pixels.push(data.slice()),
  };
  vi.spyOn(canvas, "getContext").mockReturnValue(context as never);
  for (const places of [Float32Array.of(0, 0), Float32Array.of(-1, 1)])
    drawGrey(canvas, places, { side: 50, ratio: 2, background: "#ffffff" });
  expect([canvas.width, canvas.height]).toEqual([100, 100]);
  const inked = pixels.map((data) => {
    const at: number[] = [];
    for (let p = 0; p < data.length; p += 4) {
      expect(data[p] === data[p + 1] && data[p] === data[p + 2]).toBe(true);
      if (data[p] < 250) at.push(p / 4);
    }
    return at;
  });
  expect(inked[0].length).toBeGreaterThan(4);
  expect(Math.abs(inked[0].length - inked[1].length)).toBeLessThan(20);
  expect(inked[1].every((pixel) => pixel % 100 < 50 && pixel < 5000)).toBe(true);
});
