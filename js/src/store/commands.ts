/** Commands on their way to Python, and its answers. */
import { type Signal, signal } from "@preact/signals";
import type { Command } from "../wire/protocol";
import type { Channel } from "./channel";

export class Commands {
  /** How many commands have no answer yet. */
  readonly awaiting: Signal<number> = signal(0);
  /** Why the last command was refused; empty if it was accepted. */
  readonly refusal: Signal<string> = signal("");
  private readonly waiting = new Set<number>();

  /** `sent` is called after each command. */
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
    if (!this.waiting.delete(id)) return;
    this.awaiting.value = this.waiting.size;
    this.refusal.value = error ?? "";
  }

  /** Commands are not repeated, because a step or an undo would count twice. Nobody waits for them any more. */
  forget(): void {
    this.waiting.clear();
    this.awaiting.value = 0;
  }
}
