/** What belongs to one view alone: mode, isolation, hover, camera. */
import { computed, signal } from "@preact/signals";
import type { Mode, Scatter, ScatterEvents } from "../scatter";
import type { Store } from "../store";
import { type Labels, readLabels } from "./labels";
import type { HostTheme } from "./theme";

export class View {
  readonly labels: Labels;
  readonly mode = signal<Mode>("lasso");
  /** Codes that stand out; the others stand back. Empty: all stand out. */
  readonly isolated = signal<ReadonlySet<number>>(new Set());
  readonly hover = signal<ScatterEvents["hover"]>(null);
  readonly camera = signal<ScatterEvents["camera"] | null>(null);
  readonly theme = signal<HostTheme | null>(null);
  readonly palette = computed(() => this.labels.palette(this.theme.value?.dark ?? false));
  scatter: Scatter | null = null;

  constructor(
    readonly store: Store,
    readonly root: HTMLElement,
  ) {
    this.labels = readLabels(store.points);
  }

  focusMap(): void {
    this.root.querySelector<HTMLElement>(".tw-map")?.focus();
  }

  /** A click isolates an entry, with `add` beside those that are; a second click gives all back. */
  isolate(code: number, add: boolean): void {
    const now = this.isolated.value;
    const next = new Set(add ? now : []);
    if (now.has(code) && (add || now.size === 1)) next.delete(code);
    else next.add(code);
    this.isolated.value = next;
  }

  /** What Escape gives up, innermost first: the lasso being drawn, the selection, the isolation. */
  escape(): boolean {
    if (this.scatter?.cancelLasso()) return true;
    if (this.store.selection.peek().length > 0) this.store.select(new Int32Array(0));
    else if (this.isolated.peek().size > 0) this.isolated.value = new Set();
    else return false;
    return true;
  }
}
