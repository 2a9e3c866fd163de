/**
 * The browser's copy of the session, as signals; the only file that touches `model`.
 *
 * One store belongs to one model of one page, however many views show it. To Python a page speaks with one
 * voice: it is visible while any of its views is.
 */
import type { AnyModel } from "@anywidget/types";
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import * as bytes from "../wire/bytes";
import { type Check, otherwise } from "../wire/checks";
import type * as news from "../wire/news";
import * as protocol from "../wire/protocol";
import * as replies from "../wire/replies";
import { checkReply } from "../wire/replyChecks";
import { checkSnapshot, traitChecks, UNTOLD } from "../wire/traitChecks";
import type * as traits from "../wire/traits";
import { Delivery } from "./delivery";
import { MapState } from "./map";

/**
 * "absent": nothing has ever been heard of the kernel, and the map is one that was saved; "saved": in a page that
 * never has one, and where only rows are told.
 */
export type Connection = "live" | "silent" | "absent" | "lost" | "saved";

/** From which nothing comes back. */
const GONE: Connection[] = ["lost", "saved"];
/** Milliseconds in which a kernel that is there has answered a greeting. */
const GREETED = 3000;
/** Heartbeats without an answer after which the kernel is called silent. */
const MISSED_BEATS = 3;
/** Pictures whose iteration is remembered; a lasso may hold an old one for a while. */
const MAX_PICTURES = 100_000;

/** A named set of rows. */
export interface Group {
  name: string;
  /** '#rrggbb' */
  color: string;
  rows: Int32Array;
}

interface Waiting {
  query: protocol.Query;
  resolve(reply: replies.Reply<unknown>): void;
  reject(error: Error): void;
}

const hex = (part: number) => part.toString(16).padStart(8, "0");

export class Store {
  readonly points: traits.PointsTrait;
  readonly limits: traits.LimitsTrait;
  readonly height: ReadonlySignal<number>;
  readonly selection: ReadonlySignal<Int32Array>;
  readonly align: ReadonlySignal<traits.Align>;
  readonly labels: ReadonlySignal<traits.Labels | null>;
  readonly color: ReadonlySignal<traits.ColorTrait>;
  readonly columns: ReadonlySignal<traits.ColumnTrait[]>;
  readonly rows: ReadonlySignal<traits.RowsTrait>;
  readonly groups: ReadonlySignal<Group[]>;
  readonly history: ReadonlySignal<traits.HistoryTrait>;
  readonly tooltip: ReadonlySignal<string[]>;
  readonly pointSize: ReadonlySignal<number | "auto">;
  readonly opacity: ReadonlySignal<number | "auto">;
  /** How numbers go to colours. */
  readonly transform: ReadonlySignal<traits.Transform>;
  /** The maps in the order of the panels. */
  readonly maps: Signal<MapState[]> = signal([]);
  /** The map onto which the others are turned. */
  readonly reference: ReadonlySignal<MapState>;
  readonly stability: Signal<protocol.Stability | null> = signal(null);
  readonly connection: Signal<Connection>;
  /** Whether it makes sense to ask Python for something. */
  readonly reachable = computed(() => this.connection.value === "live" || this.connection.value === "silent");
  /** Whether anybody tells what rows are. */
  readonly tellsRows = computed(() => this.reachable.value || this.connection.value === "saved");
  /** What a command was refused for; empty when the last one was accepted. */
  readonly refusal: Signal<string> = signal("");
  /** Commands on their way. */
  readonly awaiting: Signal<number> = signal(0);
  readonly playing = computed(() => this.maps.value.some((map) => map.playing.value));
  /** The least of all maps; -1 before anything is known. */
  readonly iteration = computed(() =>
    Math.min(...this.maps.value.map((map) => map.status.value?.iteration ?? -1)),
  );

