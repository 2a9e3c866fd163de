/** Traits that this page sets, until Python is known to have them. */
import { rowsFromWire } from "../wire/bytes";
import type { Settable } from "../wire/protocol";
import type { Traits } from "../wire/traits";
import type { Channel } from "./channel";

export class Changes {
  /** The number of what was set last. */
  told = 0;
  /** What is not known to have arrived, with the number that each went with. */
  private readonly unheard = new Map<Settable, { number: number; value: unknown }>();
  /** For how many heartbeats in a row Python has not known of what was set before. */
  private missed = 0;
  /** Whether that was counted since the last heartbeat: a kernel that was busy answers many at once. */
  private counted = false;
  /** Whether the connection was interrupted: then the host may wait for ever to hear that a trait has arrived. */
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

  /** A command was answered; it may have been one that sets. */
  takeAnswer(id: number): void {
    for (const [name, { number }] of this.unheard) if (number === id) this.unheard.delete(name);
  }

  /** The next heartbeat begins. */
  beat(): void {
    this.counted = false;
  }

  /**
   * Finds what Python did not know of at a heartbeat, though it was set before. The host may keep a trait until
   * the one before has arrived, so that it is lost only where the next heartbeat finds it again; a command is
   * answered before.
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

  /** In the model, too: as JupyterLab comes back to a kernel, it sets all traits as Python has them. */
  setAgain(unheard = [...this.unheard]): void {
    this.interrupted = true;
    for (const [name, { value }] of unheard) this.set(name, value as never);
  }

  /** ipywidgets sends a trait once the one before has arrived, for which it waits in vain where that was lost. */
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
