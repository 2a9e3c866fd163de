/**
 * How messages come: Python pushes them, or the page pulls.
 *
 * Python's threads send news whenever there are any. Some hosts drop what comes from a thread that handles no
 * message. Python answers each heartbeat twice, at once and from a thread: where the second answer does not
 * come, the page asks for what is new, again and again. Each question follows the answer to the one before, so
 * that a slow connection never holds more than one. Where a pushed answer comes after all, the asking ends.
 */
import { type Signal, signal } from "@preact/signals";

/** Milliseconds by which the pushed answer may be later than the other, which is sent right before it. */
const GRACE = 400;
/** Milliseconds from an answer to the next question: while something moves or is waited for; else. */
const SOON = 60;
const AT_REST = 1000;
/** Milliseconds for which something that was done may have consequences that nobody has announced. */
const CONSEQUENCES = 2000;

/** What a page says, and how it is. */
export interface Client {
  /** Send a heartbeat. */
  beat(): void;
  /** Ask for what is new. */
  pull(): void;
  /** Ask again what a thread may have answered in vain. */
  askAgain(): void;
  /** Have Python push from now on. */
  listen(): void;
  /** Whether there is a view; whether one is on the screen; whether something moves or is waited for. */
  readonly present: boolean;
  readonly visible: boolean;
  readonly busy: boolean;
}

export class Delivery {
  /** Whether the page has to ask. */
  readonly pulls: Signal<boolean> = signal(false);
  /** Since when answers have come without pushed ones. */
  private unconfirmed: number | null = null;
  private busyUntil = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;

  constructor(private readonly client: Client) {}

  /** Python has heard this page: that is the answer itself, or what a thread has pushed. */
  heard(pushed: boolean): void {
    if (pushed) this.confirm();
    else if (this.pulls.peek()) this.pullIn(this.pace());
    else this.doubt();
  }

  /** The user did something: what follows from it is asked for soon. */
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

  /** Do something after so many milliseconds, or what is planned sooner. */
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
