// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { Store } from "../../../src/store/store";
import { Distancing } from "../../../src/ui/drawer/distancing";
import { pairInWords } from "../../../src/ui/drawer/figures";
import { namedPairs } from "../../../src/ui/drawer/ranks";
import type { GroupDistancesReply } from "../../../src/wire/replies";
import type { Categories } from "../../../src/wire/traits";
import { run, status } from "../../fakes/model";
import { FakePython } from "../../fakes/python";

let python: FakePython;
let store: Store;
let distancing: Distancing;
let stop: () => void;
let seq = 0;

function labels(...names: string[]): Categories {
  const codes = new DataView(new Uint16Array(120).buffer);
  return {
    kind: "categories",
    name: "y",
    names,
    counts: names.map(() => 1),
    has_missing: false,
    colors: [],
    codes,
  };
}

beforeEach(() => {
  python = new FakePython();
  python.model.traits._labels = labels("cat", "dog", "cow");
  python.model.traits._runs = [run(0, { perplexity: 5 }), run(4, { perplexity: 30 })];
  store = new Store(python.model.asModel());
  tell(10, false);
  distancing = new Distancing(store);
  stop = distancing.watch();
});

afterEach(() => {
  stop();
  store.destroy();
});

function tell(iteration: number, playing: boolean): void {
  const runs = [0, 4].map((id) => ({ status: status({ run: id, iteration, playing }), layout: null }));
  python.model.say({ type: "news", seq: ++seq, runs, placed: [] });
}

const reply: GroupDistancesReply = {
  names: ["cat", "dog", "cow"],
  rho: 0.5,
  sentence: "distances agree",
  pairs: [
    { a: 0, b: 1, original: 1, map: 30, original_rank: 1, map_rank: 3 },
    { a: 0, b: 2, original: 2, map: 10, original_rank: 2, map_rank: 1 },
    { a: 1, b: 2, original: 3, map: 20, original_rank: 3, map_rank: 2 },
  ],
  pairs_total: 3,
};
const runs = () => python.asked.map((query) => query.name === "group_distances" && query.run);

test("a map is measured at rest, and again where it has come to rest elsewhere, not while it moves", async () => {
  await python.answer(reply);
  for (let iteration = 11; iteration < 30; iteration++) tell(iteration, true);
  expect(python.asked).toHaveLength(1);
  tell(30, false);
  expect(python.asked).toHaveLength(2);
});

test("a moving map is measured on request", async () => {
  await python.answer(reply);
  tell(11, true);
  distancing.measureAgain();
  expect(python.asked).toHaveLength(2);
});

test("all maps are asked about one after the other, and a refusal does not stop the rest", async () => {
  await python.answer(reply);
  distancing.choose("all");
  expect(runs()).toEqual([0, 0]);
  await python.refuse("no layout yet");
  expect(runs()).toEqual([0, 0, 4]);
  await python.answer(reply);
  expect([...distancing.told.value]).toEqual([
    [0, { error: "no layout yet" }],
    [4, { reply }],
  ]);
  expect(python.waiting).toBe(0);
});

test("two labels are not asked about, because one distance has no order", async () => {
  await python.answer(reply);
  python.model.set("_labels", labels("cat", "dog") as never);
  expect([distancing.needed.value, python.waiting]).toEqual([expect.stringContaining("three labels"), 0]);
  distancing.measureBy("groups");
  expect(distancing.needed.value).toContain("three groups");
});

test("without labels, groups are compared", () => {
  python.model.set("_labels", null as never);
  const rows = new DataView(Int32Array.of(1).buffer);
  python.model.set("_groups", ["a", "b", "c"].map((name) => ({ name, color: "#000000", rows })) as never);
  expect([distancing.by.value, distancing.needed.value]).toEqual(["groups", ""]);
});

test("pairs show the names of their groups and keep Python's order, the worst first", () => {
  const [worst, ...others] = namedPairs(reply);
  expect([worst.a, worst.b, others.length]).toEqual(["cat", "dog", 2]);
  expect(pairInWords(worst, 3)).toBe("1st nearest of 3 in the original space, 3rd on this map");
});
