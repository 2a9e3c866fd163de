/** One requestAnimationFrame at a time, and none while there is nothing to do or the canvas is not visible. */
export class FrameLoop {
  private handle: number | null = null;
  private last: number | null = null;
  private running = true;
  private wanted = false;

  /** `step` gets the milliseconds since the last frame and returns whether it needs another. */
  constructor(private readonly step: (milliseconds: number) => boolean) {}

  request(): void {
    this.wanted = true;
    if (this.running && this.handle === null) this.handle = requestAnimationFrame(this.tick);
  }

  run(running: boolean): void {
    this.running = running;
    if (!running) this.cancel();
    else if (this.wanted) this.request();
  }

  private readonly tick = (now: number) => {
    this.handle = null;
    this.wanted = false;
    // After a rest, the first frame counts as a sixtieth of a second.
    const elapsed = this.last === null ? 1000 / 60 : Math.max(0, now - this.last);
    this.last = now;
    if (this.step(elapsed)) this.request();
    if (this.handle === null) this.last = null;
  };

  private cancel(): void {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
    this.last = null;
  }
}
