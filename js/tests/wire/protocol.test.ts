// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { filterOf } from "../../src/store/filter";
import { Store } from "../../src/store/store";
import { suggestionsOf } from "../../src/store/suggestions";
import { readLabels } from "../../src/view/labels";
import { floats, positionsOf, rowsFromWire, rowsToWire } from "../../src/wire/bytes";
import { load } from "../../src/wire/loading";
import { placedOf, type Status } from "../../src/wire/news";
import { type Command, parseMessage, type Query } from "../../src/wire/protocol";
import type {
  DensityReply,
  DistributionReply,
  Finding,
  Gap,
  KeyframesAtReply,
  KeyframeTold,
  LineUpReply,
  MeasureReply,
  ReadReply,
  SuggestionsReply,
  Tone,
} from "../../src/wire/replies";
import { checkReply } from "../../src/wire/replyChecks";
import { traitChecks } from "../../src/wire/traitChecks";
import type {
  AxisTrait,
  ColumnTrait,
  ConditionTrait,
  FigureTrait,
  FilterTrait,
  GroupTrait,
  Labels,
  LimitsTrait,
  MethodTrait,
  PointsTrait,
  RunTrait,
  SnapshotTrait,
} from "../../src/wire/traits";
import { threePoints } from "../fakes/model";

// Python's tests read the same files: a field on one side alone turns one of them red.
const FOLDER = new URL("../../../tests/protocol/", `file://${__dirname}/`);
const N = 5;
const LAYOUT = [0, 0, 1.5, -2.25, -1, 1024, 0.0078125, -0.5, 3, 0.25];
const STATUS_FIELDS: { [K in keyof Status]: true } = {
  run: true,
  epoch: true,
  kind: true,
  stage: true,
  waiting: true,
  progress: true,
  iteration: true,
  limit: true,
  figures: true,
  words: true,
  playing: true,
  ended: true,
  settled: true,
  reason: true,
  values: true,
  neighbors_kept: true,
  kept_in_words: true,
  doubt: true,
  placing: true,
  advice: true,
  may_go_on: true,
};
const METHOD_FIELDS: { [K in keyof MethodTrait]: true } = {
  name: true,
  label: true,
  live: true,
  offered: true,
  small: true,
  is_function: true,
  about: true,
  axes: true,
  own: true,
  follows: true,
  figures: true,
};
const FIGURE_FIELDS: { [K in keyof FigureTrait]: true } = {
  name: true,
  short: true,
  meaning: true,
};
const LINEUP_FIELDS: { [K in keyof LineUpReply]: true } = {
  run: true,
  epoch: true,
  iteration: true,
  answer: true,
  seed: true,
  picks: true,
  noise: true,
};
const SUGGESTIONS_FIELDS: { [K in keyof SuggestionsReply]: true } = {
  on: true,
  run: true,
  epoch: true,
  iteration: true,
  words: true,
  reading: true,
  rest: true,
  groups: true,
};
const LIMITS_FIELDS: { [K in keyof LimitsTrait]: true } = {
  heartbeat_seconds: true,
  runs_max: true,
  neighbors_listed: true,
  align_rows: true,
  neighbors_per_perplexity: true,
  repetitions: true,
  names_shown: true,
  pictures_shown: true,
  lineup_panels: true,
  advice_rows: true,
  reading_seconds_per_row: true,
  questions: true,
};
const RUN_FIELDS: { [K in keyof RunTrait]: true } = {
  run: true,
  method: true,
  beside: true,
  made_by: true,
  title: true,
  short: true,
  values: true,
  words: true,
  own: true,
};
const AXIS_FIELDS: { [K in keyof AxisTrait]: true } = {
  name: true,
  label: true,
  plural: true,
  kind: true,
  head: true,
  restarts: true,
  in_toolbar: true,
  offered: true,
  reach: true,
  needs: true,
};

const POINTS_FIELDS: { [K in keyof PointsTrait]: true } = {
  n: true,
  features: true,
  note: true,
  doubt: true,
  weights: true,
  saved: true,
  known: true,
};
const KEYFRAME_FIELDS: { [K in keyof KeyframeTold]: true } = {
  run: true,
  epoch: true,
  iteration: true,
  words: true,
  offset: true,
  scale: true,
  gaps: true,
};
const COLUMN_FIELDS: { [K in keyof ColumnTrait]: true } = { name: true, type: true, feature: true };
const FILTER_FIELDS: { [K in keyof FilterTrait]: true } = {
  any: true,
  conditions: true,
  count: true,
  bits: true,
};
const CONDITION_FIELDS: { [K in keyof ConditionTrait]: true } = {
  column: true,
  range: true,
  values: true,
  negated: true,
  words: true,
};
const DISTRIBUTION_FIELDS: { [K in keyof DistributionReply]: true } = {
  column: true,
  least: true,
  most: true,
  quantity: true,
  origin: true,
  ends: true,
  names: true,
  more: true,
};
const GROUP_FIELDS: { [K in keyof GroupTrait]: true } = { name: true, color: true, rows: true };

