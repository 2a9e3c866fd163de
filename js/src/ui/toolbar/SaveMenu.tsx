/** Saves the view as a picture, a drawing or a page. */
import { useSignal } from "@preact/signals";
import { hasPictures } from "../../view/pictures";
import type { View } from "../../view/view";
import { Item } from "../parts/Button";
import { Choice } from "../parts/fields";
import { SaveIcon } from "../parts/icons";
import { Warning } from "../parts/notes";
import { Popover } from "../parts/Popover";
import { isDrawn, saveHtml, savePng, saveSvg } from "../picture/save";

export function SaveMenu({ view }: { view: View }) {
  return (
    <Popover
      label={`Save as a picture${view.store.hasPython.value ? ", a drawing or a page" : " or a drawing"}`}
      face={<SaveIcon />}
    >
      {(close) => <Items view={view} close={close} />}
    </Popover>
  );
}

function Items({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const error = useSignal("");
  const place = useSignal(false);
  const images = useSignal(false);
  const act = (save: () => void | Promise<void>) => async () => {
    try {
      await save();
      close();
      view.focusMap();
    } catch (refused) {
      error.value = refused instanceof Error ? refused.message : String(refused);
    }
  };
  const told = store.tooltip.value;
  return (
    <div class="tw-menu">
      <Item onClick={act(() => savePng(view))}>PNG, a picture</Item>
      <Item onClick={act(() => saveSvg(view))}>
        SVG, a drawing{!isDrawn(view) && ": with so many points, they are a bitmap in it"}
      </Item>
      {store.hasPython.value && (
        <>
          <Item
            disabled={!store.reachable.value}
            onClick={act(() => saveHtml(view, place.value, images.value))}
          >
            HTML, a page to look at without Python
          </Item>
          <p class="tw-note">
            The page holds the coordinates, the labels and{" "}
            {told.length > 0 ? `these columns: ${told.join(", ")}` : "no other column"}
            {images.value && ", and pictures of at most 64 pixels"}
            {place.value && ", and landmarks: means of similar rows or single rows, with all features"}
          </p>
          {hasPictures(view) && (
            <Choice checked={images.value} onChange={(checked) => (images.value = checked)}>
              the page holds the pictures of all rows
            </Choice>
          )}
          {store.maps.value.some(({ method }) => method.is_function) && (
            <Choice checked={place.value} onChange={(checked) => (place.value = checked)}>
              the page places new rows, pasted as CSV
            </Choice>
          )}
        </>
      )}
      <Warning>{error.value}</Warning>
    </div>
  );
}
