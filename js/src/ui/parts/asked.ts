/** A control shows what it was asked for until Python has said what is in force. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Store } from "../../store/store";
import type { Command } from "../../wire/protocol";

export interface Asked<T> {
  /** What was asked for last, else what is in force. */
  value: T;
  /** The same at the time of the call, for what happens between two drawings. */
  latest(): T;
  /** Shows a value without asking for it yet. */
  preview(value: T): void;
  ask(value: T): void;
}

/** `command` makes the command for a value that is not the one asked for already. */
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
    // A drag may have gone on since: what it shows stays.
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
