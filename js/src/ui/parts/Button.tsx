/** Buttons: with an icon and a label for screen readers and the tooltip, or as words in a sentence. */
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

interface LinkProps {
  title?: string;
  onClick: () => void;
  children: ComponentChildren;
}

export function Link({ title, onClick, children }: LinkProps) {
  return (
    <button type="button" class="tw-link" title={title} data-lm-suppress-shortcuts="true" onClick={onClick}>
      {children}
    </button>
  );
}

/** An entry of a menu. */
interface ItemProps {
  disabled?: boolean;
  /** The key that does the same. */
  shortcut?: string;
  onClick: () => void;
  children: ComponentChildren;
}

export function Item({ disabled, shortcut, onClick, children }: ItemProps) {
  return (
    <button
      type="button"
      class="tw-item"
      disabled={disabled}
      data-lm-suppress-shortcuts="true"
      onClick={onClick}
    >
      {children}
      {shortcut && <kbd>{shortcut}</kbd>}
    </button>
  );
}
