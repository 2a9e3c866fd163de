/** One panel: its rectangle, its positions in time and its camera. No drawing, no events. */
import {
  countOutside,
  easeView,
  fitView,
  fromTransform,
  sameView,
  type Transform,
  toTransform,
  type View,
} from "./camera";
import { type Extent, type ExtentMeter, mixExtents } from "./extent";
import { Motion } from "./motion";
import type { Renderer } from "./renderer";
import type { PanelRect } from "./types";

/** A slow frame is no reason for the camera to arrive at once. */
const LONGEST_STEP = 0.1;

export class Panel {
  readonly motion = new Motion();
  view: View | null = null;
  following = true;
  /** Something to draw that is not on the screen. */
  dirty = true;
  /** The renderer that holds the layouts, and whether it holds others than `motion` by now. */
  heldBy: Renderer | null = null;
  stale = false;
  private extents: [Extent, Extent] | null = null;
  /** On its way back to the map after `fit`: it may come from far. */
  returning = false;
  private moving = false;
  private held = false;

  constructor(public rect: PanelRect) {}

  get active(): boolean {
    return this.motion.waiting || this.moving;
  }

  get visible(): boolean {
    return this.rect.width >= 1 && this.rect.height >= 1;
  }

  /** Lets time pass; whether anything on the screen changed. */
  advance(milliseconds: number, meter: ExtentMeter, jump: boolean): boolean {
    const shown = this.extent;
    const atOnce = this.motion.token === -1;
    const motion = this.motion.advance(milliseconds);
    if (motion === "new") {
      const target = meter.measure(this.motion.next);
      this.extents = [shown ?? target, target];
      this.stale = true;
    }
    // A layout that does not glide takes a following camera with it.
    const cut = jump || atOnce || (motion === "new" && !this.motion.glides);
    const turned = this.follow(Math.min(milliseconds / 1000, LONGEST_STEP), cut);
    const changed = motion !== "still" || turned;
    if (changed) this.dirty = true;
    return changed;
  }

  /** Holds the picture still (lasso), or only the camera (drag). */
  hold(held: boolean, positions: boolean): void {
    this.held = held;
    if (positions || !held) this.motion.hold(held);
    if (positions && held) this.dirty = true;
  }

  fit(): void {
    this.following = true;
    this.returning = true;
    this.moving = true;
  }

  /** The user takes the camera. */
  take(view: View): void {
    this.view = view;
    this.following = this.moving = false;
    this.dirty = true;
  }

  resize(rect: PanelRect): void {
    const factor = Math.min(rect.width, rect.height) / Math.min(this.rect.width, this.rect.height);
    this.rect = rect;
    this.dirty = true;
    if (!this.view) return;
    if (this.following) this.view = this.fitted();
    else if (Number.isFinite(factor) && factor > 0) this.view = { ...this.view, k: this.view.k * factor };
  }

  get transform(): Transform {
    return toTransform(this.current, this.rect);
  }

  set transform(transform: Transform) {
    this.take(fromTransform(transform, this.rect));
  }

  /** The view that would show the whole map as it is displayed now. */
  fitted(): View {
    return fitView(this.extent ?? EMPTY, Math.max(1, this.rect.width), Math.max(1, this.rect.height));
  }

  get current(): View {
    return this.view ?? this.fitted();
  }

  /** Zoom relative to the fitted map. */
  get zoom(): number {
    return this.current.k / this.fitted().k;
  }

  /** Points per square pixel around a typical point. */
  get density(): number {
    return (this.extent?.density ?? 0) / this.current.k ** 2;
  }

  outside(): number {
    return countOutside(this.motion.displayed(), this.current, this.rect.width, this.rect.height);
  }

  private get extent(): Extent | null {
    return this.extents && mixExtents(...this.extents, this.motion.t);
  }

  private follow(seconds: number, jump: boolean): boolean {
    if (!this.following || this.held || !this.extents) return false;
    const target = this.fitted();
    const size = Math.min(this.rect.width, this.rect.height);
    const before = this.view;
    if (!before || jump) this.view = target;
    else this.view = easeView(before, target, seconds, size, !this.returning);
    this.moving = !sameView(this.view, target, size);
    if (!this.moving) {
      this.view = target;
      this.returning = false;
    }
    const after = this.view;
    return !before || before.k !== after.k || before.x !== after.x || before.y !== after.y;
  }
}

const EMPTY: Extent = { x: 0, y: 0, halfWidth: 0, halfHeight: 0, density: 0 };
