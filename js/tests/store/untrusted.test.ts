// @vitest-environment happy-dom
/** Whatever comes from Python or from a saved notebook is understood, or refused with a reason; the view goes on. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import type { Kind } from "../../src/wire/news";
import type { Query } from "../../src/wire/protocol";
import type { Traits } from "../../src/wire/traits";
import {
  AXES,
  type FakeModel,
  frame,
  layoutOf,
  MEASURES,
  measured,
  news,
  run,
  status,
  threePoints,
} from "../fakes/model";

const N = 3;
const LAYOUT = layoutOf(0, 1, 2, 3, 4, 5);
const OTHER = layoutOf(9, 9, 9, 9, 9, 9);
const RUNS = process.env.FUZZ === "full" ? 10_000 : 100;
let model: FakeModel;
let store: Store;
let warn: MockInstance;

beforeEach(() => {
  vi.useFakeTimers();
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "debug").mockImplementation(() => {});
  model = threePoints();
  store = new Store(model.asModel());
});

afterEach(() => {
  store.destroy();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Whatever of the store a refused message must leave as it is. */
function held(): string {
  const maps = store.maps.value.map(({ run, status, picture, curve }) => [
    [run, status.value, curve.value, picture.value?.iteration],
    [...(picture.value?.positions ?? [])],
  ]);
  const rest = [store.refusal.value, store.awaiting.value, store.connection.value];
  return JSON.stringify([maps, rest]);
}

/** The reasons that were told to the console. */
const reasons = () => warn.mock.calls.map((told) => told.map(String).join(" "));

