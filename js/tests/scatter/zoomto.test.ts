// @vitest-environment happy-dom
/** The camera is sent to some rows. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { Canvas2dRenderer } from "../../src/scatter/canvas2d";
import { cloud, copy } from "./maps";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 2000;
const [WIDTH, HEIGHT] = [300, 200];
/** Everywhere, and rows 0 to 39 in a corner of their own. */
const MAP = uniform(N, 1);
const CORNER = Int32Array.from({ length: 40 }, (_, row) => row);
for (const row of CORNER) {
  MAP[2 * row] = 0.7 + MAP[2 * row] / 8;
  MAP[2 * row + 1] = 0.6 + MAP[2 * row + 1] / 8;
}

let screen: Screen;
let scatter: Scatter;

function begin(panels: number): void {
  screen = new Screen(WIDTH * panels, HEIGHT);
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  const ids = Array.from({ length: panels }, (_, id) => id);
  scatter.setPanels(ids.map((id) => ({ id, rect: { x: WIDTH * id, y: 0, width: WIDTH, height: HEIGHT } })));
  for (const id of ids) scatter.setLayout(id, MAP, 1, 0);
  screen.settle();
}

beforeEach(() => {
  // Cameras move without pixels, which would take most of the time.
  vi.spyOn(Canvas2dRenderer.prototype, "draw").mockImplementation(() => {});
  begin(1);
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

/** Pixels from the middle of the panel. */
function fromMiddle(row: number, panel = 0): [number, number] {
  const [x, y] = scatter.toScreen(panel, row);
  return [x - WIDTH * panel - WIDTH / 2, y - HEIGHT / 2];
}

const inSight = (row: number, panel = 0) => {
  const [x, y] = fromMiddle(row, panel);
  return Math.abs(x) < WIDTH / 2 && Math.abs(y) < HEIGHT / 2;
};

function zoomTo(rows: ArrayLike<number>, panel?: number): boolean {
  const found = scatter.zoomTo(Int32Array.from(rows), panel);
  screen.settle();
  return found;
}

describe("zooming to rows", () => {
  it("shows all of them with a margin, large, as if the user had moved the camera", () => {
    const told = heard(scatter, "camera");
    expect(zoomTo(CORNER)).toBe(true);
    const places = [...CORNER].map((row) => fromMiddle(row));
    const reach = Math.max(...places.map(([x, y]) => Math.max(Math.abs(x) / WIDTH, Math.abs(y) / HEIGHT)));
    expect(reach).toBeLessThan(0.47);
    expect(reach).toBeGreaterThan(0.35);
    expect(told.at(-1)).toMatchObject({ following: false });
    expect(told.at(-1)?.k).toBeGreaterThan(5);
    scatter.fit();
    screen.settle();
    expect(told.at(-1)).toMatchObject({ following: true, k: 1 });
  });

  it("goes there smoothly, and never loses sight of what was in sight", () => {
    scatter.zoomTo(CORNER);
    let frames = 0;
    const distance = () => Math.hypot(...fromMiddle(20));
    let before = distance();
    while (screen.framesWanted) {
      screen.frame();
      frames++;
      expect(distance()).toBeLessThan(before + 5);
      expect(inSight(20)).toBe(true);
      before = distance();
    }
    expect(frames).toBeGreaterThan(10);
    expect(frames).toBeLessThan(150);
  });

  it("without motion arrives at once", () => {
    scatter.destroy();
    begin(1);
    scatter.reducedMotion = true;
    scatter.zoomTo(CORNER);
    expect(screen.settle()).toBe(1);
    expect([...CORNER].every((row) => inSight(row))).toBe(true);
  });

  it("leaves out outliers among many: at least 98 % are shown, and large", () => {
    const many = MAP.slice();
    const rows = Int32Array.from({ length: 1000 }, (_, i) => i);
    for (const row of rows) {
      const outlier = row % 100 === 0;
      many[2 * row] = outlier ? (row % 200 ? 1 : -1) : 0.3 + MAP[2 * row] / 30;
      many[2 * row + 1] = outlier ? MAP[2 * row + 1] : 0.2 + MAP[2 * row + 1] / 30;
    }
    scatter.setLayout(0, many, 2, 0);
    const told = heard(scatter, "camera");
    zoomTo(rows);
    const shown = rows.filter((row) => inSight(row)).length;
    expect(shown).toBeGreaterThanOrEqual(980);
    expect(shown).toBeLessThan(1000);
    expect(told.at(-1)?.k).toBeGreaterThan(10);
    // Of few rows none is left out.
    const few = rows.subarray(95, 205);
    zoomTo(few);
    expect([...few].every((row) => inSight(row))).toBe(true);
  });

  it("shows a single row, or rows at one place, among others", () => {
    const same = MAP.slice();
    for (const row of CORNER) same.set([0.5, 0.5], 2 * row);
    scatter.setLayout(0, same, 2, 0);
    for (const rows of [[500], [3], CORNER]) {
      zoomTo(rows);
      expect(Math.hypot(...fromMiddle(rows[0]))).toBeLessThan(0.5);
      let others = 0;
      for (let row = 40; row < N; row++) if (row !== rows[0] && inSight(row)) others++;
      expect(others).toBeGreaterThan(2);
      expect(others).toBeLessThan(100);
    }
  });

  it("keeps within the limits of zooming, whatever the map is", () => {
    const told = heard(scatter, "camera");
    for (const [token, positions] of [
      new Float32Array(2 * N),
      new Float32Array(2 * N).fill(3e7),
      MAP.map((v) => v * 1e-4),
      Float32Array.from(MAP, (_, i) => (i < 4 ? i : 0)),
    ].entries()) {
      scatter.setLayout(0, positions, token + 5, 0);
      for (const rows of [[0], [0, 1], [100, 200]]) {
        zoomTo(rows);
        expect(told.at(-1)?.k).toBeGreaterThan(0.05);
        expect(told.at(-1)?.k).toBeLessThanOrEqual(2000);
        expect(rows.every((row) => inSight(row))).toBe(true);
      }
    }
  });

  it("goes nowhere without rows, without a layout, and for rows without a place", () => {
    const before = fromMiddle(5);
    expect(zoomTo([])).toBe(false);
    expect(fromMiddle(5)).toEqual(before);
    const broken = MAP.slice();
    broken.fill(Number.NaN, 0, 4);
    scatter.setLayout(0, broken, 2, 0);
    expect(zoomTo([0, 1])).toBe(false);
    expect(zoomTo([0, 5])).toBe(true);
    scatter.setPanels([{ id: 9, rect: { x: 0, y: 0, width: WIDTH, height: HEIGHT } }]);
    expect(zoomTo([5])).toBe(false);
  });

  it("goes to where rows will be in a layout that no frame has shown yet", () => {
    const other = uniform(N, 8);
    scatter.setLayout(0, other, 2, 200);
    zoomTo([7, 8, 9]);
    expect([7, 8, 9].every((row) => inSight(row))).toBe(true);
  });

  it("ends when the user moves the camera, and continues when the panel grows", () => {
    scatter.zoomTo(CORNER);
    screen.frame();
    scatter.panBy(0, 0);
    expect(screen.settle()).toBeLessThan(3);
    scatter.zoomTo(CORNER);
    screen.frame();
    scatter.setPanels([{ id: 0, rect: { x: 0, y: 0, width: 2 * WIDTH, height: 2 * HEIGHT } }]);
    screen.settle();
    const [x, y] = scatter.toScreen(0, 20);
    expect(x > 0 && x < 2 * WIDTH && y > 0 && y < 2 * HEIGHT).toBe(true);
    const [u, v] = scatter.toScreen(0, 21);
    scatter.fit();
    screen.settle();
    const [[a, b], [c, d]] = [scatter.toScreen(0, 20), scatter.toScreen(0, 21)];
    expect(Math.hypot(u - x, v - y)).toBeGreaterThan(5 * Math.hypot(c - a, d - b));
  });

  it("waits while a lasso is drawn", () => {
    scatter.setMode("lasso");
    screen.pointer("pointerdown", 20, 20);
    const before = fromMiddle(20);
    scatter.zoomTo(CORNER);
    screen.settle(30);
    expect(fromMiddle(20)).toEqual(before);
    screen.pointer("pointerup", 20, 20);
    screen.settle();
    expect(Math.hypot(...fromMiddle(20))).toBeLessThan(100);
    expect(inSight(3)).toBe(true);
  });
});

describe("in a grid", () => {
  const OTHER = cloud(N, 4);

  beforeEach(() => {
    scatter.destroy();
    begin(3);
    scatter.setLayout(1, OTHER, 2, 0);
    scatter.setLayout(2, copy(MAP, 2, true, 9, 1, 1), 3, 0);
    screen.settle();
  });

  it("free cameras each go to the rows in their own panel, or only one of them does", () => {
    const still = fromMiddle(9, 0);
    zoomTo(CORNER, 2);
    expect(fromMiddle(9, 0)).toEqual(still);
    expect([...CORNER].every((row) => inSight(row, 2))).toBe(true);
    zoomTo(CORNER);
    for (const panel of [0, 1, 2]) expect([...CORNER].every((row) => inSight(row, panel))).toBe(true);
  });

  it("linked cameras move as one, and show the rows in every panel", () => {
    scatter.setAlignment({ reference: 0, turn: true, rows: null });
    scatter.setLinked(true);
    screen.settle();
    const rows = [100, 101];
    scatter.zoomTo(Int32Array.from(rows), 1);
    while (screen.framesWanted) {
      screen.frame();
      for (const row of rows) {
        const [[x, y], [u, v]] = [fromMiddle(row, 0), fromMiddle(row, 2)];
        expect(Math.hypot(x - u, y - v)).toBeLessThan(0.1);
      }
    }
    for (const panel of [0, 1, 2]) expect(rows.every((row) => inSight(row, panel))).toBe(true);
  });

  it("linked cameras of panels of other shapes show the rows in each of them", () => {
    scatter.setAlignment({ reference: 0, turn: true, rows: null });
    scatter.setLinked(true);
    const rects = [
      { x: 0, y: 0, width: 300, height: 60 },
      { x: 300, y: 0, width: 80, height: 200 },
      { x: 600, y: 0, width: 300, height: 200 },
    ];
    scatter.setPanels(rects.map((rect, id) => ({ id, rect })));
    screen.settle();
    zoomTo(CORNER);
    rects.forEach((rect, panel) => {
      for (const row of CORNER) {
        const [x, y] = scatter.toScreen(panel, row);
        expect(Math.min(x - rect.x, rect.x + rect.width - x)).toBeGreaterThan(1);
        expect(Math.min(y - rect.y, rect.y + rect.height - y)).toBeGreaterThan(1);
      }
    });
  });

  it("the camera goes to rows of a morph as it is shown", () => {
    scatter.setAlignment({ reference: 0, turn: true, rows: null });
    scatter.setMorph({ panel: 0, other: 1, t: 0.5 });
    screen.settle();
    zoomTo([300, 301, 302], 0);
    expect([300, 301, 302].every((row) => inSight(row, 0))).toBe(true);
  });
});
