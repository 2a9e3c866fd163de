/** The model of one widget in one client; no other file touches it. */
import type { AnyModel } from "@anywidget/types";
import type { ToPython } from "../wire/protocol";
import type { Traits } from "../wire/traits";

type Name = keyof Traits & string;

const hex = (part: number) => part.toString(16).padStart(8, "0");

export class Channel {
  /** Identifies this client to Python. Not randomUUID, which plain http from another host does not have. */
  readonly client: string = Array.from(crypto.getRandomValues(new Uint32Array(4)), hex).join("");
  private newest = 0;
  private readonly leave: (() => void)[] = [];

  /** `cut` is called when a message cannot be sent. */
  constructor(
    private readonly model: AnyModel<Traits>,
    private readonly cut: () => void,
  ) {}

  /** Returns the number of a new message; numbers rise. */
  number(): number {
    return ++this.newest;
  }

  get<K extends Name>(name: K): Traits[K] {
    return this.model.get(name);
  }

  set<K extends Name>(name: K, value: Traits[K]): void {
    this.model.set(name, value);
  }

  save(): void {
    this.attempt(() => this.model.save_changes());
  }

  send(message: ToPython): void {
    this.attempt(() => this.model.send(message));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the model's events have no common signature
  listen(event: string, callback: (...args: any[]) => void): void {
    this.model.on(event, callback);
    this.leave.push(() => this.model.off(event, callback));
  }

  destroy(): void {
    for (const leave of this.leave) leave();
    this.leave.length = 0;
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch {
      this.cut();
    }
  }
}