  // Not randomUUID, which plain http from another host does not have.
  private readonly page: string = Array.from(crypto.getRandomValues(new Uint32Array(4)), hex).join("");
  private readonly views = new Map<object, boolean>();
  private readonly requests = new Set<number>();
  private readonly queries = new Map<number, Waiting>();
  private readonly leave: (() => void)[] = [];
  private readonly checks: ReturnType<typeof traitChecks>;
  private readonly delivery = this.deliver();
  /** Whether messages come only when they are asked for. */
  readonly pulls = this.delivery.pulls;
  private measured: number[] | null = null;
  /** Whether what was lost has been asked for since the last heartbeat. */
  private recovered = false;
  private heard = false;
  private received = 0;
  private acknowledged = 0;
  /** Iterations of the newest pictures by token, for as long as one of them can still be on a screen. */
  private readonly iterations = new Map<number, number>();
  private lastRequest = 0;
  /** What this page has set and is not known to have arrived, with the number that each went with. */
  private readonly unheard = new Map<protocol.Settable, { number: number; value: unknown }>();
  /** The number of what was set last. */
  private told = 0;
  /** For how many heartbeats in a row Python has not known of what was set before. */
  private missed = 0;
  /** Whether that was counted since the last heartbeat: a kernel that was busy answers many at once. */
  private counted = false;
  /** Whether the connection was interrupted: then the host may wait for ever to hear that a trait has arrived. */
  private interrupted = false;
  private unanswered = 0;
  private token = 0;

  constructor(
    private readonly model: AnyModel<traits.Traits>,
    connection: Connection = "live",
  ) {
    this.connection = signal(connection);
    this.points = model.get("_points");
    this.limits = model.get("_limits");
    this.checks = traitChecks(this.points.n);
    this.height = this.trait("height");
    this.align = this.trait("align");
    this.labels = this.readLabels();
    this.color = this.trait("_colour");
    this.columns = this.trait("_columns");
    this.rows = this.trait("_rows");
    this.history = this.trait("_history");
    this.tooltip = this.trait("tooltip_columns");
    this.pointSize = this.trait("point_size");
    this.opacity = this.trait("opacity");
    this.transform = this.trait("color_scale");
    const groups = this.trait("_groups");
    this.groups = computed(() =>
      groups.value.map((group) => ({ ...group, rows: bytes.rowsFromWire(group.rows) })),
    );
    const wire = this.trait("selection");
    this.selection = computed(() => bytes.rowsFromWire(wire.value));
    this.takeRuns();
    const reference = this.trait("_reference");
    this.reference = computed(
      () => this.maps.value.find((map) => map.run === reference.value) ?? this.maps.value[0],
    );
    this.showSnapshots();
    this.listen("msg:custom", (content: unknown, buffers?: DataView[]) => this.take(content, buffers));
    this.listen("change:_runs", () => this.takeRuns());
    this.listen("change:snapshot", () => this.showSnapshots());
    this.listen("comm_live_update", () => this.lose());
    this.listenToPage();
  }

  /** A view has come; returns what to call when it goes. */
  addView(view: object): () => void {
    this.views.set(view, true);
    this.greet();
    const patience = setTimeout(() => this.giveUpGreeting(), GREETED);
    return () => {
      clearTimeout(patience);
      this.views.delete(view);
      if (this.views.size === 0) this.send({ type: "bye", page: this.page });
    };
  }

  /** What was said to this page so far may be lost: it greets as one that has just come. */
  startOver(): void {
    if (!this.present) return;
    this.greet();
    this.askAgain();
  }

  /** A view has come on or gone off the screen. */
  setVisible(view: object, visible: boolean): void {
    if (!this.views.has(view) || this.views.get(view) === visible) return;
    const before = this.visible;
    this.views.set(view, visible);
    if (this.visible !== before) this.beat();
  }

  /** Ask Python for something; `refusal` says if it will not. */
  command(command: protocol.Command): void {
    const id = ++this.lastRequest;
    this.requests.add(id);
    this.awaiting.value = this.requests.size;
    this.refusal.value = "";
    this.send({ type: "command", page: this.page, id, ...command });
    this.delivery.hurry();
  }

  /** Have Python tell how much maps agree; the answer is `stability`, and nobody waits for it. */
  measure(runs: number[]): void {
    this.measured = runs;
    this.delivery.hurry();
    this.send({ type: "command", page: this.page, id: ++this.lastRequest, name: "stability", runs });
  }

  /** Ask Python a question; rejected with what it says where it cannot answer, or once the kernel is gone. */
  ask<Q extends protocol.Query>(query: Q): Promise<replies.Reply<replies.Replies[Q["name"]]>> {
    const answer = new Promise<replies.Reply<unknown>>((resolve, reject) => {
      if (this.tellsRows.peek()) this.sendQuery({ query, resolve, reject });
      else reject(new Error("there is no kernel"));
    });
    return answer as Promise<replies.Reply<replies.Replies[Q["name"]]>>;
  }

  /** Select rows, sorted; works without a kernel too, as the following do. */
  select(rows: Int32Array): void {
    this.set("selection", bytes.rowsToWire(rows));
  }

