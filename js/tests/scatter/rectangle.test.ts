// @vitest-environment happy-dom
/** Rectangle mode: between two corners, in grids, in morphs, at the border. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { pointsInPolygon } from "../../src/scatter/polygon";
import { cloud, copy } from "./maps";
import { heard, Screen } from "./screen";

const N = 400;
const MAP = cloud(N, 1);
const rectOf = (id: number) => ({ x: 200 * id, y: 0, width: 200, height: 200 });

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen(400, 200);
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: rectOf(id) })));
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  scatter.setLayout(0, MAP, 1, 0);
  scatter.setLayout(1, copy(MAP, 2, true, 7, 3, 4), 2, 0);
  scatter.setMode("rectangle");
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

/** The rows that a panel shows between two places. */
function between(panel: number, [x0, y0]: number[], [x1, y1]: number[]): number[] {
  return Array.from({ length: N }, (_, row) => row).filter((row) => {
    const [x, y] = scatter.toScreen(panel, row);
    return (x - x0) * (x - x1) < 0 && (y - y0) * (y - y1) < 0;
  });
}

const outline = () => screen.host.querySelector("svg > path")?.getAttribute("d");

describe("a rectangle", () => {
  it("selects the same rows from any corner, and ends where the pointer was last", () => {
    const told = heard(scatter, "lasso");
    const corners: [number, number][] = [
      [60, 50],
      [150, 50],
      [150, 160],
      [60, 160],
    ];
    const expected = between(0, corners[0], corners[2]);
    expect(expected.length).toBeGreaterThan(20);
    corners.forEach((corner, i) => {
      screen.draw([corner, [199, 1], corners[(i + 2) % 4]]);
    });
    expect(told.map(({ positions }) => [...positions])).toEqual(Array(4).fill(expected));
    expect(told.map(({ vertices }) => vertices.length)).toEqual([8, 8, 8, 8]);
  });

  it("selects the rows shown in it in a turned and mirrored panel, and reports layout units", () => {
    const told = heard(scatter, "lasso");
    screen.draw([
      [260, 40],
      [350, 150],
    ]);
    expect([...told[0].positions]).toEqual(between(1, [260, 40], [350, 150]));
    expect(told[0].positions).toEqual(pointsInPolygon(scatter.displayed(1).positions, told[0].vertices));
    expect(told[0]).toMatchObject({ panel: 1, token: 2 });
  });

  it("ends at the border of its panel, even if another panel begins there", () => {
    const told = heard(scatter, "lasso");
    scatter.zoomBy(2);
    screen.settle();
    for (const [to, corner] of [
      [
        [330, 260],
        [200, 200],
      ],
      [
        [-50, -80],
        [0, 0],
      ],
      [
        [330, -80],
        [200, 0],
      ],
    ] as [[number, number], number[]][]) {
      screen.draw([[100, 100], to]);
      const rows = between(0, [100, 100], corner);
      expect([...told.splice(0)[0].positions]).toEqual(rows);
      expect(rows.length).toBeGreaterThan(5);
    }
  });

  it("selects the rows shown in it during a morph", () => {
    const told = heard(scatter, "lasso");
    scatter.setLayout(1, cloud(N, 9), 3, 0);
    scatter.setMorph({ panel: 0, other: 1, t: 0.4 });
    screen.settle();
    screen.draw([
      [60, 50],
      [150, 160],
    ]);
    expect([...told[0].positions]).toEqual(between(0, [60, 50], [150, 160]));
    expect(told[0].positions).toEqual(pointsInPolygon(scatter.displayed(0).positions, told[0].vertices));
    expect(told[0].token).toBe(-1);
  });

  it("stays on its points if the map is zoomed or the panel grows while it is drawn", () => {
    const told = heard(scatter, "lasso");
    screen.pointer("pointerdown", 60, 50);
    screen.pointer("pointermove", 150, 160, { buttons: 1 });
    const before = between(0, [60, 50], [150, 160]);
    scatter.zoomBy(1.3, 0);
    scatter.setPanels([0, 1].map((id) => ({ id, rect: { ...rectOf(id), height: 260 } })));
    screen.settle();
    screen.pointer("pointerup", 150, 160);
    expect([...told[0].positions]).toEqual(before);
  });

  it("is outlined on all four sides while it is drawn, with the lasso's cursor", () => {
    expect(screen.canvas.style.cursor).toBe("crosshair");
    screen.pointer("pointerdown", 60, 50);
    screen.pointer("pointermove", 150, 160, { buttons: 1 });
    screen.frame();
    expect(outline()).toBe("M60.0 50.0L150.0 50.0L150.0 160.0L60.0 160.0Z");
    screen.pointer("pointerup", 150, 160);
    screen.settle();
    expect(outline()).toBe("");
  });
});
