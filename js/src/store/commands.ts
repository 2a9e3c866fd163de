/** Commands on their way to Python, and what it said of them. */
import { type Signal, signal } from "@preact/signals";
import type { Command } from "../wire/protocol";
import type { Channel } from "./channel";

export class Commands {
  /** How many have no answer yet. */
  readonly awaiting: Signal<number> = signal(0);
  /** What a command was refused for; empty when the last one was accepted. */
  readonly refusal: Signal<string> = signal("");
  private readonly waiting = new Set<number>();

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
    this.channel.send({ type: "command", client: this.channel.client, id, ...command });
    this.sent();
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
}
