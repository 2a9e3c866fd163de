/** The outline drawn in lasso and rectangle mode. Vertices are in shown units, so resizing does not move them. */
import type { SelectOp } from "./types";

/** The distance in pixels between two vertices. */
const STEP = 3;
/** Square pixels; a smaller area is a click. */
const MIN_AREA = 24;

interface Modifiers {
  shiftKey: boolean;
  altKey: boolean;
}

/** Shift adds, alt removes, both intersect; each counts if held at the start or at the release. */
export function selectOp(start: Modifiers, end: Modifiers, without: SelectOp): SelectOp {
  const shift = start.shiftKey || end.shiftKey;
  const alt = start.altKey || end.altKey;
  if (shift) return alt ? "intersect" : "add";
  return alt ? "remove" : without;
}

export class LassoPath {
  private readonly shown: number[] = [];
  private readonly screen: number[] = [];

  constructor(private readonly shape: "lasso" | "rectangle") {}

  /** Adds the pointer's place, given in pixels and in shown units. */
  add(sx: number, sy: number, x: number, y: number): void {
    const { screen, shown } = this;
    if (this.shape === "rectangle" && screen.length > 0) {
      const [sx0, sy0, x0, y0] = [screen[0], screen[1], shown[0], shown[1]];
      screen.splice(2, 6, sx, sy0, sx, sy, sx0, sy);
      shown.splice(2, 6, x, y0, x, y, x0, y);
      return;
    }
    const m = screen.length;
    if (m > 0 && Math.hypot(sx - screen[m - 2], sy - screen[m - 1]) < STEP) return;
    screen.push(sx, sy);
    shown.push(x, y);
  }

  /** Whether the path is a closed outline at every moment. */
  get closed(): boolean {
    return this.shape === "rectangle";
  }

  /** Too small to be meant as an area. */
  get isClick(): boolean {
    return this.screen.length < 6 || this.sweptArea() < MIN_AREA;
  }

  /**
   * The area swept by a string from the start to the pointer, which also measures a figure eight, whose areas
   * cancel.
   */
  private sweptArea(): number {
    const [x0, y0, ...rest] = this.screen;
    let area = 0;
    for (let i = 0; i + 3 < rest.length; i += 2) {
      const [ax, ay, bx, by] = [rest[i] - x0, rest[i + 1] - y0, rest[i + 2] - x0, rest[i + 3] - y0];
      area += Math.abs(ax * by - bx * ay) / 2;
    }
    return area;
  }

  /** xyxy in shown units. */
  vertices(): readonly number[] {
    return this.shown;
  }
}
