/** One panel's camera over time: it follows the map until the user takes it or sends it somewhere. */
import { carryView, easeView, sameView, type View } from "./camera";
import type { Pose } from "./pose";

/** The longest time step: even after a slow frame the camera does not jump. */
const LONGEST_STEP = 0.1;

/** "tight": keeps even the fastest growing map in sight. */
export type Pace = "jump" | "tight" | "easy";

export class Follower {
  view: View | null = null;
  following = true;
  moving = false;
  /** A counter of takes; the camera with the highest was taken last. */
  taken = 0;
  /** The destination, until it arrives. */
  goal: View | null = null;
  /** Whether it is on its way back to the map, perhaps from far. */
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

  /** The user sends the camera, which takes it and moves it there over time. */
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

  /** The panel has another size. */
  scale(factor: number): void {
    if (this.view) this.view = { ...this.view, k: this.view.k * factor };
    if (this.goal) this.goal = { ...this.goal, k: this.goal.k * factor };
  }

  /** Advances time; returns whether the view changed. */
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
