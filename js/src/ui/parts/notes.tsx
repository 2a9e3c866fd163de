/** Sentences that stand in place of something, or tell why it is missing. */
import type { ComponentChildren } from "preact";

/** What is needed before there is something to show. */
export function Hint({ children }: { children: ComponentChildren }) {
  return <p class="tw-hint tw-note">{children}</p>;
}

/** Why something cannot be done, read out at once; nothing if it can. */
export function Warning({ children, hint = false }: { children: string; hint?: boolean }) {
  if (!children) return null;
  return (
    <p class={`${hint ? "tw-hint " : ""}tw-warning`} role="alert">
      {children}
    </p>
  );
}
