/** Looking for clumps, which are then suggested as groups to all views. */
import { Latest, type Question } from "../store/latest";
import type { Store } from "../store/store";
import type { ClumpsOn } from "../wire/protocol";

export class Clumps {
  readonly latest: Latest<Question<"find_clumps">>;
  /** The map that is being looked at. */
  private run = 0;

  /** `view`: the number of the view that asks. */
  constructor(
    private readonly store: Store,
    private readonly view: number,
  ) {
    this.latest = new Latest(store);
  }

  /** Looks at a map, or at the data in its metric. */
  find(on: ClumpsOn, run: number): void {
    this.stop();
    this.run = run;
    this.latest.ask({ name: "find_clumps", on, run, view: this.view });
  }

  stop(): void {
    if (!this.latest.loading.peek()) return;
    this.latest.cancel();
    const query = { name: "drop_read", question: "clumps", run: this.run, view: this.view } as const;
    this.store.ask(query).catch(() => {});
  }

  dispose(): void {
    this.stop();
    this.latest.dispose();
  }
}