  setAlign(align: traits.Align): void {
    this.set("align", align);
  }

  setTooltip(columns: string[]): void {
    this.set("tooltip_columns", columns);
  }

  setPointSize(size: number | "auto"): void {
    this.set("point_size", size);
  }

  setOpacity(opacity: number | "auto"): void {
    this.set("opacity", opacity);
  }

  setTransform(transform: traits.Transform): void {
    this.set("color_scale", transform);
  }

  alignTo(run: number): void {
    this.set("_reference", run);
  }

  private get settings(): traits.RunTrait[] {
    return this.maps.peek().map((map) => map.settings.peek());
  }

  mapOf(run: number): MapState | undefined {
    return this.maps.peek().find((map) => map.run === run);
  }

  /** The iteration of a picture. */
  iterationOf(token: number): number | undefined {
    return this.iterations.get(token);
  }

  /** The token of a new picture, by which its iteration is known. */
  countPicture(iteration: number): number {
    this.token++;
    this.iterations.set(this.token, iteration);
    this.iterations.delete(this.token - MAX_PICTURES);
    return this.token;
  }

  destroy(): void {
    for (const leave of this.leave) leave();
    this.leave.length = 0;
    this.delivery.destroy();
  }

  private deliver(): Delivery {
    const store = this;
    return new Delivery({
      beat: () => this.beat(),
      pull: () => this.pull(),
      askAgain: () => this.askAgain(),
      listen: () => this.greet(),
      get present() {
        return store.present;
      },
      get visible() {
        return store.visible;
      },
      get busy() {
        return store.playing.peek() || store.queries.size + store.requests.size > 0;
      },
    });
  }

  private get present(): boolean {
    return this.views.size > 0 && !GONE.includes(this.connection.peek());
  }

  private get visible(): boolean {
    return !document.hidden && [...this.views.values()].some(Boolean);
  }

  private trait<K extends keyof traits.Traits & string>(name: K): ReadonlySignal<traits.Traits[K]> {
    const value = signal(this.checked(name, UNTOLD[name]));
    this.listen(`change:${name}`, () => {
      value.value = this.checked(name, value.peek());
    });
    return value;
  }

  /** A trait as it is now, or what it was before where it cannot be so. */
  private checked<K extends keyof traits.Traits & string>(
    name: K,
    before: traits.Traits[K],
  ): traits.Traits[K] {
    const value = this.model.get(name);
    const check = this.checks[name] as Check<traits.Traits[K]> | undefined;
    return check ? otherwise(() => check(value, name), before, `the trait ${name}`) : value;
  }

