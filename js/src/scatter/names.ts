/** Names above the points, at the places of their labels. */
import { AnchorFinder } from "./anchors";
import { clippedTo } from "./clipping";
import { readable } from "./color";
import { laidOver, layerCalled } from "./layer";
import { type Lettered, NAME_SIZE, Stamps, shapeOf, write } from "./lettered";
import { fittedName, measuring } from "./lettering";
import { NamesOfPanel } from "./namesOfPanel";
import type { Panel } from "./panel";
import { showAll } from "./pose";
import type { Rgb } from "./renderer";
import type { Stage } from "./stage";
import type { NamesOn } from "./types";

/** CSS pixels: smaller panels have no names. */
const LEAST = { width: 150, height: 110 };
/** A name's width at most: a share of its panel's, within these bounds. */
const ROOM = { share: 0.4, least: 60, most: 170, step: 10 };
/** The opacity of a name whose rows all stand back. */
const FAINT = 0.35;
/** The names as they are written, by the room they have. */
interface Written {
  texts: string[];
  widths: Float32Array;
}

export class Names {
  private readonly layer = layerCalled("tw-names");
  private readonly measure = measuring();
  private given: NamesOn | null = null;
  private finder: AnchorFinder | null = null;
  private readonly on = new Map<Panel, NamesOfPanel>();
  private readonly written = new Map<number, Written>();
  private readonly stamps = new Stamps();
  private ink: Rgb = [0, 0, 0];
  private ground: Rgb = [255, 255, 255];
  /** The colours of those that were drawn. */
  private readonly inks = new Map<number, string>();
  /** Which labels stand back; null: not known. */
  private faint: Uint8Array | null = null;
  private stale = false;
  private told = "";

  /** The layer lies right above the canvas. `tell` hears how many names each panel shows. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly stage: Stage,
    private readonly tell: (shown: ReadonlyMap<number, number>) => void,
  ) {
    canvas.after(this.layer);
  }

  set(given: NamesOn | null): void {
    const same = given !== null && this.given?.codes === given.codes && this.given.texts === given.texts;
    this.given = given;
    if (!same) {
      this.finder = given && new AnchorFinder(given.codes, given.texts.length);
      this.on.clear();
      this.written.clear();
    }
    this.faint = null;
    this.forgetInks();
  }

  setColors(ink: Rgb, ground: Rgb): void {
    [this.ink, this.ground] = [ink, ground];
    this.forgetInks();
  }

  /** Other points stand out, or the canvas has another place. */
  invalidate(): void {
    this.faint = null;
    this.stale = true;
  }

  /** `moved`: the panels whose maps or cameras have moved. */
  update(panels: readonly Panel[], moved: readonly Panel[]): void {
    const { given, finder } = this;
    if (!this.stale && (!given || moved.length === 0)) return;
    for (const panel of this.on.keys()) if (!panels.includes(panel)) this.on.delete(panel);
    for (const panel of panels) {
      if (given && finder && (this.stale || moved.includes(panel))) this.place(panel, given, finder);
    }
    this.stale = false;
    this.report(panels);
    this.draw(panels);
  }

  destroy(): void {
    this.layer.remove();
  }

  /** Draws them on a bitmap with `ratio` pixels per CSS pixel. */
  paint(panels: readonly Panel[], context: CanvasRenderingContext2D, ratio: number): void {
    for (const panel of panels) {
      const names = this.lettered(panel);
      clippedTo(panel, context, ratio, () => write(context, names, rgb(this.ground)));
    }
  }

  /** The same as text, by panel. */
  shapes(panels: readonly Panel[]): SVGSVGElement[] {
    const named = panels.map((panel) => ({ panel, names: this.lettered(panel) }));
    return named.flatMap(({ panel, names }) =>
      names.length > 0 ? [shapeOf(panel.rect, names, rgb(this.ground))] : [],
    );
  }

  private forgetInks(): void {
    this.inks.clear();
    this.stamps.clear();
    this.stale = true;
  }

  private inkOf(label: number): string {
    let ink = this.inks.get(label);
    if (ink === undefined) {
      const own = this.given?.colors?.subarray(3 * label, 3 * label + 3);
      ink = rgb(readable(own ? [own[0], own[1], own[2]] : this.ink, this.ground));
      this.inks.set(label, ink);
    }
    return ink;
  }

