/** What the drawer's tabs have in common. */
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

/** A count, grouped by thousands. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** "1 row", "1,234 rows" */
export function rowsInWords(value: number): string {
  return value === 1 ? "1 row" : `${count(value)} rows`;
}