/** A refused message does no harm: the next good one is shown. */
function goesOn(seq: number): void {
  model.say(frame(seq, 7, 1000), LAYOUT);
  expect([...(store.maps.value[0].picture.value?.positions ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
}

test.each<[string, unknown, DataView[], string]>([
  ["infinite coordinates", frame(2, 2), [layoutOf(0, 1, 2, 3, Number.POSITIVE_INFINITY, 5)], "not finite"],
  ["coordinates that are NaN", frame(2, 2), [layoutOf(Number.NaN, 1, 2, 3, 4, 5)], "not finite"],
  ["too few bytes", frame(2, 2), [layoutOf(0, 1)], "expected 24 bytes, got 8"],
  ["too many bytes", frame(2, 2), [layoutOf(0, 1, 2, 3, 4, 5, 6, 7)], "expected 24 bytes"],
  ["a buffer too many", frame(2, 2), [LAYOUT, LAYOUT], "one for each layout"],
  ["one run twice", news(2, { run: 0 }, { run: 0 }), [LAYOUT, LAYOUT], "run=0 is not told once"],
  ["a layout of an epoch to come", { ...(news(2) as object), runs: [early()] }, [LAYOUT], "layout.epoch=5"],
  ["an iteration that is none", news(2, { iteration: -1 }), [LAYOUT], "status.iteration=-1"],
  [
    "a KL that is infinite",
    news(2, { figures: { KL: Number.POSITIVE_INFINITY } }),
    [LAYOUT],
    "status.figures.KL=Infinity",
  ],
  ["an unknown kind", news(2, { kind: "asleep" as Kind }), [LAYOUT], "status.kind=asleep is not one of"],
  ["a stage that is none", news(2, { stage: {} as string }), [LAYOUT], "status.stage=object is not a text"],
  ["an error that is none", { type: "answer", client: "p", id: 1, error: {} }, [], "error=object"],
  ["no client", { type: "alive" }, [], "client=undefined"],
  ["a type that is none", { type: "<b>", client: "p" }, [], "type=<b> is not a known message type"],
  ["nothing", null, [], "message=null is not an object"],
])("a message with %s is refused with the reason", (_, content, buffers, reason) => {
  model.say(frame(1, 1), OTHER);
  const before = held();
  model.say(content, ...buffers);
  expect(held()).toBe(before);
  expect(reasons()).toHaveLength(1);
  expect(reasons()[0]).toContain(reason);
  goesOn(3);
});

function early(): unknown {
  return { status: status({ epoch: 4 }), layout: { epoch: 5, iteration: 0 } };
}

test("repeated, late and outdated news are refused with the reason", () => {
  model.say(frame(5, 50, 2), LAYOUT);
  const before = held();
  model.say(frame(5, 60, 2), OTHER);
  model.say(frame(4, 40, 2), OTHER);
  model.say(frame(6, 60, 1), OTHER);
  expect(held()).toBe(before);
  expect(reasons().map((reason) => reason.replace("tsne_widget: ", ""))).toEqual([
    "news 5 refused: repeated or late, the newest is 5",
    "news 4 refused: repeated or late, the newest is 5",
    "news of epoch 1 refused: the current epoch is 2",
  ]);
  goesOn(7);
});

test("news of an unknown run do not affect the other runs", () => {
  model.say(news(1, { run: 8 }, { run: 0, iteration: 3 }), OTHER, LAYOUT);
  expect(store.maps.value.map(({ run, picture }) => [run, picture.value?.iteration])).toEqual([[0, 3]]);
  expect(vi.mocked(console.debug).mock.calls.join()).toContain("run 8");
});

test("news are acknowledged even if drawing them fails", () => {
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => setTimeout(callback, 16));
  store.addView({});
  store.maps.value[0].picture.subscribe((picture) => {
    if (picture) throw new Error("cannot draw");
  });
  expect(() => model.say(frame(1, 1), LAYOUT)).toThrow("cannot draw");
  vi.advanceTimersByTime(20);
  expect(model.of("ack")).toMatchObject([{ seq: 1 }]);
  vi.unstubAllGlobals();
});

// --- thousands of them ----------------------------------------------------------------------------------

const SAMPLES: { content: Record<string, unknown>; buffers: DataView[] }[] = [
  { content: frame(1, 1) as Record<string, unknown>, buffers: [LAYOUT] },
  { content: news(1, { run: 0 }, { run: 1 }) as Record<string, unknown>, buffers: [LAYOUT, OTHER] },
  { content: { type: "answer", client: "p", id: 1, error: null }, buffers: [] },
  { content: { type: "reply", client: "p", id: 1, error: null, result: {} }, buffers: [] },
  { content: { type: "alive", client: "p", sent: 3, told: null, known: null }, buffers: [] },
];

const ODD = fc.oneof(fc.anything({ maxDepth: 1 }), fc.integer({ min: -2, max: 9 }), fc.double());

const MESSAGES = fc
  .record({
    sample: fc.constantFrom(...SAMPLES),
    path: fc.array(fc.nat(20), { minLength: 0, maxLength: 4 }),
    odd: ODD,
    buffers: fc.option(fc.array(fc.array(fc.float(), { maxLength: 8 }), { maxLength: 3 })),
  })
  .map(({ sample, path, odd, buffers }) => ({
    content: path.length ? changed(sample.content, path, odd) : sample.content,
    buffers: buffers?.map((values) => layoutOf(...values)) ?? sample.buffers,
  }));

/** A copy in which what a path leads to is something else. */
function changed(value: unknown, [step, ...path]: number[], odd: unknown): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return odd;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const keys = Object.keys(copy);
  const key = keys[step % Math.max(1, keys.length)] ?? "x";
  copy[key] = changed(copy[key], path, odd);
  return copy;
}

test("any message is accepted, or refused with a reason and without effect, and the next one is shown", () => {
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: MESSAGES }, fc.record({ content: ODD, buffers: fc.constant([]) })),
      ({ content, buffers }) => {
        warn.mockClear();
        const own = threePoints();
        own.traits._runs = [run(0), run(1, { random_state: 1 })];
        [model, store] = [own, new Store(own.asModel())];
        const before = held();
        model.say(content, ...buffers);
        if (reasons().length) expect(held()).toBe(before);
        for (const { picture, status } of store.maps.value) {
          expect([...(picture.value?.positions ?? [])].every(Number.isFinite)).toBe(true);
          expect(typeof (status.value?.stage ?? "")).toBe("string");
        }
        goesOn(Number.MAX_SAFE_INTEGER);
        store.destroy();
      },
    ),
    { numRuns: RUNS, seed: 6 },
  );
});

const QUERIES: Query[] = [
  { name: "rows", rows: null, sort: null, offset: 0, limit: 1, columns: [] },
  { name: "contrast", against: null, limit: 5, view: 0 },
  { name: "measure", measure: "stretch", runs: [], row: 0, view: 0 },
  { name: "neighbors", row: 0, k: 1 },
  { name: "find", text: "a", column: null },
  { name: "labels" },
  { name: "suggestions" },
  { name: "group_distances", by: "labels", run: 0 },
  { name: "keyframes" },
  { name: "keyframes_at", iteration: 3 },
  { name: "html", columns: [], place: false, images: false },
];

