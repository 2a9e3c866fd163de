/** What belongs to one view alone: mode, isolation, hover, cameras, and how its panels are arranged. */
import { computed, signal } from "@preact/signals";
import {
  type Alignment,
  type Mode,
  type Morph,
  type Scatter,
  type ScatterEvents,
  type SelectOp,
  selectOp,
} from "../scatter";
import { Latest, type Question } from "../store/latest";
import type { MapState } from "../store/map";
import type { Store } from "../store/store";
import type { MethodTrait } from "../wire/traits";
import { rhythm, tableOf } from "./axes";
import { arrange } from "./grid";
import { type Labels, readLabels } from "./labels";
import { Measurements } from "./measurements";
import { Playback } from "./playback";
import { combine, mask, rowsWhere } from "./rows";
import type { HostTheme } from "./theme";
import { furthest } from "./travel";

/** Fewer rows than this fit in any case. */
export const ALIGN_ROWS = 3;

export type DrawerTab = "rows" | "contrast" | "distances";

export class View {
  readonly mode = signal<Mode>("lasso");
  /** Codes that stand out; the others stand back. Empty: all stand out. */
  readonly isolated = signal<ReadonlySet<number>>(new Set());
  /** The run whose panel the pointer is in. */
  readonly pointedAt = signal<number | null>(null);
  readonly hover = signal<ScatterEvents["hover"]>(null);
  /** What the drawer under the map shows; null: it is closed. */
  readonly drawer = signal<DrawerTab | null>(null);
  /** Cameras by run. */
  readonly cameras = signal<ReadonlyMap<number, ScatterEvents["camera"]>>(new Map());
  readonly theme = signal<HostTheme | null>(null);
  private readonly read = computed(() => {
    const { points, labels, transform } = this.store;
    return readLabels(points.n, labels.value, transform.value);
  });
  readonly labelPalette = computed(() => this.labels.palette(this.theme.value?.dark ?? false));
  readonly size = signal({ width: 0, height: 0 });
  /** How high the host lets the maps be, and how high they are: as was asked for, or less. */
  readonly availableHeight = signal(Number.POSITIVE_INFINITY);
  readonly height = computed(() => Math.min(this.store.height.value, this.availableHeight.value));
  /** Whether the panels of a grid are moved and zoomed together. */
  readonly linked = signal(true);
  /** What the next lasso or click does with the selection, where no key says so. */
  readonly selectOp = signal<SelectOp>("replace");
  /** Whether the key is held that colours by the distance to what is pointed at. */
  readonly holding = signal(false);
  /** Whether a selected point is joined to its neighbours in the original space. */
  readonly joining = signal(true);
  readonly measurements: Measurements;
  /** Of the one row that is selected, in the original space. */
  readonly neighbors: Latest<Question<"neighbors">>;
  readonly playback: Playback;
  /** How many points the last lasso left out as they were put away, and what it selected. */
  readonly leftOut = signal<{ count: number; selection: Int32Array } | null>(null);
  /** The row that is joined to its neighbours in the original space: one that is selected alone. */
  readonly joined = computed(() => {
    const { selection, reachable } = this.store;
    const one = selection.value.length === 1 && this.joining.value && reachable.value;
    return one ? selection.value[0] : null;
  });
  /** The run that was enlarged; it counts while it is one of several. */
  readonly enlarged = signal<number | null>(null);
  /** The run to which the enlarged map morphs, how far it is, and whether the furthest travellers are marked. */
  readonly morph = signal<{ other: number; t: number; marked: boolean } | null>(null);

  readonly runs = computed(() => this.store.maps.value.map((map) => map.settings.value));
  private readonly titles = computed(() => new Map(this.runs.value.map(({ run, title }) => [run, title])));
  private readonly shortTitles = computed(
    () => new Map(this.runs.value.map(({ run, short }) => [run, short])),
  );
  /** The maps that t-SNE makes, the first method, and those that stand beside them. */
  readonly ofTsne = computed(() => this.store.maps.value.filter(({ method }) => this.isMain(method)));
  readonly beside = computed(() => this.store.maps.value.filter(({ method }) => !this.isMain(method)));
  /** The only map, where there is no grid. */
  readonly single = computed(() => (this.store.maps.value.length === 1 ? this.store.maps.value[0] : null));
  readonly focus = computed(() => (this.single.value ? null : this.existing(this.enlarged.value)));
  readonly grid = computed(() => {
    const runs = this.runs.value;
    return arrange(
      runs.map(({ run }) => run),
      {
        ...this.size.value,
        steady: this.height.value,
        table: tableOf(this.store.axes.value, runs),
        rhythm: rhythm(this.store.axes.value, runs),
        focus: this.focus.value,
      },
    );
  });
  /** The run to which the enlarged map morphs; apart from how far it is, which changes all the time. */
  readonly target = computed(() => {
    const other = this.existing(this.morph.value?.other ?? null);
    return this.focus.value === null || other === this.focus.value ? null : other;
  });
  readonly morphing = computed<Morph | null>(() => {
    const [panel, other] = [this.focus.value, this.target.value];
    return panel === null || other === null ? null : { panel, other, t: this.morph.value?.t ?? 0 };
  });
  /** Whether those that travel furthest stand out, and which they are. */
  readonly marked = computed(() => this.morph.value?.marked ?? false);
  readonly travelers = computed(() => this.traveling());
  /** Changes when the maps have come to rest elsewhere than before, and not while they move: null then. */
  readonly rest = computed(() =>
    this.store.playing.value ? null : this.store.maps.value.map((map) => map.place.value).join(),
  );
  /** The maps that can have a layout. */
  readonly possible = computed(() =>
    this.store.maps.value.filter((map) => map.possible.value).map((map) => map.run),
  );
  /**
   * The maps that are measured against each other: the two of a morph, else all of t-SNE that can have a layout; of a
   * single one that and what stands beside it.
   */
  readonly compared = computed(() => {
    const [panel, other] = [this.focus.value, this.target.value];
    if (panel !== null && other !== null) return [panel, other];
    const ofTsne = this.ofTsne.value.map(({ run }) => run).filter((run) => this.possible.value.includes(run));
    return ofTsne.length > 1 ? ofTsne : this.possible.value;
  });
  readonly alignment = computed<Alignment | null>(() => {
    if (this.single.value) return null;
    const { align, selection, reference } = this.store;
    const chosen = align.value === "selection" && selection.value.length >= ALIGN_ROWS;
    return {
      reference: reference.value.run,
      turn: align.value !== false,
      rows: chosen ? selection.value : null,
    };
  });
  /** Whether the browser gives nothing to draw with. */
  readonly undrawable = signal(false);
  scatter: Scatter | null = null;

