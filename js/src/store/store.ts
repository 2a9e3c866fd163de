/** The browser's copy of the session as signals. One store belongs to one model in one client. */
import type { AnyModel } from "@anywidget/types";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { rowsFromWire, rowsToWire } from "../wire/bytes";
import { otherwise } from "../wire/checks";
import { type Command, type FromPython, parseMessage, type Query } from "../wire/protocol";
import type { Replies, Reply } from "../wire/replies";
import type * as traits from "../wire/traits";
import { Changes } from "./changes";
import { Channel } from "./channel";
import { Commands } from "./commands";
import { Connection, type ConnectionState } from "./connection";
import { type Filter, filterOf } from "./filter";
import type { MapState } from "./map";
import { Maps } from "./maps";
import type { Placer } from "./placer";
import { Queries } from "./queries";
import type { Suggestions } from "./suggestions";
import { TraitReader } from "./traits";

export interface Group {
  name: string;
  /** '#rrggbb' */
  color: string;
  rows: Int32Array;
}

export class Store {
  readonly points: traits.PointsTrait;
  /** The axes in which maps may differ. */
  readonly axes: ReadonlySignal<traits.AxisTrait[]>;
  readonly limits: traits.LimitsTrait;
  readonly methods: traits.MethodTrait[];
  readonly caption: ReadonlySignal<string>;
  readonly incomparable: ReadonlySignal<traits.Incomparable[]>;
  readonly height: ReadonlySignal<number>;
  readonly selection: ReadonlySignal<Int32Array>;
  readonly selectedPlaced: ReadonlySignal<number[]>;
  readonly align: ReadonlySignal<traits.Align>;
  readonly labels: ReadonlySignal<traits.Labels | null>;
  /** What names points: other labels than those that colour, or which. */
  readonly names: ReadonlySignal<traits.Categories | "labels" | "groups" | null>;
  readonly showNames: ReadonlySignal<boolean | "auto">;
  readonly nameBy: ReadonlySignal<string | null>;
  /** Why Python cannot save the widget by itself; empty if it can. */
  readonly savingProblem: ReadonlySignal<string>;
  readonly showImages: ReadonlySignal<boolean>;
  readonly color: ReadonlySignal<traits.ColorTrait>;
  readonly measures: ReadonlySignal<traits.MeasureTrait[]>;
  readonly columns: ReadonlySignal<traits.ColumnTrait[]>;
  readonly rows: ReadonlySignal<traits.RowsTrait>;
  /** Which rows stand out; null: all. */
  readonly filter: ReadonlySignal<Filter | null>;
  readonly groups: ReadonlySignal<Group[]>;
  /** Groups that are suggested; null: none. */
  readonly suggestions: ReadonlySignal<Suggestions | null>;
  readonly newRows: ReadonlySignal<traits.NewRowsTrait | null>;
  /** The density below a map, if it is one of a sample. */
  readonly density: ReadonlySignal<traits.DensityTrait | null>;
  readonly undo: ReadonlySignal<traits.UndoTrait>;
  readonly tooltip: ReadonlySignal<string[]>;
  readonly pointSize: ReadonlySignal<number | "auto">;
  readonly opacity: ReadonlySignal<number | "auto">;
  /** Whether a line under the map says what matters most about reading it. */
  readonly advice: ReadonlySignal<boolean>;
  /** How numbers become colours. */
  readonly transform: ReadonlySignal<traits.Transform>;
  /** In the order of the panels. */
  readonly maps: Signal<MapState[]>;
  readonly playing: ReadonlySignal<boolean>;
  /** The lowest iteration of all maps; -1 before anything is known. */
  readonly iteration: ReadonlySignal<number>;
  /** The map that the others are turned onto. */
  readonly reference: ReadonlySignal<MapState>;
  readonly connection: Signal<ConnectionState>;
  /** Whether questions to Python make sense. */
  readonly reachable: ReadonlySignal<boolean>;
  /** Whether there is, or was, Python behind the view; a saved page never has any. */
  readonly hasPython = computed(() => this.connection.value !== "saved");
  /** Whether rows can be asked about. */
  readonly tellsRows = computed(() => this.reachable.value || !this.hasPython.value);
  /** Whether the client has to ask for messages. */
  readonly pulls: Signal<boolean>;
  /** Why the last command was refused; empty if it was accepted. */
  readonly refusal: Signal<string>;
  /** How many commands have no answer yet. */
  readonly awaiting: Signal<number>;