test("any reply is understood or rejects its question; nobody waits forever", async () => {
  const result = fc.oneof(
    ODD,
    fc.dictionary(
      fc.constantFrom(
        "row",
        "count",
        "positions",
        "kind",
        "names",
        "searched",
        "total",
        "k",
        "runs",
        "iterations",
      ),
      ODD,
    ),
  );
  const buffers = fc.array(fc.array(fc.float(), { maxLength: 4 }), { maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...QUERIES), result, buffers, async (query, result, buffers) => {
      const said = store.ask(query).then(
        () => "understood",
        (error) => error.message,
      );
      const { client, id } = model.of("query").at(-1) as { client: string; id: number };
      model.say(
        { type: "reply", client, id, error: null, result },
        ...buffers.map((one) => layoutOf(...one)),
      );
      expect(["understood", "Python's answer was not understood"]).toContain(await said);
      model.sent.length = 0;
    }),
    { numRuns: RUNS, seed: 6 },
  );
});

test("a complete reply is understood, and one with any wrong part is refused", async () => {
  const picture = { kind: "raw", width: 1, height: 1, channels: 1, buffer: 0 };
  const columns = [{ name: "a", type: "image", values: [picture] }];
  const reply = { total: 1, positions: [2], index: ["x"], columns, images: [null], image_error: null };
  const pixel = new DataView(new ArrayBuffer(1));
  const ask = async (result: unknown, ...buffers: DataView[]) => {
    const answer = store.ask(QUERIES[0]);
    const { client, id } = model.of("query").at(-1) as { client: string; id: number };
    model.say({ type: "reply", client, id, error: null, result }, ...buffers);
    return answer;
  };
  await expect(ask(reply, pixel)).resolves.toMatchObject({ result: { total: 1 } });
  for (const wrong of [{ positions: [3] }, { index: [] }, { total: 0 }, { columns: [{ name: "a" }] }]) {
    await expect(ask({ ...reply, ...wrong }, pixel)).rejects.toThrow("not understood");
  }
  await expect(ask(reply)).rejects.toThrow("not understood"); // its picture is missing
});

test("a measurement has a number for each point, on one map or on each", async () => {
  const ask = async (result: unknown, ...buffers: DataView[]) => {
    const answer = store.ask({ name: "measure", measure: "fit", runs: [0, 1], row: null, view: 0 });
    const { client, id } = model.of("query").at(-1) as { client: string; id: number };
    model.say({ type: "reply", client, id, error: null, result }, ...buffers);
    return answer;
  };
  const values = layoutOf(0, Number.NaN, 1);
  const fit = measured("fit", { runs: [0, 1] });
  await expect(ask(fit, values, values)).resolves.toMatchObject({ result: fit });
  await expect(ask(fit, values)).resolves.toMatchObject({ result: fit });
  await expect(ask({ ...fit, parts: 2 }, values, values)).resolves.toMatchObject({ result: { parts: 2 } });
  await expect(ask({ ...fit, parts: 2 }, values)).rejects.toThrow("not understood");
  const caution = { text: "<b>", axis: "init", value: "random", action: "do" };
  await expect(ask({ ...fit, caution }, values)).resolves.toMatchObject({ result: { caution } });
  for (const buffers of [[], [layoutOf(0, 1)], [values, values, values]])
    await expect(ask(fit, ...buffers)).rejects.toThrow("not understood");
  for (const wrong of [
    { low: Number.NaN },
    { sentence: null },
    { runs: ["0"] },
    { row: N },
    { caution: {} },
    { parts: 3 },
  ])
    await expect(ask({ ...fit, ...wrong }, values)).rejects.toThrow("not understood");
});

// --- traits, which a saved notebook may hold ------------------------------------------------------------

