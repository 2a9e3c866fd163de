// @vitest-environment happy-dom
/** What stands back by isolation is not selected; what stands out is easy to hit. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type Mode, type Scatter } from "../../src/scatter";
import { Canvas2dRenderer } from "../../src/scatter/canvas2d";
import { nearestPoint } from "../../src/scatter/pick";
import { pointsInPolygon } from "../../src/scatter/polygon";
import { PLAIN } from "../../src/scatter/pose";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 500;
const CORNERS: [number, number][] = [
  [120, 80],
  [280, 80],
  [280, 220],
];

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([{ id: 0, rect: { x: 0, y: 0, width: 400, height: 300 } }]);
  scatter.setLayout(0, uniform(N, 1), 1, 0);
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const mask = (chosen: (row: number) => boolean) =>
  Uint8Array.from({ length: N }, (_, row) => Number(chosen(row)));

describe("muted points", () => {
  for (const mode of ["lasso", "rectangle"] as Mode[]) {
    it(`are left out by a ${mode}, which tells how many`, () => {
      scatter.setMode(mode);
      const told = heard(scatter, "lasso");
      const draw = () => {
        screen.draw(CORNERS);
        const [event] = told.splice(0);
        return { ...event, inside: pointsInPolygon(scatter.displayed(0).positions, event.vertices) };
      };
      const all = draw();
      expect(all.muted).toBe(0);
      expect(all.positions).toEqual(all.inside);
      expect(all.inside.length).toBeGreaterThan(20);

      scatter.setMuted(mask((row) => row % 3 > 0));
      const some = draw();
      expect([...some.positions]).toEqual([...all.inside].filter((row) => row % 3 === 0));
      expect(some.muted).toBe(all.inside.length - some.positions.length);

      scatter.setMuted(mask(() => true));
      expect(draw()).toMatchObject({ positions: new Int32Array(0), muted: all.inside.length, op: "replace" });

      scatter.setMuted(null);
      expect(draw().positions).toEqual(all.positions);
    });
  }

  it("are not clicked: the nearest other point within reach is, or none", () => {
    const clicked = heard(scatter, "click");
    const place = scatter.toScreen(0, 42);
    scatter.setMuted(mask((row) => row === 42));
    screen.draw([place]);
    expect(clicked.pop()?.index).not.toBe(42);
    scatter.setMuted(mask((row) => row !== 42));
    screen.draw([[place[0] + 3, place[1]]]);
    expect(clicked.pop()?.index).toBe(42);
    scatter.setMuted(mask(() => true));
    screen.draw([place]);
    expect(clicked.pop()).toEqual({ panel: 0, index: null, op: "replace" });
  });

  it("are not pointed at: the ring shows what a click would select", () => {
    const told = heard(scatter, "hover");
    scatter.setMuted(mask(() => true));
    screen.pointer("pointermove", ...scatter.toScreen(0, 42));
    screen.settle();
    expect(told).toEqual([]);
  });
});

describe("a few selected among many", () => {
  const FEW = [3, 42, 77];
  const select = () => scatter.setSelection(mask((row) => FEW.includes(row)));

  it("are drawn larger, and the others as before", () => {
    const draw = vi.spyOn(Canvas2dRenderer.prototype, "draw");
    const style = () => {
      screen.settle();
      return draw.mock.lastCall?.[1].style;
    };
    scatter.setLook({ size: 0.8, opacity: null });
    expect(style()).toMatchObject({ radius: 0.8, dimmedRadius: 0.8 });
    select();
    expect(style()).toMatchObject({ radius: 3, dimmedRadius: 0.8 });
    scatter.setSelection(mask(() => true));
    expect(style()).toMatchObject({ radius: 0.8 });
    scatter.setSelection(null);
    scatter.setMuted(mask((row) => !FEW.includes(row)));
    expect(style()).toMatchObject({ radius: 3, opacity: 0.95, dimmedRadius: 0.8 });
  });

  it("win over points beneath their discs, and have a larger reach", () => {
    const clicked = heard(scatter, "click");
    const click = (x: number, y: number) => {
      screen.draw([[x, y]]);
      return clicked.pop()?.index;
    };
    // Row 42 with a companion 1.5 pixels to the right, and nothing else near.
    const positions = uniform(N, 1).map((value) => value * 0.001);
    positions.set([10, 10], 2 * 42);
    scatter.setLayout(0, positions, 2, 0);
    scatter.setLook({ size: 0.5, opacity: null });
    screen.settle();
    const [x] = scatter.toScreen(0, 42);
    const perUnit = (x - scatter.toScreen(0, 0)[0]) / (10 - positions[0]);
    positions.set([10 + 1.5 / perUnit, 10], 2 * 43);
    scatter.setLayout(0, positions.slice(), 3, 0);
    screen.settle();
    const [px, py] = scatter.toScreen(0, 42);
    expect(click(px + 1.5, py)).toBe(43);
    expect(click(px - 7, py)).toBeNull();
    select();
    expect(click(px + 1.5, py)).toBe(42);
    expect(click(px + 4, py)).toBe(43);
    expect(click(px - 7, py)).toBe(42);
    expect(click(px - 9, py)).toBeNull();
  });

  it("are ringed around their own discs", () => {
    scatter.setLook({ size: 0.5, opacity: null });
    const radius = () => {
      scatter.setHover(42);
      screen.settle();
      return Number(screen.host.querySelector("svg g circle")?.getAttribute("r"));
    };
    const before = radius();
    select();
    expect(radius()).toBe(before + 2.5);
  });
});

it("the nearest point is searched among the given rows without the muted ones", () => {
  const positions = Float32Array.of(0, 0, 1, 0, 2, 0, 3, 0);
  const nearest = (rows: number[] | null, muted: number[] | null) =>
    nearestPoint(positions, 0.1, 0, 2.5, PLAIN, {
      rows: rows && Uint32Array.from(rows),
      muted: muted && Uint8Array.from(muted),
    });
  expect(nearest(null, null)).toBe(0);
  expect(nearest([3, 2, 1], null)).toBe(1);
  expect(nearest([3, 2, 1], [0, 1, 0, 0])).toBe(2);
  expect(nearest([3], null)).toBe(-1);
  expect(nearest(null, [1, 1, 1, 0])).toBe(-1);
});