  constructor(
    readonly store: Store,
    readonly root: HTMLElement,
  ) {
    this.measurements = new Measurements(store);
    this.neighbors = new Latest(store);
    this.playback = new Playback(store);
  }

  /** The column that colours, or coloured before something was measured. */
  get labels(): Labels {
    return this.read.value;
  }

  title(run: number): string {
    return this.titles.value.get(run) ?? "";
  }

  /** Where there is little room. */
  shortTitle(run: number): string {
    return this.shortTitles.value.get(run) ?? "";
  }

  /** How the map is that the panel shows, in a word or a few. */
  stageOf({ run, stage }: MapState): string {
    return this.playback.shown.value.has(run) ? "past" : stage.value;
  }

  /** Rings a row that something else than the map points at. */
  markRow(row: number | null): void {
    this.scatter?.setHover(row);
  }

  /** Selects rows, or adds them to those that are, and so on. */
  select(rows: Int32Array, op: SelectOp = "replace"): void {
    this.store.select(combine(this.store.selection.peek(), rows, op));
  }

  selectAll(): void {
    this.store.select(rowsWhere(this.store.points.n, () => true));
  }

  invert(): void {
    const selected = mask(this.store.selection.peek(), this.store.points.n);
    this.store.select(rowsWhere(this.store.points.n, (row) => !selected?.[row]));
  }

  /** What a click with these keys does with the selection. */
  opOf(keys: { shiftKey: boolean; altKey: boolean }): SelectOp {
    return selectOp(keys, keys, this.selectOp.peek());
  }

  zoomToSelection(): void {
    const rows = this.store.selection.peek();
    if (rows.length > 0) this.scatter?.zoomTo(rows);
  }

  focusMap(): void {
    this.root.querySelector<HTMLElement>(".tw-map")?.focus();
  }

  /** Enlarges a map, or gives it its place among the others back. */
  enlarge(run: number): void {
    this.morph.value = null;
    this.enlarged.value = this.focus.peek() === run ? null : run;
  }

  /** A click isolates an entry, with `add` beside those that are; a second click gives all back. */
  isolate(code: number, add: boolean): void {
    const now = this.isolated.value;
    const next = new Set(add ? now : []);
    if (now.has(code) && (add || now.size === 1)) next.delete(code);
    else next.add(code);
    this.isolated.value = next;
  }

  /** What Escape gives up, innermost first: a lasso, the marks, the morph, the selection, the isolation, the focus. */
  escape(): boolean {
    if (this.scatter?.cancelLasso()) return true;
    if (this.morphing.peek()) this.morph.value = this.withoutMarks();
    else if (this.store.selection.peek().length > 0) this.store.select(new Int32Array(0));
    else if (this.isolated.peek().size > 0) this.isolated.value = new Set();
    else if (this.focus.peek() !== null) this.enlarge(this.focus.peek() as number);
    else return false;
    return true;
  }

  /** The rows that travel furthest in the morph that is shown, sorted; none without one. */
  private traveling(): Int32Array {
    const [panel, other] = [this.focus.value, this.target.value];
    if (panel === null || other === null || !this.scatter) return new Int32Array(0);
    // Read, so that they are found anew as the maps move on or are turned otherwise.
    for (const map of this.store.maps.value) map.picture.value;
    this.alignment.value;
    return furthest(this.scatter.travel(panel, other));
  }

  private isMain(method: MethodTrait): boolean {
    return method === this.store.methods[0];
  }

  private withoutMarks() {
    const morph = this.morph.peek();
    return morph?.marked ? { ...morph, marked: false } : null;
  }

  private existing(run: number | null): number | null {
    return this.store.maps.value.some((map: MapState) => map.run === run) ? run : null;
  }
}
