/** Which point is under the pointer, and which one has the ring. */
import { toData } from "./camera";
import type { Ring } from "./overlay";
import type { Panel } from "./panel";
import { nearestPoint } from "./pick";
import type { Pictures } from "./pictures";
import type { Squares } from "./squares";
import type { Stage } from "./stage";
import type { PanelRect, ScatterEvents } from "./types";

/** How many pixels around a disc still count as the disc. */
const SLACK = 5;
/** How many pixels larger the ring is if the pointer is not on the point. */
const ELSEWHERE = 3;

type Hovered = ScatterEvents["hover"];
type Square = ScatterEvents["square"];

export class Hover {
  /** Ringed instead of the point under the pointer, until that moves onto a point. */
  given: number | null = null;
  /** Ringed too, wherever the pointer is. */
  ringed: readonly number[] = [];
  private hovered: Hovered = null;
  private square: Square = null;
  private pointer: { x: number; y: number } | null = null;
  private moved = false;

  constructor(
    private readonly stage: Stage,
    private readonly squares: Squares,
    private readonly pictures: Pictures,
    private readonly tell: (hovered: Hovered) => void,
    private readonly tellSquare: (square: Square) => void,
  ) {}

  /** Looked up in the next frame, because a frame can have many moves. */
  move(x: number, y: number): void {
    this.pointer = { x, y };
    this.moved = true;
  }

  leave(): void {
    this.pointer = null;
    this.set(null);
    this.setSquare(null);
  }

  /** `changed`: the points under a resting pointer may have changed. */
  update(panels: readonly Panel[], changed: boolean): void {
    const { moved, pointer } = this;
    if (!pointer || !(changed || moved)) return;
    this.moved = false;
    const { x, y } = pointer;
    const panel = panelAt(panels, x, y);
    const square = panel ? this.squares.pick(panel, x, y) : null;
    const at = panel && square !== null ? this.squares.at(panel, square) : null;
    this.setSquare(
      panel && square !== null && at ? { panel: panel.id, index: square, x: at[0], y: at[1] } : null,
    );
    const index = panel && square === null ? this.pick(panel, x, y) : null;
    if (moved && index !== null) this.given = null;
    if (panel && index !== null) {
      const [x, y] = panel.screenPosition(index);
      const reach = this.pictures.reach(panel, index);
      this.set({ panel: panel.id, index, x, y, ...(reach > 0 && { reach }) });
    } else this.set(null);
  }

  /** The point that a place in a panel refers to; never a muted one. */
  pick(panel: Panel, x: number, y: number): number | null {
    const pictured = this.pictures.pick(panel, x, y);
    if (pictured !== null) return pictured;
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

  /** The row that is pointed at. */
  get pointed(): number | null {
    return this.given ?? this.hovered?.index ?? null;
  }

  /** The ringed points in every panel that shows them, the one under the pointer last. */
  rings(panels: readonly Panel[]): Ring[] {
    const index = this.pointed;
    const rows = index === null ? this.ringed : [...this.ringed.filter((row) => row !== index), index];
    const rings: Ring[] = [];
    for (const row of rows) {
      for (const panel of panels) {
        const [x, y] = panel.screenPosition(row);
        // A picture that is pointed at has a rim of its own.
        if (!inside(panel.rect, x, y) || (row === index && this.pictures.reach(panel, row) > 0)) continue;
        // Without a pointer to lead the eye, the ring has to.
        const led = this.hovered?.panel === panel.id && this.hovered.index === row;
        const radius = this.stage.pointRadius(panel, row) + (led || row !== index ? 0 : ELSEWHERE);
        rings.push({ x, y, radius, fill: this.stage.cssColor(panel, row) });
      }
    }
    return rings;
  }

  private set(hovered: Hovered): void {
    const before = this.hovered;
    this.hovered = hovered;
    if (!alike(before, hovered)) this.tell(hovered);
  }

  private setSquare(square: Square): void {
    const before = this.square;
    this.square = square;
    if (!alike(before, square)) this.tellSquare(square);
  }
}

function alike(a: Hovered, b: Hovered): boolean {
  return (
    a?.panel === b?.panel && a?.index === b?.index && a?.x === b?.x && a?.y === b?.y && a?.reach === b?.reach
  );
}

export function panelAt(panels: readonly Panel[], x: number, y: number): Panel | null {
  return panels.find(({ rect }) => inside(rect, x, y)) ?? null;
}

export function inside(rect: PanelRect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}