function bytes(name: string): DataView {
  return new DataView(Uint8Array.from(readFileSync(new URL(name, FOLDER))).buffer);
}

/** A sample with its bytes as the host would hand them over. */
function sample<T>(name: string): T {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  return JSON.parse(text, (_, value) =>
    typeof value?.base64 === "string"
      ? new DataView(Uint8Array.from(atob(value.base64), (char) => char.charCodeAt(0)).buffer)
      : value,
  ) as T;
}

const fromPython = sample<{
  [name: string]: { content: { type: string; runs?: { status: Status }[] }; buffers: string[] };
}>("from_python.json");
const fromBrowser = sample<{ [name: string]: { type: string; id?: number; name?: string } }>(
  "from_browser.json",
);
const traits = sample<{ [name: string]: unknown }>("traits.json");

function sorted(record: object): string[] {
  return Object.keys(record).sort();
}

test("every message of Python is understood, with all its fields", () => {
  for (const { content, buffers } of Object.values(fromPython)) {
    const message = parseMessage(content, buffers.map(bytes), N);
    expect(message.type).toBe(content.type);
    if (content.type !== "news") continue;
    for (const { status } of content.runs ?? []) expect(sorted(status)).toEqual(sorted(STATUS_FIELDS));
  }
});

test("a layout is decoded to the last bit, wherever its bytes lie in a buffer", () => {
  const { content, buffers } = fromPython.news;
  const shifted = new Uint8Array(1 + 8 * N);
  shifted.set(new Uint8Array(bytes(buffers[0]).buffer), 1);
  const message = parseMessage(content, [new DataView(shifted.buffer, 1)], N);
  const [{ layout }] = message.type === "news" ? message.runs : [];
  expect([...(layout?.positions ?? [])]).toEqual(LAYOUT);
});

test("a snapshot is the layout, rounded to its steps", () => {
  const snapshot = sample<SnapshotTrait>("snapshot.json");
  const positions = positionsOf(snapshot, N);
  expect(sorted(snapshot.status)).toEqual(sorted(STATUS_FIELDS));
  LAYOUT.forEach((coordinate, i) => {
    expect(Math.abs(positions[i] - coordinate)).toBeLessThanOrEqual(snapshot.scale);
  });
  expect(() => positionsOf(snapshot, N + 1)).toThrow(/24 bytes, got 20/);
});

const PLACED = {
  epoch: 3,
  iteration: 740,
  number: 4,
  count: 2,
  nearest: 3,
  reach: 2.5,
  positions: Float32Array.of(0.5, -1, 2, 4.25),
  rows: Int32Array.of(4, 0, 1, 2, 3, 0),
  distances: Float32Array.of(0.5, 1, 1.5, 3, 4, 8),
};

test("new rows are decoded, from news and from a snapshot alike", () => {
  const { content, buffers } = fromPython.news_with_new_rows;
  const message = parseMessage(content, buffers.map(bytes), N);
  expect(message).toEqual({
    type: "news",
    seq: 6,
    runs: [],
    placed: [{ run: 0, placed: expect.anything() }],
  });
  expect(message.type === "news" && message.placed[0].placed).toMatchObject(PLACED);
  const { placed } = sample<SnapshotTrait>("snapshot.json");
  if (!placed) throw new Error("the sample has no new rows");
  expect(placedOf(placed, [placed.points, placed.rows, placed.distances], N)).toMatchObject(PLACED);
  const { _new_rows: check } = traitChecks(N);
  for (const name of ["new_rows", "plain_new_rows"])
    expect(check?.(traits[name], "_new_rows")).toEqual(traits[name]);
});