const HOSTILE: [keyof Traits, unknown][] = [
  ["selection", new DataView(new ArrayBuffer(5))],
  ["selection", new DataView(Int32Array.of(0, N).buffer)],
  ["selection", new DataView(new ArrayBuffer(4 * N + 4))],
  ["align", "javascript:alert(1)"],
  ["height", Number.NaN],
  ["tooltip_columns", [{}]],
  ["point_size", "url(x)"],
  ["opacity", null],
  ["_measures", [{ ...MEASURES[0], needs: "magic" }]],
  ["_measures", [{ ...MEASURES[0], ends: ["one"] }]],
  ["_measures", [{ ...MEASURES[0], parts: [1, 2] }]],
  ["_measures", [{ ...MEASURES[0], transform: "cubic" }]],
  ["_measures", "all"],
  ["color_scale", "cubic"],
  [
    "_labels",
    {
      kind: "categories",
      name: "a",
      names: ["x"],
      counts: [3],
      has_missing: false,
      colors: [],
      codes: codes(0, 1, 0),
    },
  ],
  [
    "_labels",
    {
      kind: "categories",
      name: "a",
      names: ["x"],
      counts: [],
      has_missing: false,
      colors: [],
      codes: codes(0, 0, 0),
    },
  ],
  [
    "_labels",
    {
      kind: "scale",
      name: "a",
      low: 0,
      high: 1,
      least: 0,
      most: 1,
      quantity: "number",
      colors: [],
      origin: null,
      values: codes(1),
    },
  ],
  ["_labels", { kind: "else" }],
  ["_runs", []],
  ["_color", { mode: 7, column: null, kinds: [], transforms: [] }],
  ["_columns", [{ name: "a", type: "html", feature: false }]],
  [
    "_labels",
    {
      ...{
        kind: "scale",
        name: "a",
        low: 0,
        high: 1,
        least: 0,
        most: 1,
        quantity: "number",
        colors: [],
        origin: "1.5",
      },
      values: new DataView(new ArrayBuffer(8 * N)),
    },
  ],
  ["_groups", [{ name: "a", color: "red;background:url(//x)", rows: codes() }]],
  ["_groups", [{ name: "a", color: "#ff0000", rows: new DataView(Int32Array.of(-1).buffer) }]],
  ["_undo", { undo: -1, redo: 0 }],
  ["_runs", [run(0), run(0)]],
  ["_caption", 7],
  ["_incomparable", [{ words: "KL" }]],
  ["_runs", [{ ...run(0), words: { init: 7 } }]],
  ["_runs", [{ ...run(0), values: { perplexity: Number.NaN } }]],
  ["_axes", [{ ...AXES[0], kind: "colour" }]],
  ["_axes", [{ ...AXES[0], reach: { low: "1" } }]],
  ["_runs", null],
  ["_reference", "0"],
  [
    "_snapshot",
    [
      {
        status: status(),
        offset: [0, 0],
        scale: Number.NaN,
        gaps: false,
        points: codes(0, 0, 0, 0, 0, 0),
        placed: null,
      },
    ],
  ],
  [
    "_snapshot",
    [{ status: status(), offset: [0, 0], scale: 1, gaps: false, points: codes(0, 0), placed: null }],
  ],
  [
    "_snapshot",
    [
      {
        status: { run: 0 },
        offset: [0, 0],
        scale: 1,
        gaps: false,
        points: codes(0, 0, 0, 0, 0, 0),
        placed: null,
      },
    ],
  ],
];

function codes(...values: number[]): DataView {
  return new DataView(Uint16Array.from(values).buffer);
}

/** All that the traits have made of the store. */
function shown(store: Store): string {
  const { height, align, labels, color, columns, rows, groups, undo, tooltip, pointSize, opacity } = store;
  const plain = [height, align, color, columns, rows, undo, tooltip, pointSize, opacity].map(
    (signal) => signal.value,
  );
  const told = [[...store.selection.value], labels.value?.kind, groups.value.map(({ name }) => name)];
  const maps = store.maps.value.map((map) => [map.run, map.settings.value, map.picture.value?.iteration]);
  return JSON.stringify([plain, told, maps, store.reference.value.run]);
}

test.each(HOSTILE)("an impossible %s is refused with a reason, at the start and later", (name, value) => {
  const before = shown(store);
  model.set(name, value as never);
  expect(shown(store)).toBe(before);
  expect(reasons()[0]).toMatch(/^tsne_widget: (the trait|a saved map).* was refused: ProtocolError: /);
  const opened = new Store(model.asModel()); // a notebook that was saved so
  if (name !== "_runs") expect(shown(opened)).toBe(before);
  opened.destroy();
});

test("a trait of any value is accepted or refused without breaking the store, and later good values come through", () => {
  const names = [...new Set(HOSTILE.map(([name]) => name))];
  fc.assert(
    fc.property(fc.constantFrom(...names), ODD, (name, value) => {
      const good = threePoints().traits[name];
      model.set(name, value as never);
      shown(store);
      model.set(name, good as never);
      warn.mockClear();
      model.set("_reference", 0 as never);
      expect(reasons()).toEqual([]);
    }),
    { numRuns: RUNS, seed: 6 },
  );
});

// --- no HTML is made of data ----------------------------------------------------------------------------

const MAKES_HTML =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|createContextualFragment|DOMParser|srcdoc|setHTML|javascript:|\.html\(|\beval\(|new Function|\bhref=/;

test("no source of the view turns text into HTML or code, or follows a link", () => {
  const folder = new URL("../../src/", `file://${__dirname}/`);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  expect(files.length).toBeGreaterThan(60);
  const found = files.filter((name) => MAKES_HTML.test(readFileSync(new URL(name, folder), "utf8")));
  expect(found).toEqual([]);
});
