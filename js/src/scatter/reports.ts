/** Tells about the cameras what is not told yet. */
import type { Panel } from "./panel";
import type { ScatterEvents } from "./types";

type CameraTold = ScatterEvents["camera"];

export class CameraReports {
  private readonly told = new Map<number, CameraTold>();

  constructor(private readonly tell: (event: CameraTold) => void) {}

  forget(panel: number): void {
    this.told.delete(panel);
  }

  /** `moved`: those in which points may be at other places; only there it is counted which are outside. */
  update(panels: readonly Panel[], moved: readonly Panel[]): void {
    for (const panel of panels) {
      const { id, zoom } = panel;
      const { following } = panel.camera;
      const last = this.told.get(id);
      const outside = last && !moved.includes(panel) ? last.outside : panel.outside();
      const event = { panel: id, following, outside, k: Math.round(zoom * 1000) / 1000 };
      if (last?.following === following && last.outside === event.outside && last.k === event.k) continue;
      this.told.set(id, event);
      this.tell(event);
    }
  }
}
