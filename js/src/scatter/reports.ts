/** Reports changes of the cameras. */
import type { Panel } from "./panel";
import type { ScatterEvents } from "./types";

type CameraTold = ScatterEvents["camera"];

export class CameraReports {
  private readonly told = new Map<number, CameraTold>();

  constructor(private readonly tell: (event: CameraTold) => void) {}

  forget(panel: number): void {
    this.told.delete(panel);
  }

  /** `moved`: panels where points may have moved; only there the points outside are counted again. */
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
