// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import { type FakeModel, frame, layoutOf, status, threePoints } from "../fakes/model";

const LAYOUT = layoutOf(0, 1, 2, 3, 4, 5);
let model: FakeModel;
let store: Store;
let client: string;
/** Whether what threads of Python send arrives. */
let pushes: boolean;
/** Messages that have been answered. */
let answered: number;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => setTimeout(callback, 16));
  model = threePoints();
  store = new Store(model.asModel());
  [pushes, answered] = [false, 0];
});

afterEach(() => {
  store.destroy();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function show(): object {
  const view = {};
  store.addView(view);
  [{ client }] = model.of("hello");
  return view;
}

/** Let time pass, while Python answers every heartbeat 5 ms later, as the engine's thread does not. */
function pass(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 5) {
    vi.advanceTimersByTime(5);
    const said = model.sent.slice(answered);
    answered += said.length;
    for (const { type } of said) {
      if (!["hello", "alive", "pull"].includes(type)) continue;
      model.say({ type: "alive", client, sent: null, told: null, known: null });
      if (pushes && type !== "pull") model.say({ type: "alive", client, sent: 0, told: null, known: null });
    }
  }
}

test("if pushed answers arrive, the client never asks", () => {
  pushes = true;
  show();
  pass(60_000);
  expect([model.of("pull"), store.pulls.value]).toEqual([[], false]);
  expect(model.of("alive")).toHaveLength(12); // no more than its heartbeat
});

test("if only direct answers arrive, the client starts to ask within a second", () => {
  show();
  pass(1000);
  expect(model.of("pull")).toMatchObject([{ client, visible: true, seq: 0 }]);
  expect(store.pulls.value).toBe(true);
});

test("no answer means a busy kernel, and says nothing about its threads", () => {
  show();
  vi.advanceTimersByTime(60_000);
  expect(model.of("pull")).toEqual([]);
  model.say({ type: "alive", client, sent: null, told: null, known: null }); // all of it at once, when the cell has ended
  model.say({ type: "alive", client, sent: null, told: null, known: null });
  model.say({ type: "alive", client, sent: 0, told: null, known: null });
  vi.advanceTimersByTime(4000);
  expect([model.of("pull"), store.pulls.value]).toEqual([[], false]);
});

test("answers for another client are ignored", () => {
  show();
  model.say({ type: "alive", client: "another", sent: null, told: null, known: null });
  vi.advanceTimersByTime(1000);
  model.say({ type: "alive", client: "another", sent: null, told: null, known: null });
  expect(store.pulls.value).toBe(false);
});

test("it asks often while a map moves on the screen, and once a second otherwise", () => {
  const view = show();
  pass(1000);
  model.say(frame(1, 10), LAYOUT);
  pass(1000); // the next question
  const asked = (milliseconds: number) => {
    const before = model.of("pull").length;
    pass(milliseconds);
    return model.of("pull").length - before;
  };
  expect(asked(1000)).toBeGreaterThan(10);
  expect(asked(1000)).toBeLessThan(20);
  store.setVisible(view, false);
  expect(asked(3000)).toBeLessThan(5);
  store.setVisible(view, true);
  expect(asked(1000)).toBeGreaterThan(10);
  model.say({
    type: "news",
    seq: 2,
    runs: [{ status: status({ playing: false }), layout: null }],
    placed: [],
  });
  pass(1000);
  expect(asked(3000)).toBeLessThan(5);
});

test("no question is asked before the previous one is answered, however slow that is", () => {
  show();
  pass(1000);
  model.say(frame(1, 10), LAYOUT);
  pass(2000);
  const before = model.of("pull").length;
  vi.advanceTimersByTime(4000);
  expect(model.of("pull").length - before).toBeLessThanOrEqual(1);
});

test("questions also acknowledge news", () => {
  show();
  pass(1000);
  model.say(frame(1, 10), LAYOUT);
  pass(2000);
  expect(model.of("pull").at(-1)).toMatchObject({ seq: 1 });
  expect(model.of("ack")).toEqual([]);
});

test("questions that a thread answered in vain are repeated under a new number", async () => {
  show();
  const answer = store.ask({ name: "keyframes" });
  pass(1000);
  const [first, again] = model.of("query");
  expect(again).toEqual({ ...first, id: again.id });
  expect(again.id).toBeGreaterThan(first.id); // one that comes again would be refused
  const result = { iterations: [0, 7] };
  model.say({ type: "reply", client, id: again.id, error: null, result });
  expect((await answer).result).toEqual(result);
});

test("the effect of a command is asked for at once", () => {
  show();
  pass(3000);
  const before = model.of("pull").length;
  store.command({ name: "play", run: null });
  pass(200);
  expect(model.of("pull").length).toBeGreaterThan(before + 1);
});

test("a host that delivers after all is listened to again, from the newest", () => {
  show();
  pass(3000);
  const before = model.of("pull").length;
  pushes = true;
  pass(6000); // the next heartbeat
  expect(store.pulls.value).toBe(false);
  expect(model.of("hello")).toHaveLength(2);
  const asked = model.of("pull").length;
  pass(20_000);
  expect(model.of("pull")).toHaveLength(asked);
  expect(asked).toBeGreaterThanOrEqual(before);
});

test("without a view or a model nothing is asked", () => {
  const leave = store.addView({});
  [{ client }] = model.of("hello");
  pass(3000);
  leave();
  const before = model.of("pull").length;
  pass(10_000);
  expect(model.of("pull")).toHaveLength(before);
  store.destroy();
  expect(vi.getTimerCount()).toBe(0);
});
