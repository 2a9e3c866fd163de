/** A panel that shows each point on the way from its own map to its place in another panel. */
import { type Extent, mixExtents } from "./extent";
import { mix } from "./motion";
import type { Panel, Shown } from "./panel";
import { showAll } from "./pose";

export class Morphing implements Shown {
  /** Progress from the panel's own map (0) to the other's (1). */
  t = 0;
  /** Both newest layouts as they are shown at rest. */
  previous = new Float32Array(0);
  next = new Float32Array(0);
  private between = new Float32Array(0);
  /** The progress for which `between` was computed. */
  private mixedAt = -1;
  private outdated = true;

  constructor(
    readonly panel: Panel,
    readonly other: Panel,
  ) {}

  /** `changed`: panels with a new layout or turn. Until both have a layout, the panel shows its own map. */
  update(changed: readonly Panel[]): void {
    const { panel, other } = this;
    if (changed.includes(panel) || changed.includes(other)) this.outdated = true;
    if (!this.outdated || panel.frozen || !panel.map.hasLayout || !other.map.hasLayout) return;
    if (panel.morphing !== this) this.begin();
    showAll(panel.map.settled, panel.map.motion.next, this.previous);
    showAll(other.map.settled, other.map.motion.next, this.next);
    this.outdated = false;
    this.mixedAt = -1;
    panel.dirty = panel.stale = true;
  }

  end(): void {
    this.panel.morphing = null;
    this.panel.dirty = this.panel.stale = true;
  }

  displayed(): Float32Array {
    if (this.mixedAt !== this.t) mix(this.previous, this.next, this.t, this.between);
    this.mixedAt = this.t;
    return this.between;
  }

  get extent(): Extent | null {
    const [own, other] = [this.panel.map.extent, this.other.map.extent];
    return own && other && mixExtents(own, other, this.t);
  }

  private begin(): void {
    const { length } = this.panel.map.motion.next;
    this.previous = new Float32Array(length);
    this.next = new Float32Array(length);
    this.between = new Float32Array(length);
    this.panel.morphing = this;
  }
}

/** How far each point lies from its place in the other panel. */
export function travel(panel: Panel, other: Panel): Float32Array {
  const from = panel.map.motion.next.slice();
  const to = other.map.motion.next.slice();
  showAll(panel.map.settled, from, from);
  showAll(other.map.settled, to, to);
  const distances = new Float32Array(from.length / 2);
  for (let i = 0; i < distances.length; i++) {
    distances[i] = Math.hypot(to[2 * i] - from[2 * i], to[2 * i + 1] - from[2 * i + 1]);
  }
  return distances;
}
