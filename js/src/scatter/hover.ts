/** Which point is under the pointer, and which one has the ring. */
import { toData } from "./camera";
import type { Ring } from "./overlay";
import type { Panel } from "./panel";
import { nearestPoint } from "./pick";
import type { Stage } from "./stage";
import type { PanelRect, ScatterEvents } from "./types";

/** How many pixels around a disc still count as the disc. */
const SLACK = 5;
/** How many pixels larger the ring is if the pointer is not on the point. */
const ELSEWHERE = 3;

type Hovered = ScatterEvents["hover"];

export class Hover {
  /** Ringed instead of the point under the pointer, until that moves onto a point. */
  given: number | null = null;
  private hovered: Hovered = null;
  private pointer: { x: number; y: number } | null = null;
  private moved = false;

  constructor(
    private readonly stage: Stage,
    private readonly tell: (hovered: Hovered) => void,
  ) {}

  /** Looked up in the next frame, because a frame can have many moves. */
  move(x: number, y: number): void {
    this.pointer = { x, y };
    this.moved = true;
  }

  leave(): void {
    this.pointer = null;
    this.set(null);
  }

  /** `changed`: the points under a resting pointer may have changed. */
  update(panels: readonly Panel[], changed: boolean): void {
    const { moved, pointer } = this;
    if (!pointer || !(changed || moved)) return;
    this.moved = false;
    const { x, y } = pointer;
    const panel = panelAt(panels, x, y);
    const index = panel ? this.pick(panel, x, y) : null;
    if (moved && index !== null) this.given = null;
    if (panel && index !== null) {
      const [x, y] = panel.screenPosition(index);
      this.set({ panel: panel.id, index, x, y });
    } else this.set(null);
  }

  /** The point that a place in a panel refers to; never a muted one. */
  pick(panel: Panel, x: number, y: number): number | null {
    const { muted, front: rows } = this.stage.ranks;
    const { radius, front } = this.stage.radii(panel);
    const near = (reach: number, rows: Uint32Array | null) => {
      const place = toData(panel.current, panel.rect, x, y);
      const candidates = { rows, muted };
      return nearestPoint(panel.displayed(), ...place, reach / panel.current.k, panel.pose, candidates);
    };
    // If points that stand out have larger discs, a place on one of them refers to it, not to what it hides.
    const larger = front > radius;
    let index = larger ? near(front, rows) : -1;
    if (index < 0) index = near(radius + SLACK, null);
    if (index < 0 && larger) index = near(front + SLACK, rows);
    return index < 0 ? null : index;
  }

  /** The ringed point in every panel that shows it. */
  rings(panels: readonly Panel[]): Ring[] {
    const index = this.given ?? this.hovered?.index ?? null;
    if (index === null) return [];
    const rings: Ring[] = [];
    for (const panel of panels) {
      const [x, y] = panel.screenPosition(index);
      if (!inside(panel.rect, x, y)) continue;
      // Without a pointer to lead the eye, the ring has to.
      const led = this.hovered?.panel === panel.id && this.hovered.index === index;
      const radius = this.stage.pointRadius(panel, index) + (led ? 0 : ELSEWHERE);
      rings.push({ x, y, radius, fill: this.stage.cssColor(panel, index) });
    }
    return rings;
  }

  private set(hovered: Hovered): void {
    const before = this.hovered;
    const same = before?.panel === hovered?.panel && before?.index === hovered?.index;
    this.hovered = hovered;
    if (!same || before?.x !== hovered?.x || before?.y !== hovered?.y) this.tell(hovered);
  }
}

export function panelAt(panels: readonly Panel[], x: number, y: number): Panel | null {
  return panels.find(({ rect }) => inside(rect, x, y)) ?? null;
}

export function inside(rect: PanelRect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}
