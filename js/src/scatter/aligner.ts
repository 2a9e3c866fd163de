/** Turns all maps onto the reference, and again while they move. */

import { type ExtentMeter, thinned } from "./extent";
import type { Panel } from "./panel";
import { type Fits, procrustes } from "./procrustes";
import type { Alignment, TurnTold } from "./types";

export class Aligner {
  private alignment: Alignment | null = null;
  /** The rows that decide; null: all that are sampled for extents. */
  private rows: ArrayLike<number> | null = null;

  constructor(private readonly panels: readonly Panel[]) {}

  get inForce(): boolean {
    return this.alignment !== null;
  }

  set(alignment: Alignment | null, meter: ExtentMeter): void {
    const begins = this.inForce !== (alignment !== null);
    this.alignment = alignment;
    this.rows = alignment?.rows ? thinned(alignment.rows) : null;
    if (begins) this.changeUnits(meter);
    else this.turn(this.panels, meter, true);
  }

  /** `news`: panels with a new layout. Returns the panels whose turn is new or may change. */
  update(news: readonly Panel[], meter: ExtentMeter): readonly Panel[] {
    const { reference } = this;
    const changed = reference && news.includes(reference) ? this.panels : news;
    this.turn(changed, meter, false);
    for (const panel of this.panels) {
      if (news.includes(panel) || panel.map.turnedSince) panel.map.measure(meter);
    }
    return changed;
  }

  told({ map }: Panel): TurnTold | null {
    if (!this.inForce || !map.hasLayout) return null;
    const { degrees, mirrored, correlation } = map.turning;
    return { degrees, mirrored, correlation };
  }

  private get reference(): Panel | undefined {
    return this.panels.find(({ id }) => id === this.alignment?.reference);
  }

  /** Alignment starts or ends: maps turn at once, and cameras keep showing the same place. */
  private changeUnits(meter: ExtentMeter): void {
    const before = this.panels.map(({ map }) => map.settled);
    for (const { map } of this.panels) map.setAligned(this.inForce);
    this.turn(this.panels, meter, true);
    this.panels.forEach(({ map, camera }, i) => {
      map.turning.jump();
      if (map.hasLayout) map.measure(meter);
      camera.carry(before[i], map.settled);
    });
  }

  /** `afresh`: ignoring the previous turns. */
  private turn(panels: readonly Panel[], meter: ExtentMeter, afresh: boolean): void {
    const { alignment, reference } = this;
    if (!alignment || !reference?.map.hasLayout) return;
    for (const panel of panels) {
      const { turning } = panel.map;
      const fits = panel.map.hasLayout && this.fits(panel, reference, meter);
      if (panel === reference) turning.wantNone(1);
      else if (fits && alignment.turn) turning.want(fits, afresh || panel.first || reference.first);
      else if (fits) turning.wantNone(Math.max(fits.rotation.correlation, fits.reflection.correlation));
    }
  }

  private fits(panel: Panel, reference: Panel, meter: ExtentMeter): Fits | null {
    const [map, onto] = [panel.map.motion.next, reference.map.motion.next];
    const byRows = this.rows && procrustes(map, onto, this.rows);
    return byRows ?? procrustes(map, onto, meter.sample);
  }
}