  private readonly channel: Channel;
  private readonly states: Maps;
  private readonly changes: Changes;
  private readonly commands: Commands;
  private readonly queries: Queries;
  private readonly link: Connection;
  private readonly filterTold: ReadonlySignal<traits.FilterTrait | null>;
  /** A filter that was cleared here, where Python cannot be told. */
  private readonly setAside = signal<traits.FilterTrait | null>(null);
  private viewCount = 0;

  /** `placer` places rows that people paste or drop; null: only Python does. */
  constructor(
    model: AnyModel<traits.Traits>,
    state: ConnectionState = "live",
    readonly placer: Placer | null = null,
  ) {
    this.channel = new Channel(model, () => this.link.lose());
    this.points = this.channel.get("_points");
    this.limits = this.channel.get("_limits");
    this.methods = this.channel.get("_methods");
    const { n } = this.points;
    const hurry = () => this.link.delivery.hurry();
    const told = new TraitReader(this.channel, n);
    this.states = new Maps(this.points, this.methods, told, this.channel);
    this.changes = new Changes(this.channel);
    this.commands = new Commands(this.channel, hurry);
    this.queries = new Queries(this.channel, n, () => this.tellsRows.peek(), hurry);
    const { states: maps, changes, commands, queries } = this;
    const traffic = { maps, changes, commands, queries };
    this.link = new Connection(state, this.channel, traffic, this.limits.heartbeat_seconds);

    this.connection = this.link.state;
    this.reachable = this.link.reachable;
    this.pulls = this.link.delivery.pulls;
    this.maps = maps.all;
    this.playing = maps.playing;
    this.iteration = maps.iteration;
    this.refusal = commands.refusal;
    this.awaiting = commands.awaiting;

    this.height = told.signal("height");
    this.selectedPlaced = told.signal("selected_placed");
    this.align = told.signal("align");
    this.axes = told.signal("_axes");
    this.caption = told.signal("_caption");
    this.incomparable = told.signal("_incomparable");
    this.labels = told.asked("labels", queries);
    this.names = told.asked("names", queries);
    this.showNames = told.signal("show_names");
    this.nameBy = told.signal("name_by");
    this.savingProblem = told.signal("_saving_problem");
    this.showImages = told.signal("show_images");
    this.color = told.signal("_color");
    this.measures = told.signal("_measures");
    this.columns = told.signal("_columns");
    this.rows = told.signal("_rows");
    this.newRows = told.signal("_new_rows");
    this.density = told.signal("_density");
    this.undo = told.signal("_undo");
    this.tooltip = told.signal("tooltip_columns");
    this.pointSize = told.signal("point_size");
    this.opacity = told.signal("opacity");
    this.advice = told.signal("advice");
    this.transform = told.signal("color_scale");
    const filter = told.signal("_filter");
    this.filterTold = filter;
    this.filter = computed(() => {
      const told = filter.value;
      return told && told !== this.setAside.value ? filterOf(told, n) : null;
    });
    const groups = told.signal("_groups");
    this.groups = computed(() => groups.value.map((group) => ({ ...group, rows: rowsFromWire(group.rows) })));
    this.suggestions = told.suggestions(queries);
    const selection = told.signal("selection");
    this.selection = computed(() => rowsFromWire(selection.value));
    const reference = told.signal("_reference");
    this.reference = computed(
      () => this.maps.value.find((map) => map.run === reference.value) ?? this.maps.value[0],
    );
    this.channel.listen("msg:custom", (content: unknown, buffers?: DataView[]) =>
      this.take(content, buffers),
    );
    this.channel.listen("comm_live_update", () => this.link.lose());
  }

