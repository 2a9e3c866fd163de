/** The state of one view: mode, isolation, hover, cameras, and how its panels are arranged. */
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
import { rhythm, tableOf } from "./axes";
import { Clumps } from "./clumps";
import { Density } from "./density";
import { arrange } from "./grid";
import { countRows, type LabelOrder, type Labels, readLabels } from "./labels";
import { LineUp } from "./lineup";
import { Measurements } from "./measurements";
import { readNames } from "./naming";
import { Playback } from "./playback";
import { Reading } from "./reading";
import { combine, mask, rowsWhere } from "./rows";
import type { HostTheme } from "./theme";
import { Thumbnails } from "./thumbnails";
import { furthest } from "./travel";
import { WheelHint } from "./wheelHint";

/** CSS pixels, at first. */
const DRAWER_HEIGHT = 250;

export type DrawerTab = "rows" | "contrast" | "distances" | "reading";

export class View {
  /** Its number in the tab. */
  readonly number: number;
  readonly mode = signal<Mode>("lasso");
  /** Codes that stand out while the others stand back. Empty: all stand out. */
  readonly isolated = signal<ReadonlySet<number>>(new Set());
  /** The run under the pointer. */
  readonly pointedAt = signal<number | null>(null);
  readonly hover = signal<ScatterEvents["hover"]>(null);
  /** The new row under the pointer. */
  readonly newRow = signal<ScatterEvents["square"]>(null);
  readonly showsNewRows = signal(true);
  /** The open tab of the drawer; null if it is closed. */
  readonly drawer = signal<DrawerTab | null>(null);
  /** Cameras by run. */
  readonly cameras = signal<ReadonlyMap<number, ScatterEvents["camera"]>>(new Map());
  readonly theme = signal<HostTheme | null>(null);
  private readonly read = computed(() => {
    const { points, labels, transform } = this.store;
    return readLabels(points.n, labels.value, transform.value);
  });
  /** How many rows of each label are selected; null: nothing is. */
  readonly selectedByLabel = computed(() => {
    const rows = this.store.selection.value;
    return rows.length > 0 && this.labels.kind === "categories" ? countRows(this.labels, rows) : null;
  });
  readonly labelPalette = computed(() => this.labels.palette(this.theme.value?.dark ?? false));
  /** The names that there are, whether or not they show. */
  readonly names = computed(() => readNames(this.store));
  readonly size = signal({ width: 0, height: 0 });
  /** Whether the view fills the screen. */
  readonly fullScreen = signal(false);
  readonly drawerHeight = signal(DRAWER_HEIGHT);
  /** The height to which the maps' edge was dragged, while that is the newest wish. */
  readonly dragged = signal<number | null>(null);
  /** The height that the host allows, and the height of the maps: the requested one or less. */
  readonly availableHeight = signal(Number.POSITIVE_INFINITY);
  /** Whether it takes all the room there is: on the whole screen, and in a page of its own. */
  readonly fills = computed(() => this.fullScreen.value || !this.store.hasPython.value);
  readonly height = computed(() => {
    if (this.fills.value) return this.availableHeight.value;
    return this.dragged.value ?? Math.min(this.store.height.value, this.availableHeight.value);
  });
  /** What came of a link: one that was copied, or one in the address; null: nothing to tell. */
  readonly linkTold = signal<{ words: string; wrong: boolean } | null>(null);
  /** The fragment that the view itself has put into the address, until another is followed. */
  madeLink: string | null = null;
  readonly wheelHint = new WheelHint();
  /** Whether the panels of a grid pan and zoom together. */
  readonly linked = signal(true);
  /** What the next lasso or click does to the selection if no key says otherwise. */
  readonly selectOp = signal<SelectOp>("replace");
  /** Whether the key is held that colours by the distance to the point under the pointer. */
  readonly holding = signal(false);
  /** Whether lines join a selected point to its neighbours in the original space. */
  readonly joining = signal(true);
  /** Rows with a ring, such as those that a search has found. */
  readonly ringed = signal<readonly number[]>([]);
  /** The order of the labels in the legend. */
  readonly labelOrder = signal<LabelOrder>("own");
  readonly measurements: Measurements;
  /** The neighbours of the only selected row in the original space. */
  readonly neighbors: Latest<Question<"neighbors">>;
  readonly playback: Playback;
  /** What may be read from the maps. */
  readonly reading: Reading;
  /** A map among maps of noise. */
  readonly lineUp: LineUp;
  readonly clumps: Clumps;
  readonly thumbnails: Thumbnails;
  /** The density of all rows below the map of a sample. */
  readonly density: Density;
  /** How many points the last lasso left out because they stood back, and the selection it made. */
  readonly leftOut = signal<{ count: number; selection: Int32Array } | null>(null);
  /** The row that lines join to its neighbours: the only selected one. */
  readonly joined = computed(() => {
    const { selection, reachable } = this.store;
    const one = selection.value.length === 1 && this.joining.value && reachable.value;
    return one ? selection.value[0] : null;
  });
  /** The enlarged run; it counts only in a grid. */
  readonly enlarged = signal<number | null>(null);
  /**
   * The map that the enlarged one morphs into, how far it is, and whether the points that travel farthest are
   * marked.
   */
  readonly morph = signal<{ other: number; t: number; marked: boolean } | null>(null);

