/** The seed, and the initial layout without which a seed changes next to nothing. */
import type { Store } from "../store";
import { NextIcon } from "./icons";
import { Button } from "./Toolbar";

export function SeedControl({ store }: { store: Store }) {
  const seed = store.randomState.value;
  const init = store.init.value;
  const set = (value: number) => {
    if (value !== seed) store.command({ name: "random_state", value });
  };
  return (
    <>
      <label class="tw-label">
        seed
        <input
          type="number"
          class="tw-number"
          min={0}
          step={1}
          value={seed}
          data-lm-suppress-shortcuts="true"
          onChange={(event) => set(Number(event.currentTarget.value))}
        />
      </label>
      <Button
        label="Next seed: start anew"
        onClick={() => set((seed + 1) % (store.limits.random_state_max + 1))}
      >
        <NextIcon />
      </Button>
      <label class="tw-label">
        init
        <select
          class="tw-select"
          value={init}
          title={
            init === "random"
              ? undefined
              : "With this init a seed changes next to nothing; random inits differ"
          }
          data-lm-suppress-shortcuts="true"
          onChange={(event) =>
            store.command({ name: "init", value: event.currentTarget.value as "pca" | "random" })
          }
        >
          {init === "given" && <option value="given">given</option>}
          <option value="pca">PCA</option>
          <option value="random">random</option>
        </select>
      </label>
    </>
  );
}
