/** The drawer's lower edge: dragging it or the arrow keys change the drawer's height; the map stays. */
import type { Signal } from "@preact/signals";
import { useRef } from "preact/hooks";

/** CSS pixels. */
export const START_HEIGHT = 250;
const LEAST = 120;
const MOST = 700;
const STEP = 20;

export function Edge({ height }: { height: Signal<number> }) {
  const grip = useRef<{ y: number; height: number } | null>(null);
  const set = (value: number) => {
    height.value = Math.round(Math.max(LEAST, Math.min(MOST, value)));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      class="tw-edge"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the drawer"
      aria-valuenow={height.value}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      title="Drag to change the drawer's height"
      tabIndex={0}
      data-lm-suppress-shortcuts="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { y: event.clientY, height: height.peek() };
      }}
      onPointerMove={(event) => {
        if (grip.current) set(grip.current.height + event.clientY - grip.current.y);
      }}
      onLostPointerCapture={() => {
        grip.current = null;
      }}
      onKeyDown={(event) => {
        const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
        if (!step) return;
        event.preventDefault();
        set(height.peek() + step);
      }}
    />
  );
}
