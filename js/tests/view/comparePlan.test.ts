import { expect, test } from "vitest";
import { plan, type Wanted, wantedNow } from "../../src/view/comparePlan";
import { AXES, LIMITS, pca, run } from "../fakes/model";

const ONE = [run(0, { random_state: 7 })];
const NOTHING_BESIDE = { now: [], wanted: [] };

function planned(perplexity: string, random_state: number, init: string[], runs = ONE) {
  return plan({ perplexity, random_state, init }, AXES, runs, LIMITS, NOTHING_BESIDE);
}

test("the menu starts with the present maps", () => {
  const runs = [run(0, { perplexity: 5 }), run(1, { perplexity: 2.5, random_state: 1, init: "random" })];
  const wanted: Wanted = { perplexity: "5, 2.5", random_state: 2, init: ["pca", "random"] };
  expect(wantedNow(AXES, runs)).toEqual(wanted);
  expect(plan(wantedNow(AXES, ONE), AXES, ONE, LIMITS, NOTHING_BESIDE)).toMatchObject({
    count: 1,
    problem: "",
    warning: "",
  });
});

test("lists make the product; seeds continue from the present ones", () => {
  const made = planned("5 30;100", 3, ["pca", "random"]);
  expect(made).toMatchObject({ count: 18, problem: "" });
  expect(made.command).toEqual({
    name: "compare",
    values: { perplexity: [5, 30, 100], random_state: [7, 8, 9], init: ["pca", "random"] },
    beside: [],
  });
});

test("present seeds stay, and the last possible one is followed by the first", () => {
  const runs = [run(0, { random_state: 2 ** 32 - 1 }), run(1, { random_state: 1 })];
  const { command } = planned("5", 4, ["pca"], runs);
  expect(command.values.random_state).toEqual([2 ** 32 - 1, 1, 0, 2]);
});

test.each([
  ["", 1, ["pca"], "enter at least one perplexity"],
  ["5, x", 1, ["pca"], "perplexity x: must be a number above 1"],
  ["5, 1", 1, ["pca"], "perplexity 1: must be a number above 1"],
  ["5, 30, 5.0", 1, ["pca"], "perplexity 5.0 occurs twice"],
  ["5", 0, ["pca"], "enter how many seeds, 1 or more"],
  ["5", 1.5, ["pca"], "enter how many seeds, 1 or more"],
  ["5", 1, [], "choose at least one init"],
  ["5, 30, 100", 22, ["pca"], "66 maps: at most 64"],
])("perplexities %j, %d seeds, inits %j: %s", (perplexities, seeds, inits, problem) => {
  expect(planned(perplexities, seeds, inits).problem).toBe(problem);
});

test("a seed typed as the number of seeds is refused at once as too many", () => {
  expect(planned("5", 4_000_000_000, ["pca"]).problem).toBe("4,000,000,000 maps: at most 64");
});

test("maps that are already there are not made again", () => {
  const wanted = wantedNow(AXES, ONE);
  expect(plan(wanted, AXES, ONE, LIMITS, NOTHING_BESIDE).same).toBe(true);
  expect(plan({ ...wanted, random_state: 2 }, AXES, ONE, LIMITS, NOTHING_BESIDE).same).toBe(false);
});

test("a map by another method counts once, whatever the product, and has no values", () => {
  const runs = [...ONE, pca(1)];
  const wanted = wantedNow(AXES, runs);
  expect(wanted).toEqual(wantedNow(AXES, ONE));
  expect(plan(wanted, AXES, runs, LIMITS, { now: ["PCA"], wanted: ["PCA"] })).toMatchObject({
    count: 2,
    same: true,
  });
  const without = plan(wanted, AXES, runs, LIMITS, { now: ["PCA"], wanted: [] });
  expect(without).toMatchObject({ count: 1, same: false, command: { beside: [] } });
  const many = plan({ ...wanted, random_state: 64 }, AXES, runs, LIMITS, { now: [], wanted: ["PCA"] });
  expect(many.problem).toBe("65 maps: at most 64");
});

test("a perplexity out of range is announced in the menu and shown on the map", () => {
  const made = planned("5, 5000", 1, ["pca"]);
  expect(made.problem).toBe("");
  expect(made.warning).toBe("5000: out of range, must be below 1796; that map will say so");
});
