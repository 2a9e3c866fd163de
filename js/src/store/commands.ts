/** Commands on their way to Python, and what it said of them. */
import { type Signal, signal } from "@preact/signals";
import type { Command, Stability } from "../wire/protocol";
import type { Channel } from "./channel";

export class Commands {
  /** How many have no answer yet. */
  readonly awaiting: Signal<number> = signal(0);
  /** What a command was refused for; empty when the last one was accepted. */
  readonly refusal: Signal<string> = signal("");
  readonly stability: Signal<Stability | null> = signal(null);
  private readonly waiting = new Set<number>();
  /** The runs whose agreement is on its way. */
  private measured: number[] | null = null;

  /** `sent`: called after each command. */
  constructor(
    private readonly channel: Channel,
    private readonly sent: () => void,
  ) {}

  send(command: Command): void {
    const id = this.channel.number();
    this.waiting.add(id);
    this.awaiting.value = this.waiting.size;
    this.refusal.value = "";
    this.sendAs(id, command);
  }

  /** Have Python tell how much maps agree; the answer is `stability`, and nobody waits for it. */
  measure(runs: number[]): void {
    this.measured = runs;
    this.sendAs(this.channel.number(), { name: "stability", runs });
  }

  measureAgain(): void {
    if (this.measured) this.measure(this.measured);
  }

  takeStability(stability: Stability): void {
    this.stability.value = stability;
    this.measured = null;
  }

  takeAnswer(id: number, error: string | null): void {
    if (!this.waiting.delete(id)) return; // nobody waits for it
    this.awaiting.value = this.waiting.size;
    this.refusal.value = error ?? "";
  }

  /** They are not repeated, as a step or an undo would count twice; nobody waits for them any more. */
  forget(): void {
    this.waiting.clear();
    this.awaiting.value = 0;
  }

  private sendAs(id: number, command: Command): void {
    this.channel.send({ type: "command", page: this.channel.client, id, ...command });
    this.sent();
  }
}
