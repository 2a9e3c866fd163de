import { expect, test } from "vitest";
import type { PanelRect } from "../../src/scatter";
import { arrange, type Cell } from "../../src/view/grid";

const ROOM = { width: 901, height: 557, steady: 557, table: null, rhythm: null, focus: null, small: [] };
const area = ({ map }: Cell) => map.width * map.height;
const ids = (count: number) => Array.from({ length: count }, (_, i) => i);

function overlap(a: PanelRect, b: PanelRect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Every map lies in its box, no two boxes overlap, and none leaves the room. */
function expectSound(cells: Cell[], room = ROOM): void {
  for (const { box, map } of cells) {
    expect(box.x >= 0 && box.y >= 0).toBe(true);
    expect(box.x + box.width <= room.width && box.y + box.height <= room.height).toBe(true);
    expect(map.x >= box.x && map.y >= box.y).toBe(true);
    expect(map.x + map.width <= box.x + box.width && map.y + map.height <= box.y + box.height).toBe(true);
    expect(Object.values(box).every(Number.isInteger)).toBe(true);
  }
  cells.forEach((a, i) => {
    for (const b of cells.slice(0, i)) expect(overlap(a.box, b.box)).toBe(false);
  });
}

test("a single map has the whole room", () => {
  const [{ map }] = arrange([7], ROOM).cells;
  expect(map).toEqual({ x: 0, y: 0, width: ROOM.width, height: ROOM.height });
});

test.each([2, 3, 4, 7, 16, 64])("%i maps fill the room side by side", (count) => {
  const { cells, headers } = arrange(ids(count), ROOM);
  expect(cells.map(({ run }) => run)).toEqual(ids(count));
  expect(headers).toEqual([]);
  expectSound(cells);
  expect(Math.min(...cells.map(({ map }) => Math.min(map.width, map.height)))).toBeGreaterThan(30);
});

test("three maps stand in a row where it is wide and in a column where it is narrow", () => {
  const rows = (room: Partial<typeof ROOM>) =>
    new Set(arrange(ids(3), { ...ROOM, ...room }).cells.map(({ box }) => box.y)).size;
  expect(rows({ width: 900, height: 500, steady: 500 })).toBe(1);
  expect(rows({ width: 300, height: 900, steady: 900 })).toBe(3);
});

test("the arrangement stays while the legend grows and shrinks", () => {
  const columns = (height: number) =>
    new Set(arrange(ids(3), { ...ROOM, width: 560, height, steady: 560 }).cells.map(({ box }) => box.x)).size;
  expect(new Set([560, 480, 390, 300].map(columns)).size).toBe(1);
});

test("a table has a header for each row and column, in line with its panels", () => {
  const places = ids(8).map((i): [number, number] => [Math.floor(i / 4), i % 4]);
  const table = { rows: ["PCA", "random"], columns: ["seed 0", "seed 1", "seed 2", "seed 3"], places };
  const { cells, headers } = arrange(ids(8), { ...ROOM, table });
  expectSound(cells);
  expect(headers.map(({ text }) => text)).toEqual([...table.columns, ...table.rows]);
  headers.slice(0, 4).forEach(({ box }, i) => {
    expect([box.x, box.width]).toEqual([cells[i].box.x, cells[i].box.width]);
  });
  headers.slice(4).forEach(({ box }, i) => {
    expect([box.y, box.height]).toEqual([cells[4 * i].box.y, cells[4 * i].box.height]);
  });
});

test("an empty place in a table leaves the others where they are", () => {
  const places: [number, number][] = [
    [0, 0],
    [1, 0],
    [1, 1],
  ];
  const table = { rows: ["a", "b"], columns: ["c", "d"], places };
  const { cells } = arrange(ids(3), { ...ROOM, table });
  expectSound(cells);
  expect(cells[0].box.x).toBe(cells[1].box.x);
  expect(cells[1].box.y).toBe(cells[2].box.y);
});

test("three varying axes are arranged so that rows and columns mean something", () => {
  const { cells } = arrange(ids(16), { ...ROOM, rhythm: [4, 8] });
  expect(new Set(cells.map(({ box }) => box.x)).size).toBe(4);
});

test.each([{}, { width: 420, height: 700, steady: 700 }])(
  "an enlarged map is the largest, the others thumbnails",
  (room) => {
    const { cells } = arrange(ids(5), { ...ROOM, ...room, focus: 3 });
    expectSound(cells, { ...ROOM, ...room });
    expect(cells.map(({ run, bar }) => [run, bar])).toEqual([
      [3, "one line"],
      [0, "title"],
      [1, "title"],
      [2, "title"],
      [4, "title"],
    ]);
    for (const thumbnail of cells.slice(1)) expect(area(thumbnail)).toBeLessThan(area(cells[0]) / 3);
  },
);

test("a removed run is not enlarged, and an area without size makes no negative panel", () => {
  expect(arrange(ids(3), { ...ROOM, focus: 9 }).cells.every(({ bar }) => bar !== "title")).toBe(true);
  for (const { map } of arrange(ids(3), { ...ROOM, width: 0, height: 0, steady: 0, focus: 1 }).cells) {
    expect(map.width >= 0 && map.height >= 0).toBe(true);
  }
});

test.each([
  [1, {}],
  [2, {}],
  [1, { width: 420, height: 700, steady: 700 }],
])("small maps stand in a strip, and leave %i large ones most of the room", (large, room) => {
  const { cells } = arrange(ids(large), { ...ROOM, ...room, small: [7, 8, 9, 10] });
  expectSound(cells, { ...ROOM, ...room });
  expect(cells.map(({ run }) => run)).toEqual([...ids(large), 7, 8, 9, 10]);
  const [main, small] = [cells.slice(0, large), cells.slice(large)];
  expect(small.every(({ bar }) => bar === "title")).toBe(true);
  expect(Math.max(...small.map(area))).toBeLessThan(Math.min(...main.map(area)) / 2);
  const { width, height } = { ...ROOM, ...room };
  expect(main.reduce((sum, { box }) => sum + box.width * box.height, 0)).toBeGreaterThan(
    0.7 * width * height,
  );
});

test("a table keeps its headers beside small maps, and a small map can be enlarged", () => {
  const places = ids(4).map((i): [number, number] => [Math.floor(i / 2), i % 2]);
  const table = { rows: ["a", "b"], columns: ["c", "d"], places };
  const { cells, headers } = arrange(ids(4), { ...ROOM, table, small: [7, 8] });
  expectSound(cells);
  expect(headers).toHaveLength(4);
  const enlarged = arrange([0], { ...ROOM, small: [7, 8], focus: 8 }).cells;
  expectSound(enlarged);
  expect(enlarged.map(({ run }) => run)).toEqual([8, 0, 7]);
});
