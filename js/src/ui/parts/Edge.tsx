/** A lower edge that dragging or the arrow keys move. */
import { useRef } from "preact/hooks";

/** CSS pixels. */
const STEP = 20;

interface EdgeProps {
  /** What its height is of. */
  of: string;
  height: number;
  least: number;
  most: number;
  onMove: (height: number) => void;
  /** The pointer has let go, or a key has moved it. */
  onEnd?: () => void;
}

export function Edge({ of, height, least, most, onMove, onEnd = () => {} }: EdgeProps) {
  const grip = useRef<{ y: number; height: number } | null>(null);
  const move = (to: number) => onMove(Math.round(Math.max(least, Math.min(most, to))));
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      class="tw-edge"
      role="separator"
      aria-orientation="horizontal"
      aria-label={`Height of the ${of}`}
      aria-valuenow={height}
      aria-valuemin={least}
      aria-valuemax={most}
      title={`Drag to change the height of the ${of}`}
      tabIndex={0}
      data-lm-suppress-shortcuts="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { y: event.clientY, height };
      }}
      onPointerMove={(event) => {
        if (grip.current) move(grip.current.height + event.clientY - grip.current.y);
      }}
      onLostPointerCapture={() => {
        grip.current = null;
        onEnd();
      }}
      onKeyDown={(event) => {
        const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation(); // on the map the arrows pan
        move(height + step);
        onEnd();
      }}
    />
  );
}