  readonly runs = computed(() => this.store.maps.value.map((map) => map.settings.value));
  /** The t-SNE maps, and those beside them. */
  readonly ofTsne = computed(() => this.store.maps.value.filter(({ settings }) => !settings.value.beside));
  readonly beside = computed(() => this.store.maps.value.filter(({ settings }) => settings.value.beside));
  /** The maps in small panels. */
  readonly small = computed(() => this.store.maps.value.filter(({ method }) => method.small));
  /** The only map, if there is no grid. */
  readonly single = computed(() => (this.store.maps.value.length === 1 ? this.store.maps.value[0] : null));
  readonly focus = computed(() => (this.single.value ? null : this.existing(this.enlarged.value)));
  readonly grid = computed(() => {
    const small = this.small.value.map(({ run }) => run);
    const large = this.runs.value.filter(({ run }) => !small.includes(run));
    return arrange(
      large.map(({ run }) => run),
      {
        ...this.size.value,
        steady: this.height.value,
        table: tableOf(this.store.axes.value, large),
        rhythm: rhythm(this.store.axes.value, large),
        focus: this.focus.value,
        small,
      },
    );
  });
  /** The run that the enlarged map morphs into, apart from the progress, which changes all the time. */
  readonly target = computed(() => {
    const other = this.existing(this.morph.value?.other ?? null);
    return this.focus.value === null || other === this.focus.value ? null : other;
  });
  readonly morphing = computed<Morph | null>(() => {
    const [panel, other] = [this.focus.value, this.target.value];
    return panel === null || other === null ? null : { panel, other, t: this.morph.value?.t ?? 0 };
  });
  /** Whether the points that travel farthest are marked, and which they are. */
  readonly marked = computed(() => this.morph.value?.marked ?? false);
  readonly travelers = computed(() => this.traveling());
  /** Changes when the maps come to rest in another place; null while they move. */
  readonly rest = computed(() =>
    this.store.playing.value ? null : this.store.maps.value.map((map) => map.place.value).join(),
  );
  /** The maps that can have a layout. */
  readonly possible = computed(() =>
    this.store.maps.value.filter((map) => map.possible.value).map((map) => map.run),
  );
  /**
   * The maps that are measured against each other: the two of a morph, else all t-SNE maps that can have a layout;
   * a single one is measured against those beside it.
   */
  readonly compared = computed(() => {
    const [panel, other] = [this.focus.value, this.target.value];
    if (panel !== null && other !== null) return [panel, other];
    const ofTsne = this.ofTsne.value.map(({ run }) => run).filter((run) => this.possible.value.includes(run));
    return ofTsne.length > 1 ? ofTsne : this.possible.value;
  });
  readonly alignment = computed<Alignment | null>(() => {
    if (this.single.value) return null;
    const { align, selection, reference, limits } = this.store;
    const chosen = align.value === "selection" && selection.value.length >= limits.align_rows;
    return {
      reference: reference.value.run,
      turn: align.value !== false,
      rows: chosen ? selection.value : null,
    };
  });
  /** Whether the browser offers nothing to draw with. */
  readonly undrawable = signal(false);
  scatter: Scatter | null = null;

