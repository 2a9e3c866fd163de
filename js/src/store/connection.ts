/**
 * Whether anybody looks, and whether Python is heard.
 *
 * However many views show a model, to Python a page speaks with one voice: it is visible while any of its views is.
 */
import { batch, computed, type Signal, signal } from "@preact/signals";
import type { FromPython } from "../wire/protocol";
import type { Changes } from "./changes";
import type { Channel } from "./channel";
import type { Commands } from "./commands";
import { Delivery } from "./delivery";
import type { Maps } from "./maps";
import type { Queries } from "./queries";

/**
 * "absent": nothing has ever been heard of the kernel, and the map is one that was saved; "saved": in a page that
 * never has one, and where only rows are told.
 */
export type ConnectionState = "live" | "silent" | "absent" | "lost" | "saved";

/** From which nothing comes back. */
const GONE: ConnectionState[] = ["lost", "saved"];
/** Milliseconds in which a kernel that is there has answered a greeting. */
const GREETED = 3000;
/** Heartbeats without an answer after which the kernel is called silent. */
const MISSED_BEATS = 3;

/** What goes through a connection. */
interface Traffic {
  maps: Maps;
  changes: Changes;
  commands: Commands;
  queries: Queries;
}

export class Connection {
  readonly state: Signal<ConnectionState>;
  /** Whether it makes sense to ask Python for something. */
  readonly reachable = computed(() => this.state.value === "live" || this.state.value === "silent");
  readonly delivery = this.deliver();
  private readonly views = new Map<object, boolean>();
  private readonly leave: (() => void)[] = [];
  private heard = false;
  private unanswered = 0;
  /** Whether what was lost has been asked for since the last heartbeat. */
  private recovered = false;
  private acknowledged = 0;

  constructor(
    state: ConnectionState,
    private readonly channel: Channel,
    private readonly traffic: Traffic,
    heartbeatSeconds: number,
  ) {
    this.state = signal(state);
    const timer = setInterval(() => this.beat(), 1000 * heartbeatSeconds);
    const changed = () => this.beat();
    const bye = () => this.channel.send({ type: "bye", client: this.channel.client });
    document.addEventListener("visibilitychange", changed);
    window.addEventListener("pagehide", bye);
    this.leave.push(
      () => clearInterval(timer),
      () => document.removeEventListener("visibilitychange", changed),
      () => window.removeEventListener("pagehide", bye),
    );
  }

  /** A view has come; returns what to call when it goes. */
  addView(view: object): () => void {
    this.views.set(view, true);
    this.greet();
    const patience = setTimeout(() => this.giveUpGreeting(), GREETED);
    return () => {
      clearTimeout(patience);
      this.views.delete(view);
      if (this.views.size === 0) this.channel.send({ type: "bye", client: this.channel.client });
    };
  }

  /** A view has come on or gone off the screen. */
  setVisible(view: object, visible: boolean): void {
    if (!this.views.has(view) || this.views.get(view) === visible) return;
    const before = this.visible;
    this.views.set(view, visible);
    if (this.visible !== before) this.beat();
  }

  /** What was said to this page so far may be lost: it greets as one that has just come. */
  startOver(): void {
    if (!this.present) return;
    this.greet();
    this.askAgain();
  }

  /** A message has come. */
  hear(): void {
    const back = this.state.value === "silent";
    this.unanswered = 0;
    this.heard = true;
    if (!GONE.includes(this.state.value)) this.state.value = "live";
    if (back) this.repeat();
  }

  /** Messages keep their order: what was sent before and is not here is lost, and not only late. */
  takeAlive({ client, sent, told, known }: Extract<FromPython, { type: "alive" }>): void {
    if (client !== this.channel.client) return;
    if (told !== null && known !== null) this.traffic.changes.reconcile(told, known);
    const pulled = this.delivery.pulls.peek();
    this.delivery.heard(sent !== null);
    if (sent === null || sent <= this.traffic.maps.received) return;
    if (pulled || !this.present || this.recovered) return;
    this.recovered = true;
    this.greet();
  }

  /** After the frame was drawn where anybody looks, else at once: Python then sends less. */
  acknowledge(): void {
    if (!this.visible) this.sendAck();
    else requestAnimationFrame(() => this.sendAck());
  }

  lose(): void {
    batch(() => {
      // A comm that ends before anything was heard is one that a notebook was opened without.
      this.state.value = this.heard || !this.traffic.maps.saved ? "lost" : "absent";
      this.traffic.commands.forget();
    });
    this.traffic.queries.drop();
  }

  destroy(): void {
    for (const leave of this.leave) leave();
    this.leave.length = 0;
    this.delivery.destroy();
  }

  private deliver(): Delivery {
    const connection = this;
    return new Delivery({
      beat: () => this.beat(),
      pull: () => this.say("pull"),
      askAgain: () => this.askAgain(),
      listen: () => this.greet(),
      get present() {
        return connection.present;
      },
      get visible() {
        return connection.visible;
      },
      get busy() {
        const { maps, queries, commands } = connection.traffic;
        return maps.playing.peek() || queries.size + commands.awaiting.peek() > 0;
      },
    });
  }

  private get present(): boolean {
    return this.views.size > 0 && !GONE.includes(this.state.peek());
  }

  private get visible(): boolean {
    return !document.hidden && [...this.views.values()].some(Boolean);
  }

  /** After a silence: says again what may have been lost. */
  private repeat(): void {
    this.traffic.changes.setAgain();
    this.askAgain();
    this.traffic.commands.forget();
  }

  private askAgain(): void {
    this.traffic.queries.askAgain();
  }

  private sendAck(): void {
    const { received } = this.traffic.maps;
    if (this.acknowledged === received || this.views.size === 0 || this.delivery.pulls.peek()) return;
    this.acknowledged = received;
    this.say("ack");
  }

  private say(type: "ack" | "pull"): void {
    const { visible, channel, traffic } = this;
    channel.send({ type, client: channel.client, visible, seq: traffic.maps.received });
  }

  private greet(): void {
    this.channel.send({ type: "hello", client: this.channel.client, visible: this.visible });
  }

  private beat(): void {
    if (!this.present) return;
    if (this.unanswered >= MISSED_BEATS && this.state.value === "live") this.state.value = "silent";
    this.unanswered++;
    this.recovered = false;
    const { visible, channel, traffic } = this;
    const { maps, changes } = traffic;
    changes.beat();
    channel.send({ type: "alive", client: channel.client, visible, seq: maps.received, told: changes.told });
  }

  /** A map that has been saved is all there is: it was opened without a kernel. A new one may be late. */
  private giveUpGreeting(): void {
    if (this.heard || GONE.includes(this.state.value) || !this.traffic.maps.saved) return;
    this.state.value = "absent";
    this.traffic.queries.drop();
  }
}
