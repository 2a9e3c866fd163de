// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import { Playback } from "../../src/view/playback";
import type { Query } from "../../src/wire/protocol";
import { type FakeModel, frame, layoutOf, threePoints } from "../fakes/model";

let model: FakeModel;
let store: Store;
let playback: Playback;

beforeEach(() => {
  model = threePoints();
  store = new Store(model.asModel());
  store.addView({});
  model.say(frame(1, 9), layoutOf(9, 9, 9, 9, 9, 9));
  playback = new Playback(store);
});

afterEach(() => {
  playback.dispose();
  store.destroy();
});

/** The newest question of a kind, answered as Python would. */
async function answer(name: Query["name"], result: unknown, ...buffers: DataView[]): Promise<void> {
  const asked = model.of("query").filter(({ query }) => query.name === name);
  const { client, id } = asked[asked.length - 1];
  model.say({ type: "reply", client, id, error: null, result }, ...buffers);
  await vi.waitFor(() => undefined);
}

const asked = (name: Query["name"]) => model.of("query").filter(({ query }) => query.name === name);

function keyframe(iteration: number) {
  return { run: 0, epoch: 0, iteration, perplexity: 30, words: {}, offset: [0, 0], scale: 0.5, gaps: false };
}

const codes = (...numbers: number[]) => new DataView(Uint16Array.from(numbers).buffer);

async function toMoment(at: number): Promise<void> {
  playback.prepare();
  await answer("keyframes", { iterations: [0, 4, 9] });
  playback.go(at);
}

test("a moment is asked for and shown; a lasso on it knows its iteration", async () => {
  await toMoment(1);
  expect(asked("keyframes_at").at(-1)?.query).toEqual({ name: "keyframes_at", iteration: 4 });
  expect(playback.shown.value.size).toBe(0);
  await answer("keyframes_at", { runs: [keyframe(4)] }, codes(2, 4, 0, 0, 0, 6));
  const past = playback.shown.value.get(0);
  expect([...(past?.picture.positions ?? [])]).toEqual([1, 2, 0, 0, 0, 3]);
  expect(store.iterationOf(past?.picture.token ?? -1)).toBe(4);
});

test("the slider finds its place once the moments are known, even if it was moved before", async () => {
  playback.seek(0);
  expect(playback.at.value).toBeNull();
  await answer("keyframes", { iterations: [0, 4, 9] });
  expect(playback.at.value).toBe(0);
  playback.seek(1);
  expect(playback.at.value).toBeNull();
});

test("back goes to the last past moment, then further; forward ends in the present", async () => {
  playback.back();
  await answer("keyframes", { iterations: [0, 4, 9] });
  expect(playback.at.value).toBe(1);
  playback.back();
  playback.back();
  expect(playback.at.value).toBe(0);
  playback.forward();
  playback.forward();
  expect(playback.at.value).toBe(2);
  playback.forward();
  expect(playback.at.value).toBeNull();
});

test("while a moment is shown, news do not move the slider's moments", async () => {
  await toMoment(1);
  playback.prepare();
  expect(asked("keyframes")).toHaveLength(1);
  model.say(frame(2, 20), layoutOf(1, 1, 1, 1, 1, 1));
  expect(playback.at.value).toBe(1);
});

test.each([
  ["a new epoch", { epoch: 1 }],
  ["playing after a pause", { playing: true }],
])("%s brings the view back to now", async (_, change) => {
  const paused = frame(2, 9) as { runs: { status: object; layout: null }[] };
  paused.runs[0].status = { ...paused.runs[0].status, playing: false };
  paused.runs[0].layout = null;
  model.say(paused);
  await toMoment(0);
  const next = frame(3, 9) as { runs: { status: object; layout: null }[] };
  next.runs[0].status = { ...next.runs[0].status, playing: false, ...change };
  next.runs[0].layout = null;
  model.say(next);
  expect(playback.at.value).toBeNull();
});

test("the view says when Python cannot show a moment, and shows the present", async () => {
  await toMoment(1);
  const { client, id } = asked("keyframes_at").at(-1) as { client: string; id: number };
  model.say({ type: "reply", client, id, error: "there is no such moment", result: null });
  await vi.waitFor(() => expect(playback.error.value).toBe("there is no such moment"));
  expect(playback.shown.value.size).toBe(0);
});

test("without a kernel there is no past, and the view stays in the present", async () => {
  model.emit("comm_live_update");
  expect(playback.possible.value).toBe(false);
  playback.back();
  await vi.waitFor(() => expect(playback.error.value).toContain("kernel"));
  expect(playback.at.value).toBeNull();
});
