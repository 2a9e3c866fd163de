/** The seed, and the initial layout without which a seed changes next to nothing. */
import type { Store } from "../store";
import { useAsked } from "./asked";
import { Button } from "./Button";
import { NextIcon } from "./icons";
import { NumberField } from "./NumberField";

export function SeedControl({ store }: { store: Store }) {
  const seed = store.randomState.value;
  const init = store.init.value;
  const asked = useAsked(store, seed);
  const set = (value: number) => {
    asked.value = value;
    if (value !== seed) store.command({ name: "random_state", value });
  };
  return (
    <>
      <span class="tw-label">seed</span>
      <NumberField label="seed" step={1} value={asked.value ?? seed} onCommit={set} />
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
