/** Buttons: with an icon and a label for screen readers and the tooltip, or as words. */
import type { ComponentChildren, JSX } from "preact";

/** A button without a look of its own; JupyterLab leaves its keys to it. */
export function Plain(attributes: JSX.IntrinsicElements["button"]) {
  return <button type="button" data-lm-suppress-shortcuts="true" {...attributes} />;
}

interface ButtonProps {
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  small?: boolean;
  onClick: (event: MouseEvent) => void;
  children: ComponentChildren;
}

export function Button({ label, pressed, disabled, small = false, onClick, children }: ButtonProps) {
  return (
    <Plain
      class={small ? "tw-button tw-small" : "tw-button"}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </Plain>
  );
}

interface WordsProps {
  title?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

export function Worded(props: WordsProps) {
  return <Plain class="tw-button tw-worded" {...props} />;
}

/** Words in a sentence. */
export function Link(props: WordsProps) {
  return <Plain class="tw-link" {...props} />;
}

/** An entry of a menu. `shortcut`: the key that does the same. */
export function Item({ shortcut, children, ...props }: WordsProps & { shortcut?: string }) {
  return (
    <Plain class="tw-item" {...props}>
      {children}
      {shortcut && <kbd>{shortcut}</kbd>}
    </Plain>
  );
}
