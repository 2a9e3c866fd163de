/** The names of one panel: their anchors, which follow its layouts and its camera, and where they stand. */
import type { AnchorFinder, Anchors, Part } from "./anchors";
import { Importance } from "./importance";
import { mix } from "./motion";
import type { Panel } from "./panel";
import { Spots } from "./spots";

/** From so much zoom on, anchors are looked for in sight; again if the sight has changed by such a share. */
const ZOOMED = 1.1;
const CHANGED = 0.08;

export class NamesOfPanel {
  readonly spots = new Spots();
  readonly importance = new Importance();
  token = Number.NaN;
  /** The part in sight that anchors were found in; null: the whole map. */
  part: Part | null = null;
  anchors: Anchors | null = null;
  order: Uint32Array = new Uint32Array(0);
  /** Where names were when the newest layout came, on their way, and on the screen. */
  from: Float32Array = new Float32Array(0);
  between: Float32Array = new Float32Array(0);
  screen: Float32Array = new Float32Array(0);

  /** Finds the anchors of a new layout, or of another part in sight; names glide to them as points do. */
  track(panel: Panel, finder: AnchorFinder): void {
    const { motion } = panel.map;
    const part = finder.hasClumps ? inSight(panel) : null;
    if (motion.token === this.token && alike(part, this.part)) return;
    const before = this.anchors;
    this.anchors = finder.find(motion.next, before, part ?? undefined);
    this.order = this.importance.order(this.anchors, (label) => this.spots.shows(label));
    const { places } = this.anchors;
    this.from = before ? this.between.map((x, p) => (Number.isNaN(x) ? places[p] : x)) : places;
    this.between = new Float32Array(places.length);
    this.token = motion.token;
    this.part = part;
  }

  /** Where the names are now, in the layout's own units. */
  glide(t: number): Float32Array {
    const places = this.anchors?.places ?? new Float32Array(0);
    if (t >= 1) this.between.set(places);
    else mix(this.from, places, t, this.between);
    return this.between;
  }
}

/** null: the whole map. */
function inSight(panel: Panel): Part | null {
  const { current, rect, map, morphing } = panel;
  if (morphing || panel.zoom < ZOOMED) return null;
  const [width, height] = [rect.width / current.k, rect.height / current.k];
  const [left, bottom] = [current.x - width / 2, current.y - height / 2];
  return { pose: map.settled, left, bottom, width, height, open: false };
}

function alike(a: Part | null, b: Part | null): boolean {
  if (a === null || b === null) return a === b;
  const moved = Math.hypot(a.left - b.left, a.bottom - b.bottom);
  return moved < CHANGED * b.width && Math.abs(Math.log(a.width / b.width)) < CHANGED;
}
