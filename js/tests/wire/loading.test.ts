// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import stub from "../../src/index";
import { load } from "../../src/wire/loading";
import { FakeModel } from "../fakes/model";

const PLACE = Symbol.for("tsne_widget");
const BUNDLE = { mount: vi.fn(), Store: vi.fn() };
const live = () => new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(globalThis, PLACE);
});

/** A widget of a host that has some models; Python says what is sent. */
function widget(models: Record<string, string> = {}, hash = "abc"): FakeModel {
  const model = new FakeModel({ _bundle: { hash, model: "IPY_MODEL_shared", own: "own" } });
  const get_model = async (id: string) => {
    if (!(id in models)) throw new Error("widget model not found");
    return { get: () => models[id] };
  };
  return Object.assign(model, { widget_manager: { get_model } });
}

function evaluation() {
  return vi.fn(async () => BUNDLE);
}

test("many widgets of one page evaluate the code once", async () => {
  const evaluate = evaluation();
  const widgets = Array.from({ length: 24 }, () => widget({ shared: "the code" }));
  const loaded = await Promise.all(widgets.map((each) => load(each.asModel(), live(), evaluate)));
  expect(evaluate.mock.calls).toEqual([["the code"]]);
  expect(new Set(loaded)).toEqual(new Set([BUNDLE]));
  expect(widgets.flatMap(({ sent }) => sent)).toEqual([]);
  expect(widgets.map(({ listeners }) => listeners)).toEqual(Array(24).fill(0));
});

test("another version is evaluated as well", async () => {
  const evaluate = evaluation();
  await load(widget({ shared: "old" }, "1").asModel(), live(), evaluate);
  await load(widget({ shared: "new" }, "2").asModel(), live(), evaluate);
  expect(evaluate.mock.calls).toEqual([["old"], ["new"]]);
});

test("if the host lacks the model, Python is asked until it answers", async () => {
  const evaluate = evaluation();
  const model = widget();
  const loaded = load(model.asModel(), live(), evaluate);
  await vi.advanceTimersByTimeAsync(1000);
  expect(model.sent).toEqual([{ type: "bundle" }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(model.of("bundle")).toHaveLength(2);
  model.say({ type: "bundle", hash: "another", text: "not this" });
  model.say({ type: "bundle", hash: "abc", text: "the code" });
  expect(await loaded).toBe(BUNDLE);
  expect(evaluate.mock.calls).toEqual([["the code"]]);
  expect(model.listeners).toBe(0);
});

test("code that another widget has received is not requested again", async () => {
  const evaluate = evaluation();
  const [first, second] = [widget(), widget()];
  const loaded = [load(first.asModel(), live(), evaluate), load(second.asModel(), live(), evaluate)];
  await vi.advanceTimersByTimeAsync(1000);
  first.say({ type: "bundle", hash: "abc", text: "the code" });
  await vi.advanceTimersByTimeAsync(30_000);
  await Promise.all(loaded);
  expect(second.of("bundle")).toHaveLength(1);
  expect(evaluate).toHaveBeenCalledOnce();
});

test("a widget that was closed asks no more", async () => {
  const ended = new AbortController();
  const model = widget();
  load(model.asModel(), ended.signal, evaluation());
  await vi.advanceTimersByTimeAsync(1000);
  ended.abort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(model.of("bundle")).toHaveLength(1);
});

test("a model is initialized at once, and its place says what it is waiting for", async () => {
  const { initialize, render } = stub();
  expect(initialize({ model: widget().asModel() })).toBeInstanceOf(Function);
  const el = document.createElement("div");
  render({ el });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(el.textContent).toBe("");
  await vi.advanceTimersByTimeAsync(1);
  expect(el.textContent).toContain("run the cell again");
});
