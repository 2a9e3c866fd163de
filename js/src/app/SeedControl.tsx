/** The seed, and the initial layout without which a seed changes next to nothing. */
import type { Command, Traits } from "../protocol";
import type { Store } from "../store";
import { useAsked } from "./asked";
import { Button } from "./Button";
import { NextIcon } from "./icons";
import { NumberField } from "./NumberField";

type Init = Traits["init"];

export function SeedControl({ store }: { store: Store }) {
  const seed = useAsked(store, store.randomState.value, (value) => ({ name: "random_state", value }));
  const init = useAsked<Init>(store, store.init.value, (value) => ({ name: "init", value }) as Command);
  const next = () => (seed.latest() + 1) % (store.limits.random_state_max + 1);
  return (
    <>
      <span class="tw-label">seed</span>
      <NumberField label="seed" step={1} value={seed.value} onCommit={seed.ask} />
      <Button label="Next seed: start anew" onClick={() => seed.ask(next())}>
        <NextIcon />
      </Button>
      <label class="tw-label">
        init
        <select
          class="tw-select"
          value={init.value}
          title={
            init.value === "random"
              ? undefined
              : "With this init a seed changes next to nothing; random inits differ"
          }
          data-lm-suppress-shortcuts="true"
          onChange={(event) => init.ask(event.currentTarget.value as Init)}
        >
          {init.value === "given" && <option value="given">given</option>}
          <option value="pca">PCA</option>
          <option value="random">random</option>
        </select>
      </label>
    </>
  );
}
