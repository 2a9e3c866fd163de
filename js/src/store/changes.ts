/** The traits that this client has set, kept until Python is known to have them. */
import { rowsFromWire } from "../wire/bytes";
import type { Settable } from "../wire/protocol";
import type { Traits } from "../wire/traits";
import type { Channel } from "./channel";

export class Changes {
  /** The number of the latest change. */
  told = 0;
  /** Changes that may not have arrived, each with its number. */
  private readonly unheard = new Map<Settable, { number: number; value: unknown }>();
  /** How many heartbeats in a row Python has lacked a change that was made before. */
  private missed = 0;
  /** Whether this heartbeat has been counted: a kernel that was busy answers many at once. */
  private counted = false;
  /** Whether the connection was ever interrupted: the host may then wait forever for an acknowledgement. */
  private interrupted = false;

  constructor(private readonly channel: Channel) {}

  set<K extends Settable>(name: K, value: Traits[K]): void {
    this.channel.set(name, value);
    this.told = this.channel.number();
    this.unheard.set(name, { number: this.told, value });
    if (this.interrupted) {
      this.setByCommand(name, value);
      return;
    }
    this.channel.set("_told", { client: this.channel.client, number: this.told });
    this.channel.save();
  }

  /** An answer to a command, which may be one that sets a trait. */
  takeAnswer(id: number): void {
    for (const [name, { number }] of this.unheard) if (number === id) this.unheard.delete(name);
  }

  beat(): void {
    this.counted = false;
  }

  /**
   * Finds changes that Python lacked at a heartbeat although they were made before it. The host may hold a trait
   * back until the one before has arrived, so a change is lost only if the next heartbeat lacks it too; commands
   * are answered sooner.
   */
  reconcile(told: number, known: number): void {
    if (!this.interrupted) {
      for (const [name, { number }] of this.unheard) if (number <= known) this.unheard.delete(name);
    }
    const missing = [...this.unheard].filter(([, { number }]) => number <= told);
    if (missing.length === 0) this.missed = 0;
    else if (!this.counted) this.missed++;
    this.counted = true;
    if (this.interrupted || this.missed > 1) this.setAgain(missing);
  }

  /** Also sets them in the model: when JupyterLab returns to a kernel, it sets all traits to Python's values. */
  setAgain(unheard = [...this.unheard]): void {
    this.interrupted = true;
    for (const [name, { value }] of unheard) this.set(name, value as never);
  }

  /** ipywidgets sends a trait only after the one before has arrived; if that one was lost, it waits in vain. */
  private setByCommand(name: Settable, value: unknown): void {
    const written = name === "selection" ? [...rowsFromWire(value as DataView)] : value;
    this.channel.send({
      type: "command",
      client: this.channel.client,
      id: this.told,
      name: "set",
      trait: name,
      value: written,
    });
  }
}
