/** A line-up over the map: panels to pick from, without anything to point at or to circle; then the answer. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { LineUp } from "../../view/lineup";
import type { View } from "../../view/view";
import type { LineUpReply } from "../../wire/replies";
import { Worded } from "../parts/Button";
import { LineUpPanel } from "./LineUpPanel";
import { columnsOf, GAP, neighborOf } from "./tiling";

export function LineUpDialog({ view }: { view: View }) {
  const shown = view.lineUp.shown.value;
  return shown && <Shown view={view} reply={shown.result} />;
}

function Shown({ view, reply }: { view: View; reply: LineUpReply }) {
  const { lineUp } = view;
  const dialog = useRef<HTMLDivElement>(null);
  useAlone(dialog, view);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") lineUp.close();
    else if (event.key === "Tab") return;
    event.stopPropagation(); // other keys mean something on the map, and in the notebook
  };
  return (
    <div
      class="tw-lineup"
      ref={dialog}
      role="dialog"
      aria-label="Line-up"
      data-picked={lineUp.picked.value ?? ""}
      data-lm-suppress-shortcuts="true"
      onKeyDown={onKey}
    >
      <Head view={view} reply={reply} />
      <Panels view={view} reply={reply} />
    </div>
  );
}

/** Before the pick what to do, then what it told. */
function Head({ view, reply }: { view: View; reply: LineUpReply }) {
  const { lineUp, reading } = view;
  const picked = lineUp.picked.value;
  const others = reply.picks.length - 1;
  const again = () => {
    view.drawer.value = "reading"; // it says how far the next one is
    lineUp.ask(reading.map.peek());
  };
  return (
    <div class="tw-lineup-head">
      <div role="status">
        {picked === null ? (
          <p>
            <strong>Which of these differs most?</strong> One is your map. {others} are maps of noise, which
            has none of your rows: pointing and circling are off here. If you know your map by heart, let
            somebody else pick.
          </p>
        ) : (
          <>
            <p>
              <strong>{reply.picks[picked - 1]}</strong>
            </p>
            <p>
              {reply.noise} <span class="tw-note">lineup(seed={reply.seed}) repeats it in Python.</span>
            </p>
          </>
        )}
      </div>
      <div class="tw-lineup-buttons">
        {picked !== null && <Worded onClick={again}>again, with new noise</Worded>}
        <Worded title="Escape" onClick={() => lineUp.close()}>
          close
        </Worded>
      </div>
    </div>
  );
}

/** In as many columns as makes them largest; the arrow keys move among them, Enter picks. */
function Panels({ view, reply }: { view: View; reply: LineUpReply }) {
  const { lineUp } = view;
  const box = useRef<HTMLFieldSetElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const current = useSignal(0);
  useLayoutEffect(() => {
    const element = box.current as HTMLElement;
    const read = () => {
      size.value = { width: element.clientWidth, height: element.clientHeight };
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const panels = lineUp.panels.value;
  const { columns, side } = columnsOf(panels.length, size.value.width, size.value.height);
  const onKey = (event: KeyboardEvent) => {
    const next = neighborOf(current.value, event.key, columns, panels.length);
    if (next === null) return;
    current.value = next;
    box.current?.querySelectorAll("button")[next].focus();
    event.preventDefault();
  };
  return (
    <fieldset
      class="tw-lineup-panels"
      ref={box}
      aria-label="Panels; the arrow keys move, Enter picks"
      style={{ gridTemplateColumns: `repeat(${columns}, ${side}px)`, gap: `${GAP}px` }}
      onKeyDown={onKey}
    >
      {panels.map((places, i) => (
        <LineUpPanel
          key={`${reply.seed} ${i + 1}`}
          places={places}
          number={i + 1}
          side={side}
          reached={i === current.value}
          told={toldOf(lineUp, reply, i + 1)}
          background={view.theme.value?.background ?? "#fff"}
          onPick={() => {
            current.value = i;
            lineUp.pick(i + 1);
          }}
        />
      ))}
    </fieldset>
  );
}

/** What is known of a panel after the pick. */
function toldOf({ picked }: LineUp, { answer }: LineUpReply, number: number) {
  if (picked.value === null) return null;
  return { map: number === answer, picked: number === picked.value };
}

/** Nothing below the dialog can be reached while it is open. It takes the focus from the widget, not from elsewhere. */
function useAlone(dialog: { current: HTMLElement | null }, view: View): void {
  useEffect(() => {
    const element = dialog.current as HTMLElement;
    const below = [...(element.parentElement?.children ?? [])].filter((each) => each !== element);
    for (const each of below) each.toggleAttribute("inert", true);
    const focused = focusOf(view);
    const free = focused === document.body || view.root.contains(focused);
    if (free) element.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
    element.scrollIntoView?.({ block: "nearest" });
    return () => {
      for (const each of below) each.toggleAttribute("inert", false);
      const left = focusOf(view);
      if (left === document.body || element.contains(left)) view.focusMap(); // its buttons are gone
    };
  }, []);
}

/** What has the focus; in a shadow root too. */
function focusOf({ root }: View): Element | null {
  return (root.getRootNode() as Document | ShadowRoot).activeElement ?? document.activeElement;
}