test.each([
  ["a row that is not there", 1, Int32Array.of(4, 0, 1, 2, 5, 0)],
  ["too few rows", 1, Int32Array.of(4, 0)],
  ["a place that is no number", 0, Float32Array.of(0, 0, Number.NaN, 0)],
  ["a distance too many", 2, new Float32Array(7)],
])("new rows with %s are refused", (_, at, wrong) => {
  const { content, buffers } = fromPython.news_with_new_rows;
  const views = buffers.map(bytes);
  views[at] = new DataView(wrong.buffer);
  expect(() => parseMessage(content, views, N)).toThrow();
});

test("a filter is understood, with all its fields and the rows of its bits", () => {
  const { _filter: check } = traitChecks(N);
  expect(check?.(traits.no_filter, "_filter")).toBeNull();
  const filter = check?.(traits.filter, "_filter") as FilterTrait;
  expect(sorted(filter)).toEqual(sorted(FILTER_FIELDS));
  for (const each of filter.conditions) expect(sorted(each)).toEqual(sorted(CONDITION_FIELDS));
  const { mask, rows } = filterOf(filter, N);
  expect([[...mask], [...rows]]).toEqual([
    [1, 1, 1, 0, 0],
    [0, 1, 2],
  ]);
  const wrong = [{ bits: new DataView(new ArrayBuffer(2)) }, { count: N + 1 }, { conditions: [{}] }];
  for (const changes of wrong) expect(() => check?.({ ...filter, ...changes }, "_filter")).toThrow();
});

test("the distribution of a column is understood, with all its fields", () => {
  for (const name of ["reply_distribution", "reply_distribution_of_values"]) {
    const { content, buffers } = fromPython[name];
    const { result } = content as unknown as { result: DistributionReply };
    checkReply("distribution", result, buffers.map(bytes), N);
    expect(sorted(result)).toEqual(sorted(DISTRIBUTION_FIELDS));
    expect(() => checkReply("distribution", result, [], N)).toThrow();
    expect(() => checkReply("distribution", { ...result, ends: [1] }, buffers.map(bytes), N)).toThrow();
  }
});

test("a keyframe has all its fields", () => {
  const { content, buffers } = fromPython.reply_keyframes_at;
  const { runs } = (content as unknown as { result: KeyframesAtReply }).result;
  expect(sorted(runs[0])).toEqual(sorted(KEYFRAME_FIELDS));
  expect([...positionsOf({ ...runs[0], points: bytes(buffers[0]) }, N)].slice(0, 4)).toEqual([
    0, 0, 1.5, -2.25,
  ]);
});

test("both numbers of each row are in buffers of their own, map by map", () => {
  const { content, buffers } = fromPython.reply_measure_of_two_parts;
  const { result } = content as unknown as { result: MeasureReply };
  const views = buffers.map(bytes);
  checkReply("measure", result, views, N);
  expect([result.runs, result.parts]).toEqual([[0, 2], 2]);
  const rising = [0, 0.25, 0.5, 0.75, 1];
  expect(views.map((view) => [...floats(view, N)])).toEqual([
    rising,
    rising.toReversed(),
    rising.toReversed(),
    rising,
  ]);
  expect(() => checkReply("measure", result, views.slice(1), N)).toThrow();
});

const REPLY_FIELDS: { [K in keyof ReadReply]: true } = {
  question: true,
  run: true,
  epoch: true,
  iteration: true,
  findings: true,
  advice: true,
  seconds: true,
  gaps: true,
  links: true,
};
const FINDING_FIELDS: { [K in keyof Finding]: true } = {
  question: true,
  subject: true,
  sentence: true,
  tone: true,
  values: true,
};
const GAP_FIELDS: { [K in keyof Gap]: true } = {
  answer: true,
  sentence: true,
  values: true,
  lines: true,
  first: true,
  second: true,
};

test("what was found about a map is understood, with all its fields", () => {
  for (const name of ["reply_read", "reply_read_gaps", "reply_read_verdict"]) {
    const { content, buffers } = fromPython[name];
    const { result } = content as unknown as { result: ReadReply };
    expect(() => checkReply("read", result, buffers.map(bytes), N)).not.toThrow();
    expect(sorted(result)).toEqual(sorted(REPLY_FIELDS));
    for (const each of [...result.findings, ...(result.advice ? [result.advice] : [])])
      expect(sorted(each)).toEqual(sorted(FINDING_FIELDS));
    for (const each of result.gaps) expect(sorted(each)).toEqual(sorted(GAP_FIELDS));
  }
});

