/** What the drawer's tabs share. */
import type { ComponentChildren } from "preact";

/** What is needed before there is something to show. */
export function Hint({ children }: { children: ComponentChildren }) {
  return <p class="tw-hint tw-note">{children}</p>;
}

/** Why there is nothing new, in Python's words. */
export function Failure({ children }: { children: string }) {
  if (!children) return null;
  return (
    <p class="tw-hint tw-warning" role="alert">
      {children}
    </p>
  );
}
