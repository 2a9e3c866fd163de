/** How panels relate: maps turned onto a reference, linked cameras, a morph between two. */
import { Aligner } from "./aligner";
import type { ExtentMeter } from "./extent";
import { Linking } from "./linking";
import { Morphing, travel } from "./morphing";
import type { Panel } from "./panel";
import type { Alignment } from "./types";

export class AlignedPanels {
  readonly linking: Linking;
  readonly aligner: Aligner;
  private morphing: Morphing | null = null;
  private linked = false;

  /** `unitsChange` is called before the shown units change. */
  constructor(
    private readonly panels: readonly Panel[],
    private readonly unitsChange: () => void,
  ) {
    this.linking = new Linking(panels);
    this.aligner = new Aligner(panels);
  }

  align(alignment: Alignment | null, meter: ExtentMeter): void {
    if (this.aligner.inForce !== (alignment !== null)) this.unitsChange();
    if (!alignment) this.endMorph();
    this.aligner.set(alignment, meter);
    for (const panel of this.panels) panel.dirty = true;
    this.link(this.linked);
    this.morphing?.update(this.panels);
  }

  /** Only in force with an alignment, which gives maps a common size. */
  link(linked: boolean): void {
    this.linked = linked;
    this.linking.set(linked && this.aligner.inForce);
  }

  morph(panel: Panel, other: Panel, t: number): void {
    this.needAlignment("a morph");
    if (this.morphing?.panel !== panel || this.morphing.other !== other) {
      this.endMorph();
      this.unitsChange();
      this.morphing = new Morphing(panel, other);
    }
    this.morphing.t = t;
    this.morphing.update([]);
    panel.dirty = true;
  }

  endMorph(): void {
    if (!this.morphing) return;
    this.unitsChange();
    this.morphing.end();
    this.morphing = null;
  }

  /** Includes layouts that no frame has shown yet. Empty if either panel has none. */
  travel(panel: Panel, other: Panel, meter: ExtentMeter): Float32Array {
    this.needAlignment("travel");
    this.advance(0, meter, false);
    return panel.map.hasLayout && other.map.hasLayout ? travel(panel, other) : new Float32Array(0);
  }

  /** Shows a new panel as the others. */
  join(panel: Panel): void {
    panel.map.setAligned(this.aligner.inForce);
    this.linking.join(panel);
  }

  /** A morph ends with either of its panels. */
  forgetMissing(): void {
    const { morphing, panels } = this;
    if (morphing && !(panels.includes(morphing.panel) && panels.includes(morphing.other))) this.endMorph();
  }

  /** Advances time: layouts glide, then maps turn onto where the others have moved, then cameras follow. */
  advance(milliseconds: number, meter: ExtentMeter, atOnce: boolean): void {
    const news = this.panels.filter((panel) => panel.advance(milliseconds));
    const changed = this.aligner.update(news, meter);
    for (const panel of this.panels) panel.turn(milliseconds, atOnce);
    this.morphing?.update(changed);
    // Maps of equal radius do not outgrow their panels.
    this.linking.follow(milliseconds, atOnce ? "jump" : this.aligner.inForce ? "easy" : "tight");
  }

  private needAlignment(what: string): void {
    if (!this.aligner.inForce) throw new RangeError(`${what} needs an alignment`);
  }
}
