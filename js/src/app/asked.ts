/** What a control was asked for is shown until Python has said what is in force. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Store } from "../store";

/** The value asked for; null when what is in force is to be shown. */
export function useAsked(store: Store, inForce: unknown): Signal<number | null> {
  const asked = useSignal<number | null>(null);
  const answered = store.awaiting.value === 0;
  useEffect(() => {
    if (answered) asked.value = null;
  }, [answered, inForce]);
  return asked;
}
