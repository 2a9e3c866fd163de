/** A control shows the requested value until Python has said which one is in force. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Store } from "../../store/store";
import type { Command } from "../../wire/protocol";

export interface Asked<T> {
  /** The last requested value, or else the one in force. */
  value: T;
  /** The same at the time of the call, for use between two renders. */
  latest(): T;
  /** Shows a value without asking for it yet. */
  preview(value: T): void;
  ask(value: T): void;
}

/** `command` makes the command for a value, unless it has already been requested. */
export function useAsked<T extends number | string>(
  store: Store,
  inForce: T,
  command: (value: T) => Command,
): Asked<T> {
  const shown = useSignal<T | null>(null);
  const sent = useSignal<T | null>(null);
  const answered = store.awaiting.value === 0;
  const latest = () => shown.peek() ?? inForce;
  useEffect(() => {
    if (!answered) return;
    // A drag may have gone on since: its value stays.
    if (shown.peek() === sent.peek()) shown.value = null;
    sent.value = null;
  }, [answered, inForce]);
  return {
    value: shown.value ?? inForce,
    latest,
    preview: (value) => {
      shown.value = value;
    },
    ask: (value) => {
      const known = sent.peek() ?? inForce;
      shown.value = value === inForce && sent.peek() === null ? null : value;
      if (value === known) return;
      sent.value = value;
      store.command(command(value));
    },
  };
}
