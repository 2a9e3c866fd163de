// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MapState } from "../../src/store/map";
import { Store } from "../../src/store/store";
import { rowsToWire } from "../../src/wire/bytes";
import { type FakeModel, frame, layoutOf, news, run, status, threePoints } from "../fakes/model";

const LAYOUT = layoutOf(0, 1, 2, 3, 4, 5);
let model: FakeModel;
let store: Store;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => setTimeout(callback, 16));
  model = threePoints();
  store = new Store(model.asModel());
});

function only(): MapState {
  expect(store.maps.value).toHaveLength(1);
  return store.maps.value[0];
}

afterEach(() => {
  store.destroy();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a frame is shown and acknowledged after it could be drawn", () => {
  store.addView({});
  model.say(frame(1, 10), LAYOUT);
  expect([...(only().picture.value?.positions ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(model.of("ack")).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(model.of("ack").map(({ seq }) => seq)).toEqual([1]);
});

test("two frames in one drawing need one acknowledgement", () => {
  store.addView({});
  model.say(frame(1, 10), LAYOUT);
  model.say(frame(2, 20), LAYOUT);
  vi.advanceTimersByTime(20);
  expect(model.of("ack").map(({ seq }) => seq)).toEqual([2]);
});

test("a hidden client acknowledges at once and says that it is hidden", () => {
  const view = {};
  store.addView(view);
  store.setVisible(view, false);
  model.say(frame(1, 10), LAYOUT);
  expect(model.of("ack")).toMatchObject([{ seq: 1, visible: false }]);
});

test("an older message and an older epoch change nothing", () => {
  model.say(frame(2, 20, 1), LAYOUT);
  model.say(frame(1, 10, 1), layoutOf(9, 9, 9, 9, 9, 9));
  expect(only().picture.value?.iteration).toBe(20);
  model.say(frame(3, 30, 0), layoutOf(9, 9, 9, 9, 9, 9));
  expect(only().picture.value?.iteration).toBe(20);
});

test("a malformed message is refused and changes nothing", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  model.say(frame(1, 10), layoutOf(1, 2));
  model.say({ type: "nonsense" });
  model.say(null);
  expect(only().picture.value).toBeNull();
  expect(warn).toHaveBeenCalledTimes(3);
});

test("clients say hello, send heartbeats, and say goodbye with their last view", () => {
  const first = store.addView({});
  const second = store.addView({});
  expect(model.of("hello")).toHaveLength(2);
  vi.advanceTimersByTime(5000);
  expect(model.of("alive")).toHaveLength(1);
  first();
  expect(model.of("bye")).toHaveLength(0);
  second();
  expect(model.of("bye")).toHaveLength(1);
  vi.advanceTimersByTime(20_000);
  expect(model.of("alive")).toHaveLength(1);
});

test("a removed view stays gone whatever the browser reports about it", () => {
  const view = {};
  store.addView(view)();
  store.setVisible(view, false);
  model.say(frame(1, 10), LAYOUT);
  vi.advanceTimersByTime(20_000);
  expect([model.of("alive"), model.of("ack")]).toEqual([[], []]);
});

test("a kernel that does not answer is called silent, and live again when it does", () => {
  store.addView({});
  vi.advanceTimersByTime(20_000);
  expect(store.connection.value).toBe("silent");
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  expect(store.connection.value).toBe("live");
});

test("after a silence the client repeats what may be lost and stops waiting for commands", () => {
  store.addView({});
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  store.select(Int32Array.of(0, 2));
  store.command({ name: "step", value: 1, run: null });
  const asked = store.ask({ name: "keyframes" });
  vi.advanceTimersByTime(20_000);
  expect([store.connection.value, model.saved]).toEqual(["silent", 1]);
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  const commands = model
    .of("command")
    .map(({ name, ...rest }) => [name, "value" in rest ? rest.value : null]);
  expect(commands).toEqual([
    ["step", 1],
    ["set", [0, 2]],
  ]);
  expect(store.awaiting.value).toBe(0);
  const [first, second] = model.of("query");
  expect(second).toEqual({ ...first, id: second.id });
  expect(second.id).toBeGreaterThan(first.id); // one that comes again would be refused
  const result = { iterations: [0, 10] };
  model.say({ type: "reply", client: second.client, id: second.id, error: null, result });
  return expect(asked).resolves.toMatchObject({ result });
});

test("a change that Python lacks twice is set again by a command until that is answered", () => {
  store.addView({});
  const [{ client }] = model.of("hello");
  const answer = (told: number, known: number) =>
    model.say({ type: "alive", client, sent: null, told, known });
  const sets = () => model.of("command").map(({ id, ...rest }) => [id, "value" in rest ? rest.value : null]);
  store.setOpacity(0.5);
  const first = model.traits._told?.number as number;
  expect([model.saved, model.traits._told?.client]).toEqual([1, client]);
  answer(first, first);
  store.select(Int32Array.of(0, 2));
  vi.advanceTimersByTime(5000);
  const second = model.traits._told?.number as number;
  expect(model.of("alive").at(-1)?.told).toBe(second);
  answer(second, first);
  answer(second, first); // all at once, where a cell ran
  model.set("selection", rowsToWire(Int32Array.of(0)) as never); // as JupyterLab does, coming back to a kernel
  vi.advanceTimersByTime(5000);
  answer(first, first); // to a heartbeat of before
  vi.advanceTimersByTime(5000);
  answer(second, first);
  expect(sets()).toEqual([]);
  vi.advanceTimersByTime(5000);
  answer(second, first);
  expect(sets()).toEqual([[second + 1, [0, 2]]]);
  expect([...store.selection.value]).toEqual([0, 2]);
  vi.advanceTimersByTime(5000);
  answer(second + 1, first);
  expect(sets().at(-1)).toEqual([second + 2, [0, 2]]);
  model.say({ type: "answer", client, id: second + 2, error: null });
  answer(second + 2, first);
  expect([sets().length, model.saved]).toEqual([2, 2]);
});

test("a host may add an empty buffer, or drop one that should be there", async () => {
  store.addView({});
  model.say(frame(1, 10), LAYOUT, new DataView(new ArrayBuffer(0)));
  expect(only().picture.value?.iteration).toBe(10);
  const found = store.ask({ name: "find", text: "nothing", column: null });
  const [{ client, id }] = model.of("query");
  model.say({ type: "reply", client, id, error: null, result: { count: 0, searched: [], hits: [] } });
  await expect(found).resolves.toMatchObject({ result: { count: 0 } });
});

test("after a silence traits are set by commands: the host may wait for an answer that was lost", () => {
  store.addView({});
  vi.advanceTimersByTime(20_000);
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  expect(model.of("command")).toEqual([]); // nothing was set meanwhile
  store.setOpacity(0.5);
  expect(model.saved).toBe(0);
  expect(model.of("command")).toMatchObject([{ name: "set", trait: "opacity", value: 0.5 }]);
});

test("a saved map says so if its comm ends before any message arrives", () => {
  model.traits._snapshot = [
    { status: status(), offset: [0, 0], scale: 1, gaps: false, points: LAYOUT, placed: null },
  ];
  store.addView({});
  model.emit("comm_live_update");
  expect(store.connection.value).toBe("absent");
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  model.emit("comm_live_update");
  expect(store.connection.value).toBe("lost");
});

test("a saved map says so while no kernel answers, and goes live when one does", () => {
  model.traits._snapshot = [
    { status: status(), offset: [0, 0], scale: 1, gaps: false, points: LAYOUT, placed: null },
  ];
  store.addView({});
  vi.advanceTimersByTime(2_000);
  expect(store.connection.value).toBe("live");
  vi.advanceTimersByTime(60_000);
  expect([store.connection.value, store.reachable.value]).toEqual(["absent", false]);
  model.say({ type: "alive", client: "x", sent: null, told: null, known: null });
  expect(store.connection.value).toBe("live");
});

test("if no kernel answers, the view knows that no map was saved, even without labels", () => {
  model.traits._points = { n: 3, features: 2, note: "", doubt: "", weights: "", saved: false, known: "rows" };
  const own = new Store(model.asModel());
  own.addView({});
  vi.advanceTimersByTime(60_000);
  expect(own.connection.value).toBe("absent");
  own.destroy();
});

test("the view reports a lost comm at once, and commands do not throw", () => {
  model.emit("comm_live_update");
  expect(store.connection.value).toBe("lost");
  model.broken = true;
  store.command({ name: "play", run: null });
});

test("news missing after a later message are lost: the client greets, once per heartbeat", () => {
  store.addView({});
  const [{ client }] = model.of("hello");
  model.say(frame(1, 10), LAYOUT);
  model.say({ type: "alive", client, sent: 1, told: null, known: null });
  expect(model.of("hello")).toHaveLength(1);
  for (const sent of [3, 4]) model.say({ type: "alive", client, sent, told: null, known: null });
  expect(model.of("hello")).toHaveLength(2);
  vi.advanceTimersByTime(5000);
  model.say({ type: "alive", client, sent: 4, told: null, known: null });
  expect(model.of("hello")).toHaveLength(3);
});

test("a command waits for its answer, and a refusal stays until the next answer", () => {
  store.command({ name: "change", axis: "perplexity", value: 1e9, run: null });
  const [{ client, id }] = model.of("command");
  expect(store.awaiting.value).toBe(1);
  model.say({ type: "answer", client: "another client", id, error: "another's" });
  expect(store.refusal.value).toBe("");
  model.say({ type: "answer", client, id, error: "too large" });
  expect([store.awaiting.value, store.refusal.value]).toEqual([0, "too large"]);
  store.command({ name: "play", run: null });
  model.say({ type: "answer", client, id: id + 1, error: null });
  expect(store.refusal.value).toBe("");
});

test("the curve of KL follows a run, restarts with it, and stays short", () => {
  for (let i = 1; i <= 1000; i++) model.say(frame(i, i, 0, 3 - i / 1000), LAYOUT);
  expect(only().curve.value.length).toBeLessThanOrEqual(400);
  expect(only().curve.value[0].iteration).toBe(1);
  expect(only().curve.value.at(-1)?.iteration).toBeGreaterThan(990);
  model.say(frame(1001, 1, 1, 5), LAYOUT);
  expect(only().curve.value).toEqual([{ iteration: 1, value: 5 }]);
});

test("a snapshot shows until the kernel answers", () => {
  const points = new DataView(Uint16Array.of(0, 0, 10, 0, 0, 10).buffer);
  const snapshot = {
    status: status({ iteration: 7 }),
    offset: [1, 2] as [number, number],
    scale: 0.5,
    gaps: false,
    points,
    placed: null,
  };
  model.traits._snapshot = [snapshot];
  model.emit("change:_snapshot");
  expect([...(only().picture.value?.positions ?? [])]).toEqual([1, 2, 6, 2, 1, 7]);
  expect(store.playing.value).toBe(false);
  model.say(frame(1, 8), LAYOUT);
  model.emit("change:_snapshot");
  expect(only().picture.value?.iteration).toBe(8);
});

test("news of several runs reach their maps, and news of removed runs are ignored", () => {
  model.set("_runs", [run(3, { perplexity: 5 }), run(1)] as never);
  const [first, second] = store.maps.value;
  model.say(
    news(1, { run: 1, iteration: 4 }, { run: 3, iteration: 5 }, { run: 0, iteration: 6 }),
    LAYOUT,
    layoutOf(6, 7, 8, 9, 10, 11),
    LAYOUT,
  );
  expect([first.run, first.picture.value?.iteration, first.picture.value?.positions[0]]).toEqual([3, 5, 6]);
  expect([second.run, second.picture.value?.iteration, second.picture.value?.positions[0]]).toEqual([
    1, 4, 0,
  ]);
  expect(first.picture.value?.token).not.toBe(second.picture.value?.token);
});

test("a map keeps its state when others are added or removed", () => {
  model.say(frame(1, 10), LAYOUT);
  const map = only();
  model.set("_runs", [run(1, { perplexity: 5 }), run(0, { perplexity: 40 })] as never);
  expect(store.maps.value[1]).toBe(map);
  expect([map.picture.value?.iteration, map.settings.value.values.perplexity]).toEqual([10, 40]);
  expect(store.maps.value[0].picture.value).toBeNull();
});

test("the reference is Python's, or the first map if that is gone", () => {
  model.set("_runs", [run(1), run(2, { random_state: 1 })] as never);
  expect(store.reference.value.run).toBe(1);
  store.alignTo(2);
  expect(store.reference.value.run).toBe(2);
  expect([model.traits._reference, model.saved]).toEqual([2, 1]);
});

test("all play if one does", () => {
  model.set("_runs", [run(0), run(1, { random_state: 1 })] as never);
  model.say(news(1, { run: 0, playing: false }, { run: 1, playing: true }), LAYOUT, LAYOUT);
  expect(store.playing.value).toBe(true);
  model.say(news(2, { run: 1, playing: false }), LAYOUT);
  expect(store.playing.value).toBe(false);
});

test("selected rows cross as they are, from either side", () => {
  store.select(Int32Array.of(0, 2));
  expect([...store.selection.value]).toEqual([0, 2]);
  expect(model.saved).toBe(1);
  model.set("selection", new DataView(Int32Array.of(1).buffer) as never);
  expect([...store.selection.value]).toEqual([1]);
});

test("nothing is left after the model is gone", () => {
  store.destroy();
  expect(model.listeners).toBe(0);
  const before = model.sent.length;
  vi.advanceTimersByTime(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  expect(model.sent).toHaveLength(before);
});
