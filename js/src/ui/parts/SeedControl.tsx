/** The seed, and the initial layout without which a seed changes next to nothing. */
import type { Store } from "../../store/store";
import { initName } from "../../view/titles";
import { useAsked } from "./asked";
import { Button } from "./Button";
import { NextIcon } from "./icons";
import { NumberField } from "./NumberField";

/** Without a run a control is about all maps, which have one seed or one init. */
interface Props<T> {
  store: Store;
  /** What is in force. */
  applied: T;
  run: number | null;
}

/** `taken`: seeds of other maps, which the next one passes over. */
export function SeedControl({ store, applied, run, taken = [] }: Props<number> & { taken?: number[] }) {
  const seed = useAsked(store, applied, (value) => ({ name: "random_state", value, run }));
  const next = () => {
    const after = (value: number) => (value + 1) % (store.limits.random_state_max + 1);
    let value = after(seed.latest());
    while (taken.includes(value)) value = after(value);
    return value;
  };
  return (
    <>
      <span class="tw-label">seed</span>
      <NumberField label="seed" step={1} value={seed.value} onCommit={seed.ask} />
      <Button label="Next seed: start anew" onClick={() => seed.ask(next())}>
        <NextIcon />
      </Button>
    </>
  );
}

export function InitControl({ store, applied, run }: Props<string>) {
  const init = useAsked(store, applied, (value) => ({ name: "init", value, run }));
  const names = [...new Set([applied, ...store.limits.inits])].sort();
  return (
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
        onChange={(event) => init.ask(event.currentTarget.value)}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {initName(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
