/**
 * How messages reach the client: Python pushes them, or the client pulls.
 *
 * Python's threads send news whenever there are any, but some hosts drop messages from threads that handle no
 * message. Python answers each heartbeat twice, at once and from a thread. If the second answer is missing, the
 * client keeps asking for news. It asks again only after an answer, so a slow connection never holds more than one
 * question. If a pushed answer does arrive, the client stops asking.
 */
import { type Signal, signal } from "@preact/signals";

/** How many milliseconds the pushed answer may arrive after the direct one, which is sent just before it. */
const GRACE = 400;
/** Milliseconds from an answer to the next question: while something moves or somebody waits, and otherwise. */
const SOON = 60;
const AT_REST = 1000;
/** For this many milliseconds after an action, the client expects effects that nobody has announced. */
const CONSEQUENCES = 2000;

/** What a client can say, and its state. */
export interface Client {
  /** Sends a heartbeat. */
  beat(): void;
  /** Asks for news. */
  pull(): void;
  /** Repeats questions whose answers a thread may have sent in vain. */
  askAgain(): void;
  /** Makes Python push from now on. */
  listen(): void;
  /** Whether there is a view; whether one is on the screen; whether something moves or somebody waits. */
  readonly present: boolean;
  readonly visible: boolean;
  readonly busy: boolean;
}

export class Delivery {
  /** Whether the client has to ask for news. */
  readonly pulls: Signal<boolean> = signal(false);
  /** When the first answer without a pushed one arrived. */
  private unconfirmed: number | null = null;
  private busyUntil = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;

  constructor(private readonly client: Client) {}

  /** Python has answered a heartbeat: directly, or pushed by a thread. */
  heard(pushed: boolean): void {
    if (pushed) this.confirm();
    else if (this.pulls.peek()) this.pullIn(this.pace());
    else this.doubt();
  }

  /** The user did something: asks for its effects soon. */
  hurry(): void {
    this.busyUntil = performance.now() + CONSEQUENCES;
    if (this.pulls.peek() && this.timer !== undefined) this.pullIn(SOON);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private confirm(): void {
    this.unconfirmed = null;
    this.destroy();
    if (!this.pulls.peek()) return;
    this.pulls.value = false;
    this.client.listen();
  }

  private doubt(): void {
    const now = performance.now();
    this.unconfirmed ??= now;
    if (now - this.unconfirmed < GRACE) {
      this.plan(GRACE, () => this.client.beat());
      return;
    }
    this.destroy();
    this.pulls.value = true;
    this.client.askAgain();
    this.pullIn(0);
  }

  private pullIn(milliseconds: number): void {
    this.plan(milliseconds, () => {
      if (this.client.present) this.client.pull();
    });
  }

  /** Schedules a pull after so many milliseconds, unless one is due sooner. */
  private plan(milliseconds: number, act: () => void): void {
    const due = performance.now() + milliseconds;
    if (this.timer !== undefined && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      act();
    }, milliseconds);
  }

  private pace(): number {
    const busy = this.client.busy || performance.now() < this.busyUntil;
    return this.client.visible && busy ? SOON : AT_REST;
  }
}
