/** What the pointer does on the map, and actions on its selection. */

import type { View } from "../../view/view";
import { Button } from "../parts/Button";
import { FitIcon, LassoIcon, PanIcon, RectangleIcon, RowsIcon } from "../parts/icons";
import { KeysMenu } from "./KeysMenu";
import { SaveMenu } from "./SaveMenu";
import { SearchBox } from "./SearchBox";
import { SelectMenu } from "./SelectMenu";

export function Tools({ view }: { view: View }) {
  return (
    <fieldset class="tw-group tw-end">
      <Button
        label="Lasso: draw around points to select them (L). Shift adds, Alt removes, both intersect"
        pressed={view.mode.value === "lasso"}
        onClick={() => (view.mode.value = "lasso")}
      >
        <LassoIcon />
      </Button>
      <Button
        label="Rectangle: drag over points to select them (R). Shift adds, Alt removes, both intersect"
        pressed={view.mode.value === "rectangle"}
        onClick={() => (view.mode.value = "rectangle")}
      >
        <RectangleIcon />
      </Button>
      <Button
        label="Pan: drag to move the map"
        pressed={view.mode.value === "pan"}
        onClick={() => (view.mode.value = "pan")}
      >
        <PanIcon />
      </Button>
      <Button label="Fit the map to the view, and follow it (F)" onClick={() => view.scatter?.fit()}>
        <FitIcon />
      </Button>
      <SelectMenu view={view} />
      <SearchBox view={view} onZoom={(rows) => view.scatter?.zoomTo(rows)} />
      <Button
        label="Selected rows, what sets them apart, distances"
        pressed={view.drawer.value !== null}
        onClick={() => (view.drawer.value = view.drawer.value === null ? "rows" : null)}
      >
        <RowsIcon />
      </Button>
      <SaveMenu view={view} />
      <KeysMenu />
    </fieldset>
  );
}
