/** What the pointer does on the map, and actions on its selection. */

import type { View } from "../../view/view";
import { Button } from "../parts/Button";
import { LassoIcon, PanIcon, RectangleIcon, RowsIcon } from "../parts/icons";
import { KeysMenu } from "./KeysMenu";
import { LinkButton } from "./LinkButton";
import { SaveMenu } from "./SaveMenu";
import { SearchBox } from "./SearchBox";
import { SelectMenu } from "./SelectMenu";

const KEYS = "Shift adds, Alt removes, both intersect";

const MODES = [
  { mode: "lasso", label: `Lasso: draw around points to select them (L). ${KEYS}`, Icon: LassoIcon },
  {
    mode: "rectangle",
    label: `Rectangle: drag over points to select them (R). ${KEYS}`,
    Icon: RectangleIcon,
  },
  { mode: "pan", label: "Pan: drag to move the map", Icon: PanIcon },
] as const;

export function Tools({ view }: { view: View }) {
  const { store } = view;
  return (
    <fieldset class="tw-group tw-end">
      {MODES.map(({ mode, label, Icon }) => (
        <Button
          key={mode}
          label={label}
          pressed={view.mode.value === mode}
          onClick={() => (view.mode.value = mode)}
        >
          <Icon />
        </Button>
      ))}
      <SelectMenu view={view} />
      {(store.hasPython.value || store.columns.value.length > 0) && (
        <SearchBox view={view} onZoom={(rows) => view.scatter?.zoomTo(rows)} />
      )}
      <Button
        label={store.hasPython.value ? "Selected rows, what sets them apart, distances" : "Selected rows"}
        pressed={view.drawer.value !== null}
        onClick={() => (view.drawer.value = view.drawer.value === null ? "rows" : null)}
      >
        <RowsIcon />
      </Button>
      <SaveMenu view={view} />
      {!store.hasPython.value && <LinkButton view={view} />}
      <KeysMenu view={view} />
    </fieldset>
  );
}
