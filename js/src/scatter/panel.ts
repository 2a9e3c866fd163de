/** One panel: its rectangle, its map and its camera. It neither draws nor listens. */
import { countOutside, fitView, type Transform, toScreen, toTransform, type View } from "./camera";
import type { Extent } from "./extent";
import { Follower, type Pace } from "./follower";
import { Placement } from "./placement";
import { PLAIN, type Pose, toShown } from "./pose";
import type { Renderer } from "./renderer";
import type { PanelRect } from "./types";

const NOTHING: Extent = { x: 0, y: 0, halfWidth: 0, halfHeight: 0, density: 0, placed: 0 };

/** The points to draw, on their way from one layout to another. */
export interface Picture {
  previous: Float32Array;
  next: Float32Array;
  t: number;
  pose: Pose;
}

/** What a panel can show instead of its own map. */
export interface Shown extends Omit<Picture, "pose"> {
  readonly extent: Extent | null;
  /** Where it comes from if not from the panel's own map. */
  readonly other: Panel;
  displayed(): Float32Array;
}

export class Panel {
  readonly map = new Placement();
  readonly camera = new Follower();
  /** Shown instead of the map. */
  morphing: Shown | null = null;
  /** The extent of all maps, which linked cameras show. */
  company: Extent | null = null;
  /** Whether there is something to draw. */
  dirty = true;
  /** The renderer that holds the positions, and whether they have become out of date. */
  heldBy: Renderer | null = null;
  stale = false;
  /** Whether this frame's layout is the first. */
  first = false;
  /** This frame's layout came without time to glide, so a following camera moves at once. */
  cut = false;
  /** While the user drags, the camera does not move by itself. */
  held = false;
  /** While a lasso is drawn, nothing moves. */
  frozen = false;
  /** A hidden panel keeps its last size. */
  private size = { width: 1, height: 1 };

  constructor(
    readonly id: number,
    public rect: PanelRect,
  ) {
    this.resize(rect);
  }

  get active(): boolean {
    return this.map.motion.waiting || this.map.turning.moving || this.camera.moving;
  }

  get visible(): boolean {
    return this.rect.width >= 1 && this.rect.height >= 1;
  }

  /** Whether the camera must not move by itself. */
  get still(): boolean {
    return this.held || this.frozen;
  }

  /** Lets the layouts glide; returns whether there is a new one. */
  advance(milliseconds: number): boolean {
    this.first = !this.map.hasLayout;
    const change = this.map.advance(milliseconds);
    const anew = change === "new";
    this.cut = anew && !this.first && !this.map.motion.glides;
    if (change !== "still") this.dirty = true;
    if (anew) this.stale = true;
    return anew;
  }

  /** Lets the map turn. */
  turn(milliseconds: number, atOnce: boolean): void {
    const { turning } = this.map;
    if (!turning.moving) return;
    this.dirty = true;
    if (atOnce || this.first) turning.jump();
    else turning.ease(milliseconds / 1000);
  }

  /** Lets the camera follow. */
  follow(milliseconds: number, pace: Pace): void {
    if (!this.framed || this.still) return;
    if (this.camera.advance(milliseconds, this.fitted(), this.side, pace)) this.dirty = true;
  }

  freeze(frozen: boolean): void {
    this.frozen = frozen;
    this.map.motion.hold(frozen);
    this.map.turning.hold(frozen);
    this.dirty = true;
  }

  take(view: View): void {
    this.camera.take(view);
    this.dirty = true;
  }

  send(goal: View): void {
    this.camera.send(goal);
    this.dirty = true; // it no longer counts as following
  }

  resize(rect: PanelRect): void {
    this.rect = rect;
    this.dirty = true;
    if (!this.visible) return;
    const before = this.side;
    this.size = rect;
    const { camera } = this;
    if (!camera.view) return;
    if (camera.following) camera.view = this.fitted();
    else camera.scale(this.side / before);
  }

  get transform(): Transform {
    return toTransform(this.current, this.rect);
  }

  /** The view that would show everything on display. */
  fitted(): View {
    return this.viewOf(this.framed ?? NOTHING);
  }

  viewOf(extent: Extent): View {
    return fitView(extent, this.size.width, this.size.height);
  }

  get current(): View {
    return this.camera.view ?? this.fitted();
  }

  /** Zoom relative to the fitted map. */
  get zoom(): number {
    return this.current.k / this.fitted().k;
  }

  /** The length that view scales are relative to. */
  get side(): number {
    return Math.min(this.size.width, this.size.height);
  }

  /** Points per square pixel around a typical point. */
  get density(): number {
    return (this.extent?.density ?? 0) / this.current.k ** 2;
  }

  /** About how many points have a place. */
  get placed(): number {
    return this.extent?.placed ?? 0;
  }

  get extent(): Extent | null {
    return this.morphing ? this.morphing.extent : this.map.extent;
  }

  /** -1: no layout, or points between two layouts. */
  get token(): number {
    return this.morphing ? -1 : this.map.motion.token;
  }

  get pose(): Pose {
    return this.morphing ? PLAIN : this.map.pose;
  }

  get picture(): Picture {
    const { previous, next, t } = this.morphing ?? this.map.motion;
    return { previous, next, t, pose: this.pose };
  }

  /** The positions on the screen, for display in `pose`; the buffer is reused once time has passed. */
  displayed(): Float32Array {
    return (this.morphing ?? this.map.motion).displayed();
  }

  /** The positions once layouts and turns are at rest. */
  get resting(): { positions: Float32Array; pose: Pose } {
    if (this.morphing) return { positions: this.morphing.displayed(), pose: PLAIN };
    return { positions: this.map.motion.next, pose: this.map.settled };
  }

  outside(): number {
    const { width, height } = this.size;
    return countOutside(this.displayed(), this.current, width, height, this.pose);
  }

  /** A point's place on the screen; NaN before the first layout. */
  screenPosition(index: number): [number, number] {
    const positions = this.displayed();
    const shown = toShown(this.pose, positions[2 * index], positions[2 * index + 1]);
    return toScreen(this.current, this.rect, ...shown);
  }

  /** The extent that the camera follows. */
  private get framed(): Extent | null {
    return this.company ?? this.extent;
  }
}
