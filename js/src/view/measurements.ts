/** Python's measurements, by the measure's name: an answer stays until the next one arrives. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import { floats } from "../wire/bytes";
import type { MeasureReply } from "../wire/replies";

/** A number for each point, or two. */
export type Parts = Float32Array[];

export interface Found extends MeasureReply {
  /** The numbers of the points by part, once, or for each of `runs` if every map is measured by itself. */
  values: Parts[];
}

export interface Asked {
  latest: Latest<Question<"measure">>;
  found: ReadonlySignal<Found | null>;
}

export class Measurements {
  private readonly asked = new Map<string, Asked>();

  constructor(private readonly store: Store) {}

  of(measure: string): Asked {
    const known = this.asked.get(measure);
    if (known) return known;
    const latest = new Latest<Question<"measure">>(this.store);
    const found = computed(() => {
      const { result, buffers } = latest.answer.value ?? {};
      const { n } = this.store.points;
      if (!result || !buffers) return null;
      const { parts } = result;
      const numbers = buffers.map((buffer) => floats(buffer, n));
      const values = Array.from({ length: numbers.length / parts }, (_, i) =>
        numbers.slice(parts * i, parts * (i + 1)),
      );
      return { ...result, values };
    });
    const asked = { latest, found };
    this.asked.set(measure, asked);
    return asked;
  }

  dispose(): void {
    for (const { latest } of this.asked.values()) latest.dispose();
  }
}