test.each<[string, Partial<ReadReply>, DataView[]]>([
  ["a row that is not there", {}, [new DataView(Int32Array.of(0, 1, 2, 3, 4, N).buffer)]],
  ["too few pairs", {}, [new DataView(Int32Array.of(0, 1).buffer)]],
  ["no pairs", {}, []],
  [
    "an unknown tone",
    { findings: [{ question: "", subject: "", sentence: "", tone: "fine" as Tone, values: {} }] },
    [],
  ],
  ["a number that is none", { seconds: { gaps: "8" as unknown as number } }, []],
])("what was found with %s is refused", (_, changes, buffers) => {
  const { result } = fromPython.reply_read_verdict.content as unknown as { result: ReadReply };
  expect(() => checkReply("read", { ...result, ...changes }, buffers, N)).toThrow();
});

test("a line-up is understood, with all its fields, and how far it is", () => {
  const { content, buffers } = fromPython.reply_lineup;
  const { result } = content as unknown as { result: LineUpReply };
  expect(() => checkReply("lineup", result, buffers.map(bytes), N)).not.toThrow();
  expect(sorted(result)).toEqual(sorted(LINEUP_FIELDS));
  expect(parseMessage(fromPython.progress.content, [], N)).toEqual(fromPython.progress.content);
  expect(() => parseMessage({ ...fromPython.progress.content, share: "half" }, [], N)).toThrow();
});

test.each<[string, Partial<LineUpReply>, number]>([
  ["a panel that is not there", { answer: 3 }, 2],
  ["fewer words than panels", { picks: ["it is noise"] }, 2],
  ["fewer panels than words", { answer: 1 }, 1],
])("a line-up with %s is refused", (_, changes, panels) => {
  const { content, buffers } = fromPython.reply_lineup;
  const { result } = content as unknown as { result: LineUpReply };
  const some = buffers.map(bytes).slice(0, panels);
  expect(() => checkReply("lineup", { ...result, ...changes }, some, N)).toThrow();
});

test("the density of all rows is understood; another number of bins than it tells of is refused", () => {
  const { content, buffers } = fromPython.reply_density;
  const { result } = content as unknown as { result: DensityReply };
  const views = buffers.map(bytes);
  expect(() => checkReply("density", result, views, N)).not.toThrow();
  for (const some of [views.slice(1), [], [views[1], views[0]]])
    expect(() => checkReply("density", result, some, N)).toThrow();
  const empty = { ...result, tiles: result.tiles.map((tile) => ({ ...tile, filled: 0 })) };
  expect(() => checkReply("density", empty, [], N)).not.toThrow();
  const { _density: check } = traitChecks(N);
  expect(check?.(traits.density, "_density")).toEqual(traits.density);
  expect(() => check?.({ ...(traits.density as object), side: "wide" }, "_density")).toThrow();
});

test("suggested groups are understood, each with its own rows", () => {
  const { content, buffers } = fromPython.reply_suggestions;
  const { result } = content as unknown as { result: SuggestionsReply };
  const views = buffers.map(bytes);
  expect(() => checkReply("suggestions", result, views, N)).not.toThrow();
  expect(() => checkReply("suggestions", null, [], N)).not.toThrow();
  const found = suggestionsOf({ result, buffers: views });
  expect(found?.groups.map(({ name, rows }) => [name, [...rows]])).toEqual([
    ["old <b>", [0, 3]],
    ["clump 2", [4]],
  ]);
  expect(sorted(result)).toEqual(sorted(SUGGESTIONS_FIELDS));
  for (const wrong of [
    [],
    [new DataView(Int32Array.of(0, 3).buffer)],
    [new DataView(Int32Array.of(0, 3, N).buffer)],
  ])
    expect(() => checkReply("suggestions", result, wrong, N)).toThrow();
});

