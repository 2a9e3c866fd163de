/** In the map's lower right corner: zoom, the whole map, the whole screen. */
import { canFillScreen, toggleFullScreen } from "../../view/fullScreen";
import { zoom } from "../../view/keyboard";
import type { View } from "../../view/view";
import { Button } from "../parts/Button";
import { FitIcon, FullScreenIcon, MinusIcon, PlusIcon, WindowIcon } from "../parts/icons";

export function MapButtons({ view }: { view: View }) {
  const full = view.fullScreen.value;
  return (
    <fieldset class="tw-map-buttons" aria-label="View of the map">
      <Button small label="Zoom in (+)" onClick={() => zoom(view, "in")}>
        <PlusIcon />
      </Button>
      <Button small label="Zoom out (-)" onClick={() => zoom(view, "out")}>
        <MinusIcon />
      </Button>
      <Button small label="Fit the map to the view, and follow it (F)" onClick={() => view.scatter?.fit()}>
        <FitIcon />
      </Button>
      {canFillScreen() && (
        <Button
          small
          label={full ? "Leave the full screen (Escape)" : "Full screen"}
          onClick={() => toggleFullScreen(view)}
        >
          {full ? <WindowIcon /> : <FullScreenIcon />}
        </Button>
      )}
    </fieldset>
  );
}
