/** A hint for those who turn the wheel over a map and see no zoom. */
import { signal } from "@preact/signals";

/** Milliseconds. */
const SHOWN = 2500;

/** Whether the view has been told how the wheel zooms; once for a page is enough. */
let told = false;

/** Whether a view says for a moment how the wheel zooms. */
export class WheelHint {
  readonly shown = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;

  give(): void {
    if (told) return;
    told = true;
    this.shown.value = true;
    this.timer = setTimeout(() => this.take(), SHOWN);
  }

  take(): void {
    clearTimeout(this.timer);
    this.shown.value = false;
  }
}