  constructor(
    readonly store: Store,
    readonly root: HTMLElement,
  ) {
    this.number = store.nextView();
    this.measurements = new Measurements(store);
    this.neighbors = new Latest(store);
    this.playback = new Playback(store);
    this.reading = new Reading(store, this.number, this.playback);
    this.lineUp = new LineUp(store, this.number);
    this.clumps = new Clumps(store, this.number);
    this.thumbnails = new Thumbnails(store);
    this.density = new Density(store, this.number, this.playback);
  }

  /** The column that colours, or that did before a measure was chosen. */
  get labels(): Labels {
    return this.read.value;
  }

  title(run: number): string {
    return this.settingsOf(run)?.title ?? "";
  }

  /** For places with little room. */
  shortTitle(run: number): string {
    return this.settingsOf(run)?.short ?? "";
  }

  /** The stage of the map in a panel, in a word or a few. */
  stageOf({ run, stage }: MapState): string {
    return this.playback.shown.value.has(run) ? "past" : stage.value;
  }

  /** Rings a row for something other than the map that points at it. */
  markRow(row: number | null): void {
    this.scatter?.setHover(row);
  }

  /** Selects rows, adds them to the selection, and so on. */
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

  /** What a click with these keys does to the selection. */
  opOf(keys: { shiftKey: boolean; altKey: boolean }): SelectOp {
    return selectOp(keys, keys, this.selectOp.peek());
  }

  /** Selects a row and, if it is out of sight, moves the maps to it. */
  goTo(row: number): void {
    this.select(Int32Array.of(row));
    this.scatter?.reveal(row);
  }

  zoomToSelection(): void {
    const rows = this.store.selection.peek();
    if (rows.length > 0) this.scatter?.zoomTo(rows);
  }

  focusMap(): void {
    this.root.querySelector<HTMLElement>(".tw-map")?.focus();
  }

  /** Opens what may be read, at one of its sections. */
  seek(section: "luck"): void {
    this.reading.sought.value = section;
    this.drawer.value = "reading";
  }

  /** Enlarges a map, or returns it to the grid. */
  enlarge(run: number): void {
    this.morph.value = null;
    this.enlarged.value = this.focus.peek() === run ? null : run;
  }

  /** Isolates an entry, with `add` beside those already isolated; a second click ends that. */
  isolate(code: number, add: boolean): void {
    const now = this.isolated.value;
    const next = new Set(add ? now : []);
    if (now.has(code) && (add || now.size === 1)) next.delete(code);
    else next.add(code);
    this.isolated.value = next;
  }

  /**
   * Undoes one thing, innermost first: a lasso, the marks, the morph, the selection, the isolation, the
   * enlargement.
   */
  escape(): boolean {
    if (this.scatter?.cancelLasso()) return true;
    if (this.morphing.peek()) this.morph.value = this.withoutMarks();
    else if (this.store.selection.peek().length > 0) this.store.select(new Int32Array(0));
    else if (this.isolated.peek().size > 0) this.isolated.value = new Set();
    else if (this.focus.peek() !== null) this.enlarge(this.focus.peek() as number);
    else return false;
    return true;
  }

  /** The rows that travel farthest in the current morph, sorted; empty without one. */
  private traveling(): Int32Array {
    const [panel, other] = [this.focus.value, this.target.value];
    if (panel === null || other === null || !this.scatter) return new Int32Array(0);
    // Read here to find them again when the maps move or turn.
    for (const map of this.store.maps.value) map.picture.value;
    this.alignment.value;
    return furthest(this.scatter.travel(panel, other));
  }

  private settingsOf(id: number) {
    return this.runs.value.find(({ run }) => run === id);
  }

  private withoutMarks() {
    const morph = this.morph.peek();
    return morph?.marked ? { ...morph, marked: false } : null;
  }

  private existing(run: number | null): number | null {
    return this.store.maps.value.some((map: MapState) => map.run === run) ? run : null;
  }
}
