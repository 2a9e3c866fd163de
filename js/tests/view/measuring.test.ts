// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../src/store/store";
import { watchStability } from "../../src/view/measuring";
import { View } from "../../src/view/view";
import { type FakeModel, layoutOf, news, run, threePoints } from "../model";

const LAYOUT = layoutOf(0, 1, 2, 3, 4, 5);
let model: FakeModel;
let store: Store;
let view: View;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  model = threePoints();
  store = new Store(model.asModel());
  model.set("_runs", [0, 1, 2].map((id) => run(id, { perplexity: 5 + id })) as never);
  tell(1, 10, false);
  view = new View(store, document.createElement("div"));
  stop = watchStability(view);
});

afterEach(() => {
  stop();
  store.destroy();
  vi.useRealTimers();
});

function tell(seq: number, iteration: number, playing: boolean): void {
  model.say(news(seq, ...[0, 1, 2].map((id) => ({ run: id, iteration, playing }))), LAYOUT, LAYOUT, LAYOUT);
}

function colorByStability(): void {
  model.set("_colour", { mode: "stability", column: null, kinds: [], transforms: [] } as never);
}

function asked(): number[][] {
  return model.of("command").flatMap((command) => (command.name === "stability" ? [command.runs] : []));
}

test("maps at rest are measured once, when the points are coloured by it", () => {
  expect(asked()).toEqual([]);
  colorByStability();
  vi.advanceTimersByTime(20_000);
  expect(asked()).toEqual([[0, 1, 2]]);
});

test("maps that move are measured time and again, and once more where they come to rest", () => {
  colorByStability();
  tell(2, 20, true);
  vi.advanceTimersByTime(4500);
  expect(asked()).toHaveLength(4);
  tell(3, 90, false);
  vi.advanceTimersByTime(20_000);
  expect(asked()).toHaveLength(5);
});

test("the two of a morph are measured once, however far it goes", () => {
  view.enlarge(1);
  colorByStability();
  view.morph.value = { other: 2, t: 0, marked: false };
  for (let t = 0; t <= 1; t += 0.01) view.morph.value = { other: 2, t, marked: false };
  expect(asked()).toEqual([
    [0, 1, 2],
    [1, 2],
  ]);
});
