/**
 * A range on a bar: a drag across the bar makes one, its ends can be dragged and moved by keys. It is told when the
 * pointer or the key is let go.
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

/** The first and last step of a range. */
export type Steps = [number, number];

interface RangeBrushProps {
  /** How many steps the bar has. */
  steps: number;
  /** null: all of them. */
  value: Steps | null;
  /** What the range is of. */
  label: string;
  /** The ends of a range in words. */
  told: (range: Steps) => [string, string];
  /** Whether a click chooses one step; else it chooses all. */
  single?: boolean;
  /** null: all. */
  onChange: (range: Steps | null) => void;
  children: ComponentChildren;
}

type End = 0 | 1;

interface Grip {
  /** The step that stays while the other end moves. */
  anchor: number;
  from: number;
  moved: boolean;
}

/** A smaller move is a click, in CSS pixels. */
const SLOP = 3;
/** The part of all steps that Page Up and Page Down move by. */
const PAGE = 10;

export function RangeBrush({
  steps,
  value,
  label,
  told,
  single = false,
  onChange,
  children,
}: RangeBrushProps) {
  const bar = useRef<HTMLDivElement>(null);
  const grip = useRef<Grip | null>(null);
  /** While it is being moved. */
  const draft = useSignal<Steps | null>(null);
  const range = draft.value ?? value ?? [0, steps - 1];
  const whole = range[0] === 0 && range[1] === steps - 1;
  const at = (clientX: number) => {
    const { left, width } = bar.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.max(0, Math.min(steps - 1, Math.floor((steps * (clientX - left)) / (width || 1))));
  };
  const settle = (next: Steps | null) => {
    draft.value = null;
    grip.current = null;
    const all = next?.[0] === 0 && next[1] === steps - 1;
    onChange(all ? null : next);
  };
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const end = (event.target as Element).closest<HTMLElement>("[data-end]")?.dataset.end;
    const step = at(event.clientX);
    grip.current = {
      anchor: end === undefined ? step : range[1 - Number(end)],
      from: event.clientX,
      moved: false,
    };
    bar.current?.setPointerCapture?.(event.pointerId);
  };
  const onMove = (event: PointerEvent) => {
    const held = grip.current;
    if (!held) return;
    held.moved ||= Math.abs(event.clientX - held.from) > SLOP;
    if (held.moved) draft.value = ordered(held.anchor, at(event.clientX));
  };
  const onUp = (event: PointerEvent) => {
    const held = grip.current;
    if (!held) return;
    if (held.moved) settle(ordered(held.anchor, at(event.clientX)));
    else {
      const again = value?.[0] === held.anchor && value[1] === held.anchor;
      grip.current = null;
      if ((event.target as Element).closest("[data-end]")) return;
      if (single && !again) settle([held.anchor, held.anchor]);
      else if (value) settle(null);
    }
  };
  const onKey = (end: End) => (event: KeyboardEvent) => {
    const now = range[end];
    const page = Math.max(1, Math.round(steps / PAGE));
    const to = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - page,
      PageUp: now + page,
      Home: end === 0 ? 0 : range[0],
      End: end === 0 ? range[1] : steps - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // on the map the arrows pan
    const [least, most] = end === 0 ? [0, range[1]] : [range[0], steps - 1];
    const next: Steps = [...range];
    next[end] = Math.max(least, Math.min(most, to));
    draft.value = next;
  };
  const letGo = () => draft.value && !grip.current && settle(draft.value);
  return (
    // biome-ignore lint/a11y/useSemanticElements: hosts give fieldsets a look of their own
    <div
      class={`tw-brush${whole ? "" : " tw-brushed"}`}
      role="group"
      aria-label={label}
      title={`${label}: drag to filter by a range${single ? ", click for one bar" : ""}`}
      ref={bar}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onLostPointerCapture={() => {
        grip.current = null;
        draft.value = null;
      }}
    >
      {children}
      <i class="tw-shade" style={{ left: 0, width: `${(100 * range[0]) / steps}%` }} />
      <i class="tw-shade" style={{ right: 0, width: `${(100 * (steps - 1 - range[1])) / steps}%` }} />
      {([0, 1] as const).map((end) => (
        <div
          key={end}
          class="tw-handle"
          data-end={end}
          role="slider"
          tabIndex={0}
          aria-label={`${label}: ${end === 0 ? "least" : "most"}`}
          aria-valuemin={0}
          aria-valuemax={steps - 1}
          aria-valuenow={range[end]}
          aria-valuetext={told(range)[end]}
          data-lm-suppress-shortcuts="true"
          style={{ left: `${(100 * (range[end] + end)) / steps}%` }}
          onKeyDown={onKey(end)}
          onKeyUp={letGo}
          onBlur={letGo}
        />
      ))}
    </div>
  );
}

function ordered(a: number, b: number): Steps {
  return a < b ? [a, b] : [b, a];
}
