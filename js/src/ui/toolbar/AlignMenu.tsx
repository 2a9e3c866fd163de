/** How the maps of a grid are turned to make them comparable. */

import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { Align } from "../../wire/traits";
import { Choice, Select } from "../parts/fields";
import { AlignIcon } from "../parts/icons";
import { Popover } from "../parts/Popover";

export function AlignMenu({ view }: { view: View }) {
  return (
    <Popover label="Turn the maps to compare them" face={<AlignIcon />}>
      {() => <Choices view={view} />}
    </Popover>
  );
}

function Choices({ view }: { view: View }) {
  const { store } = view;
  const selected = store.selection.value.length;
  const possible = store.maps.value.filter((map) => map.possible.value);
  const { align_rows } = store.limits;
  const enough = selected >= align_rows;
  const choices: { align: Align; words: string; possible: boolean }[] = [
    { align: true, words: "fit all points", possible: true },
    {
      align: "selection",
      words: enough
        ? `fit the ${count(selected)} selected`
        : `fit the selected: needs ${align_rows} rows, until then fits all`,
      possible: enough,
    },
    { align: false, words: "not turned, as computed", possible: true },
  ];
  return (
    <div class="tw-menu">
      <label class="tw-label">
        turn and mirror the maps onto
        <Select
          value={store.reference.value.run}
          offered={possible.map(({ run }) => ({ value: run, text: view.title(run) }))}
          onChange={(run) => store.alignTo(run)}
        />
      </label>
      {choices.map(({ align, words, possible }) => (
        <Choice
          key={String(align)}
          name="align"
          checked={store.align.value === align}
          disabled={!possible && store.align.value !== align}
          onChange={() => store.setAlign(align)}
        >
          {words}
        </Choice>
      ))}
      <p class="tw-note">only for viewing, never stretched; the coordinates stay as computed</p>
    </div>
  );
}