  private place(panel: Panel, given: NamesOn, finder: AnchorFinder): void {
    const on = this.on.get(panel) ?? new NamesOfPanel();
    this.on.set(panel, on);
    const { rect, map, morphing } = panel;
    if (rect.width < LEAST.width || rect.height < LEAST.height || !map.hasLayout) {
      on.spots.clear();
      return;
    }
    on.track(panel, finder);
    const { anchors, order } = on;
    if (!anchors) return;
    if (on.screen.length !== anchors.places.length) on.screen = new Float32Array(anchors.places.length);
    showAll(morphing ? map.settled : panel.pose, on.glide(morphing ? 1 : map.motion.t), on.screen);
    if (morphing) this.mixWith(morphing.other, morphing.t, on.screen, finder);
    toCanvas(panel, on.screen);
    const written = this.writtenIn(panel, given);
    on.spots.place({
      rect,
      order,
      anchors: on.screen,
      sizes: anchors.sizes,
      width: (label) => this.widthOf(label, written, given, roomIn(panel)),
      radius: this.stage.radii(panel).radius,
    });
  }

  /** Moves names on the way to their places in another panel. */
  private mixWith(other: Panel, t: number, screen: Float32Array, finder: AnchorFinder): void {
    const on = this.on.get(other) ?? new NamesOfPanel();
    this.on.set(other, on);
    on.track(other, finder);
    const there = new Float32Array(screen.length);
    showAll(other.map.settled, on.anchors?.places ?? there, there);
    for (let p = 0; p < screen.length; p++) screen[p] += (there[p] - screen[p]) * t;
  }

  private writtenIn(panel: Panel, { texts }: NamesOn): Written {
    const room = roomIn(panel);
    let written = this.written.get(room);
    if (!written) {
      written = { texts: [], widths: new Float32Array(texts.length) };
      this.written.set(room, written);
    }
    return written;
  }

  private widthOf(label: number, written: Written, { texts }: NamesOn, room: number): number {
    if (written.texts[label] === undefined) {
      const measure = (text: string) => this.measure(text, true, NAME_SIZE);
      written.texts[label] = fittedName(texts[label], room, measure);
      written.widths[label] = measure(written.texts[label]);
    }
    return written.widths[label];
  }

  private opacity(label: number): number {
    this.faint ??= this.standBack();
    return this.faint[label] ? FAINT : 1;
  }

  /** A label stands back if none of its rows stands out while others do. */
  private standBack(): Uint8Array {
    const { ranks } = this.stage;
    const faint = new Uint8Array(this.given?.texts.length ?? 0);
    const { finder } = this;
    if (finder && ranks.dimmed > 0)
      for (let label = 0; label < finder.count; label++)
        faint[label] = Number(!finder.rowsOf(label).some((row) => ranks.standsOut(row)));
    return faint;
  }

  /** The names that a panel shows. */
  private lettered(panel: Panel): Lettered[] {
    const spots = this.on.get(panel)?.spots.shown ?? [];
    if (!this.given || !panel.visible || spots.length === 0) return [];
    const { texts, widths } = this.writtenIn(panel, this.given);
    return spots.map((spot) => {
      const { label } = spot;
      const look = { ink: this.inkOf(label), opacity: this.opacity(label) };
      return { ...spot, ...look, text: texts[label], width: widths[label] };
    });
  }

  private report(panels: readonly Panel[]): void {
    const shown = new Map(panels.map((panel) => [panel.id, this.on.get(panel)?.spots.shown.length ?? 0]));
    const told = [...shown].join();
    if (told !== this.told) this.tell(shown);
    this.told = told;
  }

  private draw(panels: readonly Panel[]): void {
    const context = laidOver(this.canvas, this.layer, this.given !== null);
    if (!context) return;
    for (const panel of panels) {
      const names = this.lettered(panel);
      clippedTo(panel, context, devicePixelRatio, () =>
        this.stamps.draw(context, names, rgb(this.ground), devicePixelRatio),
      );
    }
  }
}

/** From shown units to the canvas, in place. */
function toCanvas({ rect, current }: Panel, places: Float32Array): void {
  const [middleX, middleY] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  for (let p = 0; p < places.length; p += 2) {
    places[p] = middleX + (places[p] - current.x) * current.k;
    places[p + 1] = middleY - (places[p + 1] - current.y) * current.k;
  }
}

function roomIn({ rect }: Panel): number {
  const room = Math.min(ROOM.most, Math.max(ROOM.least, ROOM.share * rect.width));
  return ROOM.step * Math.floor(room / ROOM.step);
}

function rgb(color: Rgb): string {
  return `rgb(${color})`;
}
