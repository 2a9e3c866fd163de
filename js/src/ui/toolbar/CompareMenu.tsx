/** Which maps stand side by side: the product of perplexities, seeds and inits. */

import { useSignal } from "@preact/signals";
import { plan, type Wanted, wantedNow } from "../../view/comparePlan";
import { distinct, initName } from "../../view/titles";
import type { View } from "../../view/view";
import { Link } from "../parts/Button";
import { Popover } from "../parts/Popover";

export function CompareMenu({ view }: { view: View }) {
  return (
    <Popover label="Compare several maps side by side" class="tw-compare" face="compare ▾">
      {(close) => <Choices view={view} close={close} />}
    </Popover>
  );
}

function Choices({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const runs = view.runs.value;
  const wanted = useSignal<Wanted>(wantedNow(runs));
  const change = (changes: Partial<Wanted>) => {
    wanted.value = { ...wanted.value, ...changes };
  };
  const { command, count, same, problem, warning } = plan(wanted.value, runs, store.limits);
  const show = () => {
    if (problem || same) return;
    store.command(command);
    close();
    view.focusMap();
  };
  const offered = store.limits.compare_perplexities.join(", ");
  const sameStart = wanted.value.seeds > 1 && !wanted.value.inits.includes("random");
  const maps = count === 1 ? "1 map" : `${count} maps`;
  return (
    <form
      class="tw-menu"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        // JupyterLab takes Enter for itself, and with it what a browser would make of it.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) show();
      }}
    >
      <label class="tw-label">
        perplexities
        <input
          type="text"
          class="tw-number tw-list"
          value={wanted.value.perplexities}
          data-lm-suppress-shortcuts="true"
          onInput={(event) => change({ perplexities: event.currentTarget.value })}
        />
        <Link onClick={() => change({ perplexities: offered })}>{offered}</Link>
      </label>
      <label class="tw-label">
        seeds: how many
        <input
          type="number"
          class="tw-number"
          min={1}
          step={1}
          value={wanted.value.seeds}
          data-lm-suppress-shortcuts="true"
          onInput={(event) => change({ seeds: Number(event.currentTarget.value) })}
        />
      </label>
      <Inits
        wanted={wanted.value}
        offered={[...distinct(runs, "init"), ...store.limits.inits]}
        change={change}
      />
      {sameStart && (
        <p class="tw-note">
          From the same start a seed changes next to nothing.{" "}
          <Link onClick={() => change({ inits: ["random"] })}>start at random</Link>
        </p>
      )}
      {warning && <p class="tw-note">{warning}</p>}
      {problem && (
        <p class="tw-warning" role="alert">
          {problem}
        </p>
      )}
      <div class="tw-group">
        <button
          type="button"
          class="tw-button tw-worded"
          disabled={problem !== "" || same || !store.reachable.value}
          data-lm-suppress-shortcuts="true"
          onClick={show}
        >
          {same ? "as shown" : `show ${problem ? "" : maps}`}
        </button>
        {runs.length > 1 && <BackToOne view={view} close={close} />}
      </div>
    </form>
  );
}

interface InitsProps {
  wanted: Wanted;
  /** Also coordinates, which can be left out, and only Python can bring them back. */
  offered: string[];
  change: (changes: Partial<Wanted>) => void;
}

function Inits({ wanted, offered, change }: InitsProps) {
  const names = [...new Set(offered)].sort();
  const toggle = (name: string, on: boolean) =>
    change({ inits: names.filter((each) => (each === name ? on : wanted.inits.includes(each))) });
  return (
    <div class="tw-label">
      inits
      {names.map((name) => (
        <label class="tw-choice" key={name}>
          <input
            type="checkbox"
            checked={wanted.inits.includes(name)}
            data-lm-suppress-shortcuts="true"
            onChange={(event) => toggle(name, event.currentTarget.checked)}
          />
          {initName(name)}
        </label>
      ))}
    </div>
  );
}

/** The enlarged map stays, else the one onto which the others are turned. */
function BackToOne({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const run = view.focus.value ?? store.reference.value.run;
  return (
    <button
      type="button"
      class="tw-button tw-worded"
      title={`keeps ${view.title(run)}`}
      disabled={!store.reachable.value}
      data-lm-suppress-shortcuts="true"
      onClick={() => {
        store.command({ name: "keep", run });
        close();
        view.focusMap();
      }}
    >
      back to one
    </button>
  );
}