  /** The trait, or what it says to ask for; of several questions the newest counts. */
  private readLabels(): ReadonlySignal<traits.Labels | null> {
    const labels = signal<traits.Labels | null>(null);
    let newest = 0;
    const read = async () => {
      const trait = this.checked("_labels", null);
      const number = ++newest;
      if (trait?.kind !== "unsaved") {
        labels.value = trait;
        return;
      }
      const answer = await this.ask({ name: "labels" }).catch(() => null); // without a kernel there are none
      if (answer && number === newest) labels.value = replies.labelsOf(answer);
    };
    this.listen("change:_labels", read);
    read();
    return labels;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the model's events have no common signature
  private listen(event: string, callback: (...args: any[]) => void): void {
    this.model.on(event, callback);
    this.leave.push(() => this.model.off(event, callback));
  }

  private listenToPage(): void {
    const beat = setInterval(() => this.beat(), 1000 * this.limits.heartbeat_seconds);
    const changed = () => this.beat();
    const bye = () => this.send({ type: "bye", page: this.page });
    document.addEventListener("visibilitychange", changed);
    window.addEventListener("pagehide", bye);
    this.leave.push(
      () => clearInterval(beat),
      () => document.removeEventListener("visibilitychange", changed),
      () => window.removeEventListener("pagehide", bye),
    );
  }

  private take(content: unknown, given: DataView[] | undefined): void {
    // JupyterLab adds an empty one in 4.0.0 to 4.0.2 and drops them after (jupyterlab/jupyterlab#14720).
    const buffers = given?.filter(({ byteLength }) => byteLength > 0) ?? [];
    const parse = () => protocol.parseMessage(content, buffers, this.points.n);
    const message = otherwise<protocol.FromPython | null>(parse, null, "a message from Python");
    if (!message) return;
    const back = this.connection.value === "silent";
    this.unanswered = 0;
    this.heard = true;
    if (!GONE.includes(this.connection.value)) this.connection.value = "live";
    if (back) this.repeat();
    switch (message.type) {
      case "news":
        this.takeNews(message.seq, message.runs);
        break;
      case "stability":
        this.stability.value = message;
        this.measured = null;
        break;
      case "answer":
        if (message.page === this.page) this.takeAnswer(message.id, message.error);
        break;
      case "reply":
        this.takeReply(message);
        break;
      case "alive":
        if (message.page === this.page) this.takeAlive(message);
        break;
      case "bundle":
        break; // the stub's
      default:
        message satisfies never;
    }
  }

  private takeNews(seq: number, news: news.News[]): void {
    if (seq <= this.received) {
      console.warn(
        `tsne_widget: news ${seq} were refused: they come again or too late, after ${this.received}`,
      );
      return;
    }
    this.received = seq;
    this.acknowledge();
    batch(() => {
      for (const { status, layout } of news) this.takeNewsOf(status, layout);
    });
  }

  private takeNewsOf(status: news.Status, layout: news.Layout | null): void {
    const map = this.mapOf(status.run);
    const newest = map?.status.peek()?.epoch ?? 0;
    if (!map) {
      // Those of a run that was removed a moment ago may be on their way still.
      console.debug(`tsne_widget: news of run ${status.run} are nobody's`);
    } else if (status.epoch < newest) {
      console.warn(`tsne_widget: news of epoch ${status.epoch} were refused: it is ${newest}`);
    } else {
      map.takeStatus(status);
      if (layout) this.show(map, layout);
    }
  }

  private show(map: MapState, layout: news.Layout): void {
    if (!map.show({ ...layout, token: this.token + 1 })) return;
    this.countPicture(layout.iteration);
  }

  /** Runs at rest as the traits keep them: all there is after a reload, until the kernel has answered. */
  private showSnapshots(): void {
    if (this.received > 0) return;
    const { n } = this.points;
    for (const entry of this.checked("snapshot", [])) {
      const snapshot = otherwise(() => checkSnapshot(entry, n), null, "a saved map");
      if (!snapshot) continue;
      const { run, epoch, iteration } = snapshot.status;
      const map = this.mapOf(run);
      if (!map) continue;
      map.takeStatus({ ...snapshot.status, playing: false });
      this.show(map, { epoch, iteration, positions: bytes.positionsOf(snapshot, this.points.n) });
    }
  }

  /** The maps that there are; those there were before stay the same objects. */
  private takeRuns(): void {
    batch(() => {
      this.maps.value = this.checked("_runs", this.settings).map((settings) => {
        const map = this.mapOf(settings.run) ?? new MapState(settings);
        map.settings.value = settings;
        return map;
      });
    });
  }

  private takeAnswer(id: number, error: string | null): void {
    for (const [name, { number }] of this.unheard) if (number === id) this.unheard.delete(name);
    if (!this.requests.delete(id)) return; // nobody waits for it
    this.awaiting.value = this.requests.size;
    this.refusal.value = error ?? "";
  }

  private takeReply(reply: Extract<protocol.FromPython, { type: "reply" }>): void {
    const waiting = reply.page === this.page ? this.queries.get(reply.id) : undefined;
    if (!waiting) return; // another page's, or one that nobody waits for
    this.queries.delete(reply.id);
    const { error, result, buffers } = reply;
    if (error !== null) {
      waiting.reject(new Error(error));
      return;
    }
    try {
      checkReply(waiting.query.name, result, buffers, this.points.n);
      waiting.resolve({ result, buffers });
    } catch (wrong) {
      console.warn("tsne_widget: a reply from Python was refused:", wrong);
      waiting.reject(new Error("Python's answer was not understood"));
    }
  }

  /**
   * After a silence: says again what may have been lost. Commands are not repeated, as a step or an undo would
   * count twice; nobody waits for them any more.
   */
  private repeat(): void {
    this.setAgain([...this.unheard]);
    this.askAgain();
    this.requests.clear();
    this.awaiting.value = 0;
  }

  /** By new numbers: a question that comes again would be refused. */
  private askAgain(): void {
    const waiting = [...this.queries.values()];
    this.queries.clear();
    for (const one of waiting) this.sendQuery(one);
    if (this.measured) this.measure(this.measured);
  }

  private sendQuery(waiting: Waiting): void {
    const id = ++this.lastRequest;
    this.queries.set(id, waiting);
    this.send({ type: "query", page: this.page, id, query: waiting.query });
    this.delivery.hurry();
  }

  /** Messages keep their order: what was sent before and is not here is lost, and not only late. */
  private takeAlive({ sent, told, known }: Extract<protocol.FromPython, { type: "alive" }>): void {
    if (told !== null && known !== null) this.reconcile(told, known);
    const pulled = this.pulls.peek();
    this.delivery.heard(sent !== null);
    if (sent === null || sent <= this.received || pulled || !this.present || this.recovered) return;
    this.recovered = true;
    this.greet();
  }

  private dropQueries(): void {
    for (const { reject } of this.queries.values()) reject(new Error("there is no kernel"));
    this.queries.clear();
  }

  /** After the frame was drawn where anybody looks, else at once: Python then sends less. */
  private acknowledge(): void {
    if (!this.visible) this.sendAck();
    else requestAnimationFrame(() => this.sendAck());
  }

  private sendAck(): void {
    if (this.acknowledged === this.received || this.views.size === 0 || this.pulls.peek()) return;
    this.acknowledged = this.received;
    this.send({ type: "ack", page: this.page, visible: this.visible, seq: this.received });
  }

  private greet(): void {
    this.send({ type: "hello", page: this.page, visible: this.visible });
  }

  private pull(): void {
    this.send({ type: "pull", page: this.page, visible: this.visible, seq: this.received });
  }

  private beat(): void {
    if (!this.present) return;
    if (this.unanswered >= MISSED_BEATS && this.connection.value === "live") this.connection.value = "silent";
    this.unanswered++;
    this.recovered = false;
    this.counted = false;
    this.send({ type: "alive", page: this.page, visible: this.visible, seq: this.received, told: this.told });
  }

  /** A map that has been saved is all there is: it was opened without a kernel. A new one may be late. */
  private giveUpGreeting(): void {
    if (this.heard || GONE.includes(this.connection.value) || !this.saved) return;
    this.connection.value = "absent";
    this.dropQueries();
  }

  /** Whether a notebook may show this without Python: a map that was saved, or that none was. */
  private get saved(): boolean {
    return this.checked("snapshot", []).length > 0 || this.points.saved === false;
  }

  private lose(): void {
    batch(() => {
      // A comm that ends before anything was heard is one that a notebook was opened without.
      this.connection.value = this.heard || !this.saved ? "lost" : "absent";
      this.requests.clear();
      this.awaiting.value = 0;
    });
    this.dropQueries();
  }

  private set<K extends protocol.Settable>(name: K, value: traits.Traits[K]): void {
    this.model.set(name, value);
    this.told = ++this.lastRequest;
    this.unheard.set(name, { number: this.told, value });
    if (this.interrupted) {
      this.setByCommand(name, value);
      return;
    }
    this.model.set("_told", { page: this.page, number: this.told });
    this.attempt(() => this.model.save_changes());
  }

  /**
   * Finds what Python did not know of at a heartbeat, though it was set before. The host may keep a trait until
   * the one before has arrived, so that it is lost only where the next heartbeat finds it again; a command is
   * answered before.
   */
  private reconcile(told: number, known: number): void {
    if (!this.interrupted) {
      for (const [name, { number }] of this.unheard) if (number <= known) this.unheard.delete(name);
    }
    const missing = [...this.unheard].filter(([, { number }]) => number <= told);
    if (missing.length === 0) this.missed = 0;
    else if (!this.counted) this.missed++;
    this.counted = true;
    if (this.interrupted || this.missed > 1) this.setAgain(missing);
  }

  /** In the model, too: as JupyterLab comes back to a kernel, it sets all traits as Python has them. */
  private setAgain(unheard: [protocol.Settable, { value: unknown }][]): void {
    this.interrupted = true;
    for (const [name, { value }] of unheard) this.set(name, value as never);
  }

  /** ipywidgets sends a trait once the one before has arrived, for which it waits in vain where that was lost. */
  private setByCommand(name: protocol.Settable, value: unknown): void {
    const written = name === "selection" ? [...bytes.rowsFromWire(value as DataView)] : value;
    this.send({ type: "command", page: this.page, id: this.told, name: "set", trait: name, value: written });
  }

  private send(message: protocol.ToPython): void {
    this.attempt(() => this.model.send(message));
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch {
      this.lose();
    }
  }
}
