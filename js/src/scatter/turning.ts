/** One panel's turn over time: the target, and the current turn on the way there. For display only. */

import { determinant, type Matrix } from "./pose";
import { type Fits, turnMatrix } from "./procrustes";

/** Seconds in which most of a turn happens; nearly all of it takes three times as long. */
const EASE = 0.1;
/** The same while two maps are hardly alike yet and the best turn keeps changing. */
const UNSURE_EASE = 0.4;
/** A map changes handedness only if it then fits better by this factor; otherwise it might flip back and forth. */
const CLEARLY = 1.05;
const UNSURE_CLEARLY = 1.25;
/** Maps with at least this correlation are alike. */
const SURE = 0.6;
/** Below this correlation (random starts) no turn means anything. */
const FAINT = 0.2;
/** Radians, or the share of a flip, too small to be seen. */
const UNSEEN = 1e-3;
/** A card seen nearly edge on: the screen no longer determines the place on the map. */
const EDGE = 0.2;

export class Turning {
  mirrored = false;
  /** How alike the map and the reference are. */
  correlation = 0;
  /** Nothing turns while a lasso is drawn. */
  private held = false;
  /** Each handedness has its own angle: [rotation, reflection]. */
  private wantedAngles = [0, 0];
  private angles = [0, 0];
  /** The current handedness: 0 is the map as computed, 1 its mirror image; in between it flips like a card. */
  private flip = 0;

  /** Sets the best turn onto the reference; `afresh`: ignoring the previous turn. */
  want({ rotation, reflection }: Fits, afresh: boolean): void {
    this.correlation = Math.max(rotation.correlation, reflection.correlation);
    if (this.correlation < FAINT) return;
    const [own, other] = this.mirrored ? [reflection, rotation] : [rotation, reflection];
    const clearly = this.correlation < SURE ? UNSURE_CLEARLY : CLEARLY;
    if (other.correlation > own.correlation * (afresh ? 1 : clearly)) this.mirrored = !this.mirrored;
    this.wantedAngles = [rotation.angle, reflection.angle];
  }

  /** Returns to the map as computed. */
  wantNone(correlation: number): void {
    this.correlation = correlation;
    this.mirrored = false;
    this.wantedAngles = [0, this.wantedAngles[1]];
  }

  get moving(): boolean {
    return !this.held && !this.arrived;
  }

  /** The wanted turn in degrees. */
  get degrees(): number {
    return (this.wantedAngles[Number(this.mirrored)] * 180) / Math.PI;
  }

  get wanted(): Matrix {
    return turnMatrix(this.wantedAngles[Number(this.mirrored)], this.mirrored);
  }

  /** The current turn. Between the two hands it is their mixture: a card that turns about its axis. */
  get matrix(): Matrix {
    const { flip, angles } = this;
    const rotation = turnMatrix(angles[0], false);
    const reflection = turnMatrix(angles[1], true);
    const mix = (i: number) => rotation[i] * (1 - flip) + reflection[i] * flip;
    return [mix(0), mix(1), mix(2), mix(3)];
  }

  jump(): void {
    this.angles = [...this.wantedAngles];
    this.flip = Number(this.mirrored);
  }

  hold(held: boolean): void {
    this.held = held;
    if (held && Math.abs(determinant(this.matrix)) < EDGE) this.jump();
  }

  /** Advances time; returns whether the current turn changed. */
  ease(seconds: number): boolean {
    if (!this.moving) return false;
    const kept = Math.exp(-seconds / (this.correlation < SURE ? UNSURE_EASE : EASE));
    const hand = Number(this.mirrored);
    // While flipping, the old hand keeps its angle, and one not yet visible takes its own at once, so nothing turns
    // besides.
    const hidden = this.flip === 1 - hand;
    const angle = hidden ? 0 : shortWay(this.angles[hand], this.wantedAngles[hand]) * kept;
    this.angles[hand] = this.wantedAngles[hand] - remaining(angle);
    this.flip = hand - remaining((hand - this.flip) * kept);
    return true;
  }

  private get arrived(): boolean {
    const hand = Number(this.mirrored);
    return this.flip === hand && this.angles[hand] === this.wantedAngles[hand];
  }
}

function remaining(left: number): number {
  return Math.abs(left) < UNSEEN ? 0 : left;
}

/** The way from one angle to another, between -pi and pi. */
function shortWay(from: number, to: number): number {
  const turns = (to - from) / (2 * Math.PI);
  return (turns - Math.round(turns)) * 2 * Math.PI;
}
