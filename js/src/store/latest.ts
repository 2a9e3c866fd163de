/**
 * Asks one question at a time, then only the newest: however fast questions change, answers neither queue nor cross.
 */
import { batch, type Signal, signal } from "@preact/signals";
import type { Query } from "../wire/protocol";
import type { Replies, Reply } from "../wire/replies";
import type { Store } from "./store";

export type Question<Name extends Query["name"]> = Extract<Query, { name: Name }>;

export interface Answer<Q extends Query> extends Reply<Replies[Q["name"]]> {
  query: Q;
}

/** How often a question is repeated if its answer is out of date. */
const MAX_REPEATS = 5;

export class Latest<Q extends Query> {
  /** The newest answer, which stays until the next one arrives. */
  readonly answer: Signal<Answer<Q> | null> = signal(null);
  /** Why the newest question has no answer, in Python's words; empty if it has one. */
  readonly error: Signal<string> = signal("");
  readonly loading: Signal<boolean> = signal(false);
  /** How far the next answer is, from 0 to 1; null: not told. */
  readonly progress: Signal<number | null> = signal(null);

  private wanted: Q | null = null;
  private flying = false;
  private disposed = false;

  /** `fits` returns false if an answer is out of date, for example because the selection has changed. */
  constructor(
    private readonly store: Store,
    private readonly fits: (answer: Answer<Q>) => boolean = () => true,
  ) {}

  /** Asks a question; drops the answer to any earlier one. */
  ask(query: Q): void {
    if (this.disposed) return;
    this.wanted = query;
    this.loading.value = true;
    this.progress.value = null;
    if (!this.flying) this.send();
  }

  /** Forgets the last answer and drops the next. */
  forget(): void {
    this.wanted = null;
    batch(() => {
      this.answer.value = null;
      this.error.value = "";
      this.loading.value = false;
    });
  }

  /** Drops the next answer and keeps the last. */
  cancel(): void {
    this.wanted = null;
    this.loading.value = false;
  }

  dispose(): void {
    this.forget();
    this.disposed = true;
  }

  private async send(): Promise<void> {
    this.flying = true;
    for (let repeats = 0; this.wanted !== null; repeats++) {
      const query = this.wanted;
      const outcome = await this.outcome(query);
      if (this.wanted !== query) repeats = 0;
      else if (typeof outcome === "string") this.deliver(null, outcome);
      else if (this.fits(outcome)) this.deliver(outcome, "");
      else if (repeats >= MAX_REPEATS) this.deliver(null, "the rows have changed meanwhile");
    }
    this.flying = false;
  }

  private async outcome(query: Q): Promise<Answer<Q> | string> {
    try {
      const advance = (share: number) => {
        if (this.wanted === query) this.progress.value = share;
      };
      return { ...(await this.store.ask(query, advance)), query };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private deliver(answer: Answer<Q> | null, error: string): void {
    this.wanted = null;
    batch(() => {
      if (answer) this.answer.value = answer;
      this.error.value = error;
      this.loading.value = false;
    });
  }
}
