/** Which tiles of a density a panel shows. */
import { toData } from "./camera";
import type { Panel } from "./panel";
import { determinant, toOwn } from "./pose";
import type { DensityOn, TileKey } from "./types";

/** CSS pixels: the largest side of a bin, while there are finer ones. */
const LARGEST_BIN = 4;

/** Tiles of one level, from one column and row to another, both included. */
export interface TileRange {
  level: number;
  columns: [number, number];
  rows: [number, number];
}

/** The tiles in view, of the level whose bins are as large as suits the zoom; null: none is in view. */
export function tilesInView({ pose, current, rect }: Panel, density: DensityOn): TileRange | null {
  const { side, bins, levels, corner } = density;
  const pixels = current.k * Math.sqrt(Math.abs(determinant(pose.turn))) * side; // of the whole square
  const wanted = Math.ceil(Math.log2(pixels / bins / LARGEST_BIN));
  const level = Math.min(levels, Math.max(0, wanted));
  const corners = [0, 1].flatMap((across) =>
    [0, 1].map((down) => {
      const at = toData(current, rect, rect.x + across * rect.width, rect.y + down * rect.height);
      return toOwn(pose, ...at);
    }),
  );
  const ranges = [0, 1].map((axis) => {
    const shares = corners.map((at) => ((at[axis] - corner[axis]) / side) * 2 ** level);
    return [Math.floor(Math.min(...shares)), Math.floor(Math.max(...shares))];
  });
  const last = 2 ** level - 1;
  if (ranges.some(([low, high]) => high < 0 || low > last)) return null;
  const [columns, rows] = ranges.map(
    ([low, high]) => [Math.max(0, low), Math.min(last, high)] as [number, number],
  );
  return { level, columns, rows };
}

/** The tiles of a range, those nearest to its middle first. */
export function tilesOf({ level, columns, rows }: TileRange): TileKey[] {
  const [middle, centre] = [(columns[0] + columns[1]) / 2, (rows[0] + rows[1]) / 2];
  const tiles: TileKey[] = [];
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++) tiles.push([level, column, row]);
  const far = ([, column, row]: TileKey) => Math.hypot(column - middle, row - centre);
  return tiles.sort((a, b) => far(a) - far(b));
}

/** The tile of a coarser level that holds a tile. */
export function ancestor([level, column, row]: TileKey, above: number): TileKey {
  return [level - above, column >> above, row >> above];
}
