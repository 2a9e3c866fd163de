/** A button with an icon; its label is for screen readers and the tooltip. */
import type { ComponentChildren } from "preact";

interface ButtonProps {
  label: string;
  pressed?: boolean;
  onClick: (event: MouseEvent) => void;
  children: ComponentChildren;
}

export function Button({ label, pressed, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      class="tw-button"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      data-lm-suppress-shortcuts="true"
      onClick={onClick}
    >
      {children}
    </button>
  );
}
