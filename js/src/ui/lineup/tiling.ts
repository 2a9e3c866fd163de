/** How square panels fill a box, and how the arrow keys move among them. */

/** CSS pixels between panels, of the number below each, and of the smallest panel. */
export const GAP = 8;
const CAPTION = 20;
const LEAST = 72;

/** The number of columns that makes panels largest, and their side. */
export function columnsOf(count: number, width: number, height: number): { columns: number; side: number } {
  let best = { columns: 1, side: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const across = (width - GAP * (columns - 1)) / columns;
    const down = (height - GAP * (rows - 1)) / rows - CAPTION;
    const side = Math.floor(Math.max(Math.min(across, down), Math.min(across, LEAST)));
    if (side > best.side) best = { columns, side };
  }
  return best;
}

/** Where an arrow key leads from a panel; null: nowhere. */
export function neighborOf(from: number, key: string, columns: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const to = from + (steps[key] ?? 0);
  return key in steps && to >= 0 && to < count ? to : null;
}