test("all traits are understood", () => {
  const labels = readLabels(N, traits.categories as Labels);
  expect([...labels.codes]).toEqual([1, 0, 3, 1, 2]);
  expect(labels.entries.map(({ name }) => name)).toEqual(["a", "b", "ä", "missing"]);
  const scale = readLabels(N, traits.scale as Labels);
  expect([0, 1, 2, 3, 4].map(scale.name)).toEqual(["0", "0.25", "missing", "1", "-2"]);
  expect(scale.range).toMatchObject({ low: "-2", high: "1", beyond: "all from -3.5 to 8" });
  expect(readLabels(N, traits.times as Labels).range.high).toBe("00:00:01.000");
  expect(readLabels(N, traits.small as Labels).name(1)).toBe("1e-300");
  expect(readLabels(N, traits.small as Labels, "log").range.middle).toBe("7.071e-126");
  expect(readLabels(N, traits.durations as Labels).name(1)).toBe("250 ms");
  expect(readLabels(N, traits.large as Labels).name(3)).toBe("9007199254740994");
  const checks = traitChecks(N);
  for (const name of ["scale", "times", "small", "durations", "large"])
    expect(() => checks._labels?.(traits[name], "_labels")).not.toThrow();
  expect(checks._color?.(traits.color, "_color")).toEqual(traits.color);
  expect(readLabels(N, traits.no_labels as null).codes).toHaveLength(N);
  expect(sorted(traits.points as PointsTrait)).toEqual(sorted(POINTS_FIELDS));
  for (const each of traits.columns as ColumnTrait[]) expect(sorted(each)).toEqual(sorted(COLUMN_FIELDS));
  for (const each of traits.groups as GroupTrait[]) {
    expect(sorted(each)).toEqual(sorted(GROUP_FIELDS));
    expect([...rowsFromWire(each.rows)]).toEqual([0, 3, 4]);
  }
  for (const each of traits.methods as MethodTrait[]) {
    expect(sorted(each)).toEqual(sorted(METHOD_FIELDS));
    for (const figure of each.figures) expect(sorted(figure)).toEqual(sorted(FIGURE_FIELDS));
    for (const axis of each.own) expect(sorted(axis)).toEqual(sorted(AXIS_FIELDS));
  }
  for (const each of traits.axes as AxisTrait[]) expect(sorted(each)).toEqual(sorted(AXIS_FIELDS));
  expect(checks._axes?.(traits.axes, "_axes")).toEqual(traits.axes);
  expect(checks._incomparable?.(traits.incomparable, "_incomparable")).toEqual(traits.incomparable);
  expect(checks._measures?.(traits.measures, "_measures")).toEqual(traits.measures);
  expect(checks._runs?.(traits.runs, "_runs")).toEqual(traits.runs);
  for (const each of traits.runs as RunTrait[]) expect(sorted(each)).toEqual(sorted(RUN_FIELDS));
  expect(sorted(traits.limits as LimitsTrait)).toEqual(sorted(LIMITS_FIELDS));
  expect([...rowsFromWire(traits.no_selection as DataView)]).toEqual([]);
});

test("a selection crosses unchanged in both directions", () => {
  const wire = traits.selection as DataView;
  const rows = rowsFromWire(wire);
  expect([...rows]).toEqual([0, 3, 4]);
  expect(new Uint8Array(rowsToWire(rows).buffer)).toEqual(new Uint8Array(wire.buffer));
});

test("the client says exactly what Python expects", async () => {
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => callback());
  const model = threePoints();
  Object.assign(model.traits, { _points: traits.points });
  const store = new Store(model.asModel());
  const view = {};
  const leave = store.addView(view);
  for (const { content, buffers } of Object.values(fromPython)) model.say(content, ...buffers.map(bytes));
  const [{ client }] = model.of("hello");
  vi.useFakeTimers();
  load(model.asModel(), new AbortController().signal);
  for (const _ of [1, 2]) {
    model.say({ type: "alive", client, sent: null, told: null, known: null });
    await vi.advanceTimersByTimeAsync(1000);
  }
  vi.useRealTimers();
  store.setVisible(view, false);
  for (const { type, id, ...command } of Object.values(fromBrowser))
    if (type === "command") store.command(command as Command);
    else if (type === "query") store.ask((command as unknown as { query: Query }).query).catch(() => {});
  leave();
  for (const expected of Object.values(fromBrowser)) {
    const said = model.sent.filter(({ type }) => type === expected.type).map(plain);
    expect(said).toContainEqual({ ...expected, ...(expected.type === "alive" && { seq: 8, told: 0 }) });
  }
  store.destroy();
  vi.unstubAllGlobals();
});

/** As it arrives, without what is undefined; and from the page of the samples. */
function plain(message: object): unknown {
  return JSON.parse(JSON.stringify("client" in message ? { ...message, client: "a client" } : message));
}

test.each([
  ["nothing", null, []],
  ["another type", { type: "points" }, []],
  ["no buffer", fromPython.news.content, []],
  ["a short buffer", fromPython.news.content, [new DataView(new ArrayBuffer(8))]],
  ["a negative number", { ...fromPython.news.content, seq: -1 }, []],
  ["no status", { type: "news", seq: 1, runs: [{ layout: null }] }, []],
])("a message with %s is refused", (_, content, buffers) => {
  expect(() => parseMessage(content, buffers, N)).toThrow();
});
