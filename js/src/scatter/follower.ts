/** One panel's camera in time: it follows the map until somebody takes it, or sends it somewhere. */
import { carryView, easeView, sameView, type View } from "./camera";
import type { Pose } from "./pose";

/** A slow frame is no reason for the camera to arrive at once. */
const LONGEST_STEP = 0.1;

/** "tight": a map that grows as fast as it may stays in sight. */
export type Pace = "jump" | "tight" | "easy";

export class Follower {
  view: View | null = null;
  following = true;
  moving = false;
  /** Which take the last one was: the higher, the later. */
  taken = 0;
  /** Where it was sent and is not yet. */
  goal: View | null = null;
  /** On its way back to the map: it may come from far. */
  private returning = false;

  fit(): void {
    this.following = this.returning = this.moving = true;
    this.goal = null;
  }

  /** The user takes the camera. */
  take(view: View): void {
    this.view = view;
    this.following = this.moving = false;
    this.goal = null;
  }

  /** The user sends the camera: it is taken, and gets there in time. */
  send(goal: View): void {
    this.following = false;
    this.moving = true;
    this.goal = goal;
  }

  /** Keeps the place while its units change. */
  carry(before: Pose, after: Pose): void {
    if (this.view) this.view = carryView(this.view, before, after);
    if (this.goal) this.goal = carryView(this.goal, before, after);
    if (this.following) this.fit();
  }

  /** Another size of the panel. */
  scale(factor: number): void {
    if (this.view) this.view = { ...this.view, k: this.view.k * factor };
    if (this.goal) this.goal = { ...this.goal, k: this.goal.k * factor };
  }

  /** Lets time pass; whether the view is another one. */
  advance(milliseconds: number, fitted: View, size: number, pace: Pace): boolean {
    const target = this.following ? fitted : this.goal;
    if (!target) return false;
    const before = this.view;
    const seconds = Math.min(milliseconds / 1000, LONGEST_STEP);
    const tight = pace === "tight" && this.following && !this.returning;
    const view = before && pace !== "jump" ? easeView(before, target, seconds, size, tight) : target;
    this.moving = !sameView(view, target, size);
    if (!this.moving) {
      this.returning = false;
      this.goal = null;
    }
    this.view = this.moving ? view : target;
    const { x, y, k } = this.view;
    return before?.x !== x || before.y !== y || before.k !== k;
  }
}
