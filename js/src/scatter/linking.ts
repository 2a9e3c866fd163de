/** The cameras of all panels: free, or linked to show the same place at the same size. */
import { type View, zoomAround, zoomLimits } from "./camera";
import { unionExtent } from "./extent";
import type { Pace } from "./follower";
import { extentOfRows } from "./framing";
import type { Panel } from "./panel";

export class Linking {
  private linked = false;
  private takes = 0;

  constructor(private readonly panels: readonly Panel[]) {}

  /** Linking gives every panel the camera that was taken last, if any. */
  set(linked: boolean): void {
    if (linked === this.linked) return;
    this.linked = linked;
    this.gather();
    const taken = this.panels.filter(({ camera }) => !camera.following);
    const [last] = taken.sort((a, b) => b.camera.taken - a.camera.taken);
    if (!linked || !last) return;
    const { goal } = last.camera;
    this.take(last, last.current);
    if (goal) this.send(last, goal);
  }

  /** A new panel shows what the others show. */
  join(panel: Panel): void {
    const other = this.panels.find((each) => each !== panel && each.camera.view);
    if (!this.linked || !other) return;
    const { following, goal } = other.camera;
    panel.camera.view = scaled(other.current, other, panel);
    panel.camera.following = following;
    if (goal) panel.camera.send(scaled(goal, other, panel));
  }

  fit(panels: readonly Panel[]): void {
    for (const panel of this.linked ? this.panels : panels) panel.camera.fit();
  }

  /** Zooms around the middle of each panel. */
  zoomBy(panels: readonly Panel[], factor: number): void {
    for (const each of this.leading(panels)) {
      const k = limited(each, each.current.k * factor);
      this.take(each, zoomAround(each.current, k / each.current.k, 0, 0));
    }
  }

  /** Moves maps by dx, dy pixels to the right and down. */
  panBy(panels: readonly Panel[], dx: number, dy: number): void {
    for (const each of this.leading(panels)) {
      const { x, y, k } = each.current;
      this.take(each, { x: x - dx / k, y: y + dy / k, k });
    }
  }

  /** Sends cameras to some rows; returns whether any panel can show them. */
  show(panels: readonly Panel[], rows: Int32Array): boolean {
    if (this.linked) return this.showTogether(rows);
    let shown = false;
    for (const panel of panels) {
      const extent = extentOfRows(panel, rows);
      if (extent) this.send(panel, limitedView(panel, panel.viewOf(extent)));
      shown ||= extent !== null;
    }
    return shown;
  }

  take(panel: Panel, view: View): void {
    panel.take(view);
    panel.camera.taken = ++this.takes;
    if (!this.linked) return;
    for (const each of this.panels) if (each !== panel) each.take(scaled(view, panel, each));
  }

  /** Advances the cameras that follow their maps. */
  follow(milliseconds: number, pace: Pace): void {
    this.gather();
    if (this.linked && this.panels.some((panel) => panel.still)) return;
    const cut = this.linked && this.panels.some((panel) => panel.cut);
    for (const panel of this.panels) {
      const jumps = panel.camera.following && (cut || panel.cut);
      panel.follow(milliseconds, jumps ? "jump" : pace);
    }
  }

  private send(panel: Panel, goal: View): void {
    panel.send(goal);
    panel.camera.taken = ++this.takes;
    if (!this.linked) return;
    for (const each of this.panels) if (each !== panel) each.send(scaled(goal, panel, each));
  }

  /** All show the place that holds the rows of every panel. */
  private showTogether(rows: Int32Array): boolean {
    const extent = unionExtent(this.panels.flatMap((panel) => extentOfRows(panel, rows) ?? []));
    if (!extent) return false;
    const views = this.panels.map((panel) => ({ panel, view: limitedView(panel, panel.viewOf(extent)) }));
    // The smallest scale fits all panels, whatever their shapes.
    const scale = ({ panel, view }: (typeof views)[number]) => view.k / panel.side;
    const least = views.reduce((a, b) => (scale(b) < scale(a) ? b : a));
    this.send(least.panel, least.view);
    return true;
  }

  /** Which cameras to move so that all the given panels move. */
  private leading(panels: readonly Panel[]): readonly Panel[] {
    return this.linked ? panels.slice(0, 1) : panels;
  }

  /** The extent that linked cameras show. */
  private gather(): void {
    const company = this.linked ? unionExtent(this.panels.flatMap(({ extent }) => extent ?? [])) : null;
    for (const panel of this.panels) panel.company = company;
  }
}

/** The same view in a panel of another size. */
function scaled({ x, y, k }: View, from: Panel, to: Panel): View {
  return { x, y, k: (k * to.side) / from.side };
}

function limited(panel: Panel, k: number): number {
  const [low, high] = zoomLimits(panel.current, panel.fitted());
  return Math.min(high, Math.max(low, k));
}

function limitedView(panel: Panel, view: View): View {
  return { ...view, k: limited(panel, view.k) };
}
