/** Where a panel's map lies in shown units while its layouts glide and its turn eases. */

import { type Extent, type ExtentMeter, mixExtents } from "./extent";
import { Motion } from "./motion";
import { type Matrix, PLAIN, type Pose } from "./pose";
import { type Middle, middleOf, mixMiddles } from "./procrustes";
import { Turning } from "./turning";

/** The largest change of a turn's numbers that leaves a measured extent valid: about a degree. */
const LITTLE = 0.02;

export class Placement {
  readonly motion = new Motion();
  readonly turning = new Turning();
  /** null: the map is shown as computed. Otherwise it is centred, scaled and turned. */
  private middles: [Middle, Middle] | null = null;
  private extents: [Extent, Extent] | null = null;
  private aligned = false;
  /** The turn for which the extent was measured. */
  private measured: Matrix = PLAIN.turn;

  get hasLayout(): boolean {
    return this.motion.token !== -1;
  }

  /** Lets the layouts glide. A new one is measured once its turn is known. */
  advance(milliseconds: number): "new" | "moved" | "still" {
    const { middle, extent } = this;
    const change = this.motion.advance(milliseconds);
    if (change === "new") {
      this.extents = extent && [extent, extent];
      if (this.aligned) this.glideFrom(middle);
    }
    return change;
  }

  /** Sets whether the map is shown for comparison. That changes the units, so everything is measured again. */
  setAligned(aligned: boolean): void {
    this.aligned = aligned;
    this.extents = this.middles = null;
    if (aligned && this.hasLayout) this.glideFrom(null);
  }

  /** Measures the newest layout as it will be shown. */
  measure(meter: ExtentMeter): void {
    const extent = meter.measure(this.motion.next, this.settled);
    this.extents = [this.extents?.[0] ?? extent, extent];
    this.measured = this.turning.wanted;
  }

  /** Whether the wanted turn differs from the measured one. */
  get turnedSince(): boolean {
    const { wanted } = this.turning;
    return this.aligned && this.measured.some((value, i) => Math.abs(value - wanted[i]) > LITTLE);
  }

  /** In between two layouts or two turns. */
  get pose(): Pose {
    return poseOf(this.middle, this.turning.matrix);
  }

  /** The place of the newest layout, once it has arrived and turned. */
  get settled(): Pose {
    return poseOf(this.middles?.[1] ?? null, this.turning.wanted);
  }

  get extent(): Extent | null {
    return this.extents && mixExtents(...this.extents, this.motion.t);
  }

  private get middle(): Middle | null {
    return this.middles && mixMiddles(...this.middles, this.motion.t);
  }

  private glideFrom(middle: Middle | null): void {
    const target = middleOf(this.motion.next);
    this.middles = [middle ?? target, target];
  }
}

function poseOf(middle: Middle | null, [a, b, c, d]: Matrix): Pose {
  if (!middle) return PLAIN;
  const { x, y, rms } = middle;
  return { x, y, turn: [a / rms, b / rms, c / rms, d / rms] };
}
