// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { Latest, type Question } from "../../src/store/latest";
import { Store } from "../../src/store/store";
import { rowsToWire } from "../../src/wire/bytes";
import { FakePython } from "../fakes/python";

let python: FakePython;
let store: Store;
let latest: Latest<Question<"find">>;

const find = (text: string) => ({ name: "find", text, column: null }) as const;
const found = (count: number) => ({ count, searched: [], hits: [] });
const rows = (count: number) => rowsToWire(Int32Array.from({ length: count }, (_, row) => row));

beforeEach(() => {
  python = new FakePython();
  store = new Store(python.model.asModel());
  latest = new Latest(store);
});

afterEach(() => store.destroy());

test("one question is on its way at a time, and the newest is the next", async () => {
  for (const text of ["a", "ab", "abc"]) latest.ask(find(text));
  expect(python.asked).toEqual([find("a")]);
  await python.answer(found(9), rows(9));
  expect(python.asked).toEqual([find("a"), find("abc")]);
  expect([latest.answer.value, latest.loading.value]).toEqual([null, true]);
  await python.answer(found(1), rows(1));
  expect(latest.answer.value).toMatchObject({ query: find("abc"), result: { count: 1 } });
  expect([latest.loading.value, python.waiting]).toEqual([false, 0]);
});

test("an answer stays until the next one arrives, and beside a refusal", async () => {
  latest.ask(find("a"));
  await python.answer(found(3), rows(3));
  latest.ask(find("b"));
  expect([latest.answer.value?.result.count, latest.loading.value]).toEqual([3, true]);
  await python.refuse("too short");
  expect([latest.answer.value?.result.count, latest.error.value]).toEqual([3, "too short"]);
  latest.ask(find("c"));
  await python.answer(found(4), rows(4));
  expect([latest.answer.value?.result.count, latest.error.value]).toEqual([4, ""]);
});

test("an answer that nobody wants is dropped, and its question can be asked again", async () => {
  latest.ask(find("a"));
  latest.forget();
  await python.answer(found(3), rows(3));
  expect([latest.answer.value, latest.loading.value]).toEqual([null, false]);
  latest.ask(find("a"));
  await python.answer(found(4), rows(4));
  expect(latest.answer.value?.result.count).toBe(4);
});

test("a question with an outdated answer is repeated, but not forever", async () => {
  let wanted = 2;
  latest = new Latest(store, ({ result }) => result.count === wanted);
  latest.ask(find("a"));
  await python.answer(found(1), rows(1));
  expect([latest.answer.value, python.waiting]).toEqual([null, 1]);
  await python.answer(found(2), rows(2));
  expect(latest.answer.value?.result.count).toBe(2);
  wanted = 0;
  latest.ask(find("b"));
  while (python.waiting > 0) await python.answer(found(1), rows(1));
  expect(python.asked.length).toBeLessThan(12);
  expect(latest.error.value).toMatch(/changed/);
});

test("nothing is asked or reported after disposal", async () => {
  latest.ask(find("a"));
  latest.dispose();
  latest.ask(find("b"));
  await python.answer(found(3), rows(3));
  expect([python.asked.length, latest.answer.value]).toEqual([1, null]);
});

test("without a kernel there is an error, and nothing waits", async () => {
  latest.ask(find("a"));
  latest.ask(find("b"));
  python.model.emit("comm_live_update");
  await expect.poll(() => latest.loading.value).toBe(false);
  expect(latest.error.value).toMatch(/kernel/);
});
