/** In a saved page: a place to paste new rows into, which the page places on its maps. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Placer } from "../../store/placer";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import { Worded } from "../parts/Button";
import { Warning } from "../parts/notes";
import { Popover } from "../parts/Popover";

/** How many names of features it lists. */
const LISTED = 6;

export function PlaceMenu({ view }: { view: View }) {
  const { placer } = view.store;
  if (!placer) return null;
  return (
    <Popover
      label="Place new rows on the map: paste or drop them as CSV"
      class="tw-compare"
      face="place rows ▾"
    >
      {(close) => <Paste view={view} placer={placer} close={close} />}
    </Popover>
  );
}

interface PasteProps {
  view: View;
  placer: Placer;
  close: () => void;
}

function Paste({ view, placer, close }: PasteProps) {
  const text = useSignal("");
  const error = useSignal("");
  const file = useRef<HTMLInputElement>(null);
  const leave = () => {
    close();
    view.focusMap();
  };
  const place = async (read: string | Blob, name: string) => {
    error.value = await placer.place(read, name);
    if (!error.value) leave();
  };
  return (
    <div class="tw-menu tw-place">
      <textarea
        class="tw-paste"
        rows={6}
        aria-label="Rows as CSV"
        placeholder="paste rows as CSV, or drop a file on the map"
        spellcheck={false}
        wrap="off"
        data-lm-suppress-shortcuts="true"
        value={text.value}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
      />
      <p class="tw-note">{wanted(placer.features)}</p>
      <input
        type="file"
        hidden
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        ref={file}
        onChange={({ currentTarget: { files } }) => files?.[0] && place(files[0], files[0].name)}
      />
      <div class="tw-group">
        <Worded disabled={text.value.trim() === ""} onClick={() => place(text.value, "pasted rows")}>
          place them
        </Worded>
        <Worded onClick={() => file.current?.click()}>open a file</Worded>
        {view.store.newRows.value && (
          <Worded
            onClick={() => {
              placer.clear();
              leave();
            }}
          >
            take them away
          </Worded>
        )}
      </div>
      <Warning>{error.value}</Warning>
    </div>
  );
}

function wanted(features: readonly string[]): string {
  const listed = features.slice(0, LISTED).join(", ");
  const more = features.length > LISTED ? `, and ${count(features.length - LISTED)} more` : "";
  const columns = features.length === 1 ? "Column" : "Columns";
  return `${columns}: ${listed}${more}. With these names in the first line they may come in any order; without, in this one.`;
}
