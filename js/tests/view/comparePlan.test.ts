import { expect, test } from "vitest";
import { plan, wantedNow } from "../../src/view/comparePlan";
import { LIMITS as FEW, run } from "../model";

const LIMITS = { ...FEW, perplexity_max: 1796 };
const ONE = [run(0, { random_state: 7 })];

test("the menu begins with what there is", () => {
  const runs = [run(0, { perplexity: 5 }), run(1, { perplexity: 2.5, random_state: 1, init: "random" })];
  expect(wantedNow(runs)).toEqual({ perplexities: "5, 2.5", seeds: 2, inits: ["pca", "random"] });
  expect(plan(wantedNow(ONE), ONE, LIMITS)).toMatchObject({ count: 1, problem: "", warning: "" });
});

test("lists make the product; seeds go on from those there are", () => {
  const made = plan({ perplexities: "5 30;100", seeds: 3, inits: ["pca", "random"] }, ONE, LIMITS);
  expect(made).toMatchObject({ count: 18, problem: "" });
  expect(made.command).toEqual({
    name: "compare",
    perplexity: [5, 30, 100],
    random_state: [7, 8, 9],
    init: ["pca", "random"],
  });
});

test("seeds that there are stay, the last one is followed by the first", () => {
  const runs = [run(0, { random_state: 2 ** 32 - 1 }), run(1, { random_state: 1 })];
  const { command } = plan({ perplexities: "5", seeds: 4, inits: ["pca"] }, runs, LIMITS);
  expect(command.random_state).toEqual([2 ** 32 - 1, 1, 0, 2]);
});

test.each([
  ["", 1, ["pca"], "a perplexity is needed"],
  ["5, x", 1, ["pca"], "perplexity x: must be a number above 1"],
  ["5, 1", 1, ["pca"], "perplexity 1: must be a number above 1"],
  ["5, 30, 5.0", 1, ["pca"], "perplexity 5.0 is there twice"],
  ["5", 0, ["pca"], "a number of seeds is needed, 1 or more"],
  ["5", 1.5, ["pca"], "a number of seeds is needed, 1 or more"],
  ["5", 1, [], "an init is needed"],
  ["5, 30, 100", 22, ["pca"], "66 maps: at most 64"],
])("perplexities %j, %d seeds, inits %j: %s", (perplexities, seeds, inits, problem) => {
  expect(plan({ perplexities, seeds, inits }, ONE, LIMITS).problem).toBe(problem);
});

test("a number that was meant as a seed is too many seeds, at once", () => {
  const { problem } = plan({ perplexities: "5", seeds: 4_000_000_000, inits: ["pca"] }, ONE, LIMITS);
  expect(problem).toBe("4,000,000,000 maps: at most 64");
});

test("what there is already is not made again", () => {
  expect(plan(wantedNow(ONE), ONE, LIMITS).same).toBe(true);
  expect(plan({ ...wantedNow(ONE), seeds: 2 }, ONE, LIMITS).same).toBe(false);
});

test("a perplexity out of range is shown, and said before", () => {
  const made = plan({ perplexities: "5, 5000", seeds: 1, inits: ["pca"] }, ONE, LIMITS);
  expect(made.problem).toBe("");
  expect(made.warning).toContain("5000");
});