  /** Returns a number for a new view, never used before. */
  nextView(): number {
    return this.viewCount++;
  }

  /** Adds a view; returns how to remove it. */
  addView(view: object): () => void {
    return this.link.addView(view);
  }

  /** A view has been scrolled into sight or out of it. */
  setVisible(view: object, visible: boolean): void {
    this.link.setVisible(view, visible);
  }

  /** Greets again like a new client, because anything sent to this one may be lost. */
  startOver(): void {
    this.link.startOver();
  }

  /** Commands Python; `refusal` says if it refuses. */
  command(command: Command): void {
    this.commands.send(command);
  }

  /**
   * Asks Python; rejects with its reason if it cannot answer, or when the kernel is gone. `advance` hears how far a
   * long answer is.
   */
  ask<Q extends Query>(query: Q, advance?: (share: number) => void): Promise<Reply<Replies[Q["name"]]>> {
    return this.queries.ask(query, advance);
  }

  /** Selects rows, which are sorted. This and the following setters also work without a kernel. */
  select(rows: Int32Array): void {
    this.changes.set("selection", rowsToWire(rows));
  }

  /** Selects new rows. */
  selectPlaced(rows: Int32Array): void {
    const same = rows.join() === this.selectedPlaced.peek().join();
    if (!same) this.changes.set("selected_placed", [...rows]);
  }

  /** Has all rows stand out; without a kernel only here. */
  clearFilter(): void {
    if (this.reachable.peek()) this.command({ name: "clear_filter" });
    else if (this.connection.peek() === "saved") this.channel.set("_filter", null);
    else this.setAside.value = this.filterTold.peek();
  }

  setAlign(align: traits.Align): void {
    this.changes.set("align", align);
  }

  setTooltip(columns: string[]): void {
    this.changes.set("tooltip_columns", columns);
  }

  setHeight(height: number): void {
    this.changes.set("height", height);
  }

  setPointSize(size: number | "auto"): void {
    this.changes.set("point_size", size);
  }

  setOpacity(opacity: number | "auto"): void {
    this.changes.set("opacity", opacity);
  }

  setShowNames(show: boolean | "auto"): void {
    this.changes.set("show_names", show);
  }

  setNameBy(column: string | null): void {
    this.changes.set("name_by", column);
  }

  setShowImages(show: boolean): void {
    this.changes.set("show_images", show);
  }

  setTransform(transform: traits.Transform): void {
    this.changes.set("color_scale", transform);
  }

  /** Turns the maps onto that of a run. */
  alignTo(run: number): void {
    this.changes.set("_reference", run);
  }

  mapOf(run: number): MapState | undefined {
    return this.states.of(run);
  }

  iterationOf(token: number): number | undefined {
    return this.states.iterationOf(token);
  }

  /** Counts a new picture and returns its token. */
  countPicture(iteration: number): number {
    return this.states.countPicture(iteration);
  }

  destroy(): void {
    this.channel.destroy();
    this.link.destroy();
  }

  private take(content: unknown, given: DataView[] | undefined): void {
    // JupyterLab 4.0.0 to 4.0.2 add an empty buffer, later versions drop empty ones (jupyterlab/jupyterlab#14720).
    const buffers = given?.filter(({ byteLength }) => byteLength > 0) ?? [];
    const parse = () => parseMessage(content, buffers, this.points.n);
    const message = otherwise<FromPython | null>(parse, null, "a message from Python");
    if (!message) return;
    this.link.hear();
    switch (message.type) {
      case "news":
        if (!this.states.receive(message.seq)) break;
        this.link.acknowledge();
        this.states.take(message.runs, message.placed);
        break;
      case "answer":
        if (message.client !== this.channel.client) break;
        this.changes.takeAnswer(message.id);
        this.commands.takeAnswer(message.id, message.error);
        break;
      case "reply":
        this.queries.take(message);
        break;
      case "progress":
        this.queries.takeProgress(message);
        break;
      case "alive":
        this.link.takeAlive(message);
        break;
      case "bundle":
        break; // for the stub
      default:
        message satisfies never;
    }
  }
}
