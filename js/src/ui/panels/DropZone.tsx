/** In a saved page: files dropped on the maps become new rows. It shows how far that is, or why it failed. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Placer } from "../../store/placer";
import type { View } from "../../view/view";
import { Worded } from "../parts/Button";

export function DropZone({ view, host }: { view: View; host: RefObject<HTMLElement | null> }) {
  const { placer } = view.store;
  return placer && <Zone view={view} placer={placer} host={host} />;
}

interface ZoneProps {
  view: View;
  placer: Placer;
  host: RefObject<HTMLElement | null>;
}

function Zone({ view, placer, host }: ZoneProps) {
  const over = useSignal(false);
  const error = useSignal("");
  useEffect(() => {
    const leave = new AbortController();
    const listen = (type: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) =>
      host.current?.addEventListener(type, act, { signal: leave.signal });
    listen("dragover", (event) => {
      event.preventDefault();
      over.value = true;
    });
    listen("dragleave", () => (over.value = false));
    listen("drop", (event) => {
      event.preventDefault(); // the browser would open the file
      over.value = false;
      error.value = "";
      place(placer, event.dataTransfer).then((why) => (error.value = why));
    });
    return () => leave.abort();
  }, [placer]);
  const { doing } = placer;
  if (over.value) return <Note words={`drop rows as CSV to place them on ${titles(view, placer)}`} />;
  if (doing.value) return <Note {...doing.value} />;
  if (!error.value) return null;
  return (
    <div class="tw-waiting tw-failed tw-drop" role="alert">
      <strong>No rows were placed.</strong>
      <span class="tw-cause">{error.value}</span>
      <Worded onClick={() => (error.value = "")}>close</Worded>
    </div>
  );
}

function Note({ words, progress }: { words: string; progress?: number }) {
  return (
    <div class="tw-waiting tw-drop" role="status">
      <span>{words}</span>
      {progress !== undefined && <progress max={1} value={progress} aria-label={words} />}
    </div>
  );
}

/** Places the rows of one file, or of text dragged from elsewhere; returns why that failed, if it did. */
async function place(placer: Placer, data: DataTransfer | null): Promise<string> {
  const files = [...(data?.files ?? [])];
  if (files.length > 1) return `${files.length} files were dropped: drop one`;
  if (files.length === 1) return placer.place(files[0], files[0].name);
  return placer.place(data?.getData("text/plain") ?? "", "dropped rows");
}

function titles(view: View, placer: Placer): string {
  return placer.runs.map((run) => view.title(run)).join(" and ");
}
