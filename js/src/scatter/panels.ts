/** The panels, and how they relate: maps turned onto a reference, linked cameras, a morph between two. */
import { Aligner } from "./aligner";
import { ExtentMeter } from "./extent";
import { Linking } from "./linking";
import { Morphing, travel } from "./morphing";
import { Panel } from "./panel";
import type { Alignment, PanelPlace } from "./types";

export class Panels {
  readonly all: Panel[] = [];
  readonly linking = new Linking(this.all);
  readonly aligner = new Aligner(this.all);
  meter = new ExtentMeter(new Uint32Array(0));
  private morphing: Morphing | null = null;
  private linked = false;

  /** `unitsChange` is called before the shown units change. */
  constructor(private readonly unitsChange: () => void) {}

  at(id: number): Panel {
    const found = this.all.find((panel) => panel.id === id);
    if (!found) throw new RangeError(`panel is ${id}, not one of ${this.all.map((panel) => panel.id)}`);
    return found;
  }

  /** One panel, or all without an id. */
  some(id: number | undefined): readonly Panel[] {
    return id === undefined ? this.all : [this.at(id)];
  }

  /** A panel whose id remains keeps everything; a morph ends with either of its panels. Returns which ids are gone. */
  set(places: readonly PanelPlace[]): number[] {
    const held = new Map(this.all.map((panel) => [panel.id, panel]));
    this.all.splice(0, this.all.length, ...places.map(({ id, rect }) => held.get(id) ?? new Panel(id, rect)));
    places.forEach(({ id, rect }, i) => {
      if (!held.delete(id)) this.join(this.all[i]);
      else this.all[i].resize(rect);
    });
    const { morphing, all } = this;
    if (morphing && !(all.includes(morphing.panel) && all.includes(morphing.other))) this.endMorph();
    return [...held.keys()];
  }

  align(alignment: Alignment | null): void {
    if (this.aligner.inForce !== (alignment !== null)) this.unitsChange();
    if (!alignment) this.endMorph();
    this.aligner.set(alignment, this.meter);
    for (const panel of this.all) panel.dirty = true;
    this.link(this.linked);
    this.morphing?.update(this.all);
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
  travel(panel: Panel, other: Panel): Float32Array {
    this.needAlignment("travel");
    this.advance(0, false);
    return panel.map.hasLayout && other.map.hasLayout ? travel(panel, other) : new Float32Array(0);
  }

  /** Advances time: layouts glide, then maps turn onto where the others have moved, then cameras follow. */
  advance(milliseconds: number, atOnce: boolean): void {
    const news = this.all.filter((panel) => panel.advance(milliseconds));
    const changed = this.aligner.update(news, this.meter);
    for (const panel of this.all) panel.turn(milliseconds, atOnce);
    this.morphing?.update(changed);
    // Maps of equal radius do not outgrow their panels.
    this.linking.follow(milliseconds, atOnce ? "jump" : this.aligner.inForce ? "easy" : "tight");
  }

  /** Shows a new panel as the others. */
  private join(panel: Panel): void {
    panel.map.setAligned(this.aligner.inForce);
    this.linking.join(panel);
  }

  private needAlignment(what: string): void {
    if (!this.aligner.inForce) throw new RangeError(`${what} needs an alignment`);
  }
}
