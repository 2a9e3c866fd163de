/**
 * Tells Python whether anybody is looking, and notices whether Python answers.
 *
 * However many views show the model, Python sees one client, which is visible if any of its views is.
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
 * "absent": no kernel has ever been heard, and the map is a saved one. "saved": a saved page, which never has a
 * kernel and only knows rows.
 */
export type ConnectionState = "live" | "silent" | "absent" | "lost" | "saved";

/** States without a kernel that could answer. */
const GONE: ConnectionState[] = ["lost", "saved"];
/** Milliseconds within which a kernel that exists answers a greeting. */
const GREETED = 3000;
/** After this many unanswered heartbeats the kernel is called silent. */
const MISSED_BEATS = 3;

interface Traffic {
  maps: Maps;
  changes: Changes;
  commands: Commands;
  queries: Queries;
}

export class Connection {
  readonly state: Signal<ConnectionState>;
  /** Whether questions to Python make sense. */
  readonly reachable = computed(() => this.state.value === "live" || this.state.value === "silent");
  readonly delivery = this.deliver();
  private readonly views = new Map<object, boolean>();
  private readonly leave: (() => void)[] = [];
  private heard = false;
  private unanswered = 0;
  /** Whether the client has asked for lost news since the last heartbeat. */
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

  /** Adds a view; returns how to remove it. */
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

  /** A view has been scrolled into sight or out of it. */
  setVisible(view: object, visible: boolean): void {
    if (!this.views.has(view) || this.views.get(view) === visible) return;
    const before = this.visible;
    this.views.set(view, visible);
    if (this.visible !== before) this.beat();
  }

  /** Greets again like a new client, because anything sent to this one may be lost. */
  startOver(): void {
    if (!this.present) return;
    this.greet();
    this.askAgain();
  }

  /** A message has arrived. */
  hear(): void {
    const back = this.state.value === "silent";
    this.unanswered = 0;
    this.heard = true;
    if (!GONE.includes(this.state.value)) this.state.value = "live";
    if (back) this.repeat();
  }

  /** Messages keep their order, so what was sent before and has not arrived is lost, not late. */
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

  /** Acknowledges after the frame is drawn if anybody is looking, else at once, so that Python sends less. */
  acknowledge(): void {
    if (!this.visible) this.sendAck();
    else requestAnimationFrame(() => this.sendAck());
  }

  lose(): void {
    batch(() => {
      // A notebook that was opened without a kernel loses its comm before any message arrives.
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

  /** Repeats after a silence whatever may have been lost. */
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

  /** Only a client with a saved map concludes that there is no kernel; without one, the kernel may just be late. */
  private giveUpGreeting(): void {
    if (this.heard || GONE.includes(this.state.value) || !this.traffic.maps.saved) return;
    this.state.value = "absent";
    this.traffic.queries.drop();
  }
}
