/** The cameras of all panels: each for itself, or linked, so that all show the same place at the same size. */
import type { View } from "./camera";
import { unionExtent } from "./extent";
import type { Pace } from "./follower";
import type { Panel } from "./panel";

export class Linking {
  private linked = false;
  private takes = 0;

  constructor(private readonly panels: readonly Panel[]) {}

  /** Once they are linked, all take the camera that was taken last, if one is. */
  set(linked: boolean): void {
    if (linked === this.linked) return;
    this.linked = linked;
    this.gather();
    const taken = this.panels.filter(({ camera }) => !camera.following);
    const [last] = taken.sort((a, b) => b.camera.taken - a.camera.taken);
    if (linked && last) this.take(last, last.current);
  }

  /** A new panel shows what the others do. */
  join(panel: Panel): void {
    const other = this.panels.find((each) => each !== panel && each.camera.view);
    if (!this.linked || !other) return;
    panel.camera.view = scaled(other, panel);
    panel.camera.following = other.camera.following;
  }

  /** Those of the given panels whose cameras have to be moved for all of these to be moved. */
  leading(panels: readonly Panel[]): readonly Panel[] {
    return this.linked ? panels.slice(0, 1) : panels;
  }

  fit(panels: readonly Panel[]): void {
    for (const panel of this.linked ? this.panels : panels) panel.camera.fit();
  }

  take(panel: Panel, view: View): void {
    panel.take(view);
    panel.camera.taken = ++this.takes;
    if (!this.linked) return;
    for (const each of this.panels) if (each !== panel) each.take(scaled(panel, each));
  }

  /** Lets time pass for those that follow. */
  follow(milliseconds: number, pace: Pace): void {
    this.gather();
    if (this.linked && this.panels.some((panel) => panel.still)) return;
    const cut = this.linked && this.panels.some((panel) => panel.cut);
    for (const panel of this.panels) panel.follow(milliseconds, cut || panel.cut ? "jump" : pace);
  }

  /** What all show together. */
  private gather(): void {
    const company = this.linked ? unionExtent(this.panels.flatMap(({ extent }) => extent ?? [])) : null;
    for (const panel of this.panels) panel.company = company;
  }
}

/** What one panel shows, in another of another size. */
function scaled(from: Panel, to: Panel): View {
  const { x, y, k } = from.current;
  return { x, y, k: (k * to.side) / from.side };
}
