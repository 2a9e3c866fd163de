/** One panel's turn in time: what is wanted, and what is in force on the way there. For display only. */

import { determinant, type Matrix } from "./pose";
import { type Fits, turnMatrix } from "./procrustes";

/** Seconds in which most of a turn is made: nearly all of it in three times that. */
const EASE = 0.1;
/** The same while two maps are hardly alike yet, and the best turn is another one all the time. */
const UNSURE_EASE = 0.4;
/** A map is mirrored, or no longer, only if it then lies better by this factor: else it might flip to and fro. */
const CLEARLY = 1.05;
const UNSURE_CLEARLY = 1.25;
/** From this correlation on two maps are alike. */
const SURE = 0.6;
/** Below this one (random starts) no turn means anything. */
const FAINT = 0.2;
/** Radians, or share of a flip, that nobody sees. */
const UNSEEN = 1e-3;
/** A card seen from nearly its edge: there is no way back from the screen to the map. */
const EDGE = 0.2;

export class Turning {
  mirrored = false;
  /** How alike the map and the reference are. */
  correlation = 0;
  /** Amid a lasso the turn stands still. */
  private held = false;
  /** Either hand has its own angle: [rotation, reflection]. */
  private wantedAngles = [0, 0];
  private angles = [0, 0];
  /** In force: 0 is the map as it is computed, 1 its mirror image; between them it flips like a card. */
  private flip = 0;

  /** The best turn onto the reference; `afresh`: whatever it was before. */
  want({ rotation, reflection }: Fits, afresh: boolean): void {
    this.correlation = Math.max(rotation.correlation, reflection.correlation);
    if (this.correlation < FAINT) return;
    const [own, other] = this.mirrored ? [reflection, rotation] : [rotation, reflection];
    const clearly = this.correlation < SURE ? UNSURE_CLEARLY : CLEARLY;
    if (other.correlation > own.correlation * (afresh ? 1 : clearly)) this.mirrored = !this.mirrored;
    this.wantedAngles = [rotation.angle, reflection.angle];
  }

  /** As it is computed. */
  wantNone(correlation: number): void {
    this.correlation = correlation;
    this.mirrored = false;
    this.wantedAngles = [0, this.wantedAngles[1]];
  }

  get moving(): boolean {
    return !this.held && !this.arrived;
  }

  /** Degrees of the wanted turn. */
  get degrees(): number {
    return (this.wantedAngles[Number(this.mirrored)] * 180) / Math.PI;
  }

  get wanted(): Matrix {
    return turnMatrix(this.wantedAngles[Number(this.mirrored)], this.mirrored);
  }

  /** In force. Between the hands it is their mixture, which is a card that turns about its axis. */
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

  /** Lets time pass; whether the turn in force is another one. */
  ease(seconds: number): boolean {
    if (!this.moving) return false;
    const kept = Math.exp(-seconds / (this.correlation < SURE ? UNSURE_EASE : EASE));
    const hand = Number(this.mirrored);
    // The hand that is left keeps its angle, and one not yet seen has its own at once: a flip needs no turn besides.
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

/** From one angle to another, between -pi and pi. */
function shortWay(from: number, to: number): number {
  const turns = (to - from) / (2 * Math.PI);
  return (turns - Math.round(turns)) * 2 * Math.PI;
}
