// @vitest-environment happy-dom
/** Names above the points: where they go, which come first, and that they can be read. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type NamesOn, type Scatter } from "../../src/scatter";
import { AnchorFinder } from "../../src/scatter/anchors";
import { contrast, readable } from "../../src/scatter/color";
import { Importance } from "../../src/scatter/importance";
import type { Rgb } from "../../src/scatter/renderer";
import { NAME_HEIGHT, Spots } from "../../src/scatter/spots";
import { random, uniform } from "./random";
import { heard, Screen } from "./screen";

/** So many points around a place, within a radius. */
function clump(n: number, x: number, y: number, radius: number, seed: number): number[] {
  return [...uniform(n, seed, radius)].map((v, i) => v + (i % 2 ? y : x));
}

function place(anchors: { places: Float32Array }, label: number): [number, number] {
  return [anchors.places[2 * label], anchors.places[2 * label + 1]];
}

function far([x, y]: [number, number], to: [number, number]): number {
  return Math.hypot(x - to[0], y - to[1]);
}

describe("an anchor", () => {
  it("is the densest spot of the label's largest clump, not the mean of its rows", () => {
    const label = [...clump(60, -5, 0, 1, 1), ...clump(20, -5, 0, 0.2, 2), ...clump(50, 5, 3, 1, 3)];
    const others = clump(100, 0, -5, 2, 4);
    const positions = Float32Array.from([...label, ...others]);
    const codes = Uint16Array.from({ length: 230 }, (_, row) => Number(row >= 130));
    const found = new AnchorFinder(codes, 2).find(positions, null);
    expect(far(place(found, 0), [-5, 0])).toBeLessThan(0.3);
    expect(found.sizes[0]).toBe(80);
    expect(found.rows[0]).toBeLessThan(80);
  });

  it("lies on a ring, not in the middle of it", () => {
    const positions = Float32Array.from({ length: 400 }, (_, i) => {
      const angle = (Math.floor(i / 2) / 200) * 2 * Math.PI;
      return i % 2 ? Math.sin(angle) : Math.cos(angle);
    });
    const found = new AnchorFinder(new Uint16Array(200), 1).find(positions, null);
    expect(far(place(found, 0), [0, 0])).toBeGreaterThan(0.8);
  });

  it("of a label with one row is that row; a row without a place has none, and counts for none", () => {
    const positions = Float32Array.of(1, 2, Number.NaN, Number.NaN, 3, 4, 3.1, 4, Number.NaN, Number.NaN);
    const found = new AnchorFinder(Uint16Array.of(0, 1, 2, 2, 2), 3).find(positions, null);
    expect(place(found, 0)).toEqual([1, 2]);
    expect([...found.sizes]).toEqual([1, 0, 2]);
    expect(place(found, 1)).toEqual([Number.NaN, Number.NaN]);
  });

  it("stays in its clump while another hardly outgrows it, and leaves it for one that is much larger", () => {
    const at = (left: number, right: number) =>
      Float32Array.from([...clump(left, -5, 0, 1, 1), ...clump(right, 5, 0, 1, 2)]);
    const finder = new AnchorFinder(new Uint16Array(100), 1);
    const first = finder.find(at(52, 48), null);
    expect(place(first, 0)[0]).toBeLessThan(-4);
    expect(place(finder.find(at(48, 52), first), 0)[0]).toBeLessThan(-4);
    expect(place(finder.find(at(48, 52), null), 0)[0]).toBeGreaterThan(4);
    expect(place(finder.find(at(20, 80), first), 0)[0]).toBeGreaterThan(4);
  });

  it("follows a clump that moves by about as much as the clump does", () => {
    const finder = new AnchorFinder(new Uint16Array(200), 1);
    const start = Float32Array.from(clump(200, 0, 0, 1, 5));
    let before = finder.find(start, null);
    for (let step = 1; step <= 30; step++) {
      const moved = start.map((v, i) => v + (i % 2 ? 0 : step * 0.05));
      const after = finder.find(moved, before);
      expect(far(place(after, 0), place(before, 0))).toBeLessThan(0.2);
      before = after;
    }
  });

  it("is looked for in a part of the map, if asked for", () => {
    const positions = Float32Array.from([...clump(80, -5, 0, 1, 1), ...clump(20, 5, 0, 1, 2)]);
    const pose = { x: 1, y: 0, turn: [-2, 0, 0, 2] as const };
    const part = { pose, left: -12, bottom: -4, width: 8, height: 8, open: false };
    const found = new AnchorFinder(new Uint16Array(100), 1).find(positions, null, part);
    expect(far(place(found, 0), [5, 0])).toBeLessThan(1);
    expect(found.sizes[0]).toBeLessThanOrEqual(20);
  });
});

describe("the order", () => {
  const none = () => false;

  it("begins with large clumps and leaves out what has no place", () => {
    const sizes = Uint32Array.of(5, 0, 80, 7);
    const anchors = {
      places: Float32Array.of(0, 0, Number.NaN, Number.NaN, 1, 1, 2, 0),
      rows: new Int32Array(4),
      sizes,
    };
    expect([...new Importance().order(anchors, none)]).toEqual([2, 3, 0]);
    // One that is shown is not replaced by one hardly larger.
    expect([
      ...new Importance().order({ ...anchors, sizes: Uint32Array.of(6, 0, 80, 7) }, (label) => label === 0),
    ]).toEqual([2, 0, 3]);
  });

  it("of single points begins with those far apart, and stays while they move a little", () => {
    const n = 1000;
    const places = uniform(n, 3);
    const anchors = { places, rows: new Int32Array(n), sizes: new Uint32Array(n).fill(1) };
    const importance = new Importance();
    const first = [...importance.order(anchors, none)].slice(0, 16);
    const nearest = Math.min(
      ...first.flatMap((a, i) =>
        first
          .slice(0, i)
          .map((b) => Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1])),
      ),
    );
    expect(nearest).toBeGreaterThan(0.15); // 16 at random have about 0.03
    const jitter = random(4);
    const moved = { ...anchors, places: places.map((v) => v + 0.01 * jitter()) };
    const second = [...importance.order(moved, none)].slice(0, 16);
    expect(second.filter((label) => first.includes(label)).length).toBeGreaterThanOrEqual(14);
  });
});

describe("spots", () => {
  const RECT = { x: 10, y: 20, width: 300, height: 200 };
  const wanted = (n: number, anchors: Float32Array, size = 2) => ({
    rect: RECT,
    order: Uint32Array.from({ length: n }, (_, i) => i),
    anchors,
    sizes: new Uint32Array(n).fill(size),
    width: (label: number) => 20 + (label % 7) * 10,
    radius: 3,
  });
  const anchorsIn = (n: number, seed: number) =>
    uniform(n, seed, 0.5).map((v, i) => (i % 2 ? RECT.y + 100 + 200 * v : RECT.x + 150 + 300 * v));

  it("never overlap nor leave the panel", () => {
    const numbers = [fc.integer(), fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 2 })] as const;
    const away = (by: number, size: number, room: number) => room / 2 - Math.abs(by) - size / 2;
    fc.assert(
      fc.property(...numbers, (seed, n, size) => {
        const { width } = wanted(n, new Float32Array(0));
        const spots = new Spots();
        let [edge, gap] = [0, 0];
        for (const step of [0, 3, 6]) {
          const anchors = anchorsIn(n, seed).map((v) => v + step);
          spots.place(wanted(n, anchors, size));
          spots.shown.forEach((a, i) => {
            const across = away(a.x - RECT.x - RECT.width / 2, width(a.label), RECT.width);
            edge = Math.min(edge, across, away(a.y - RECT.y - RECT.height / 2, NAME_HEIGHT, RECT.height));
            for (const b of spots.shown.slice(0, i)) {
              const apart = Math.abs(a.x - b.x) - (width(a.label) + width(b.label)) / 2;
              gap = Math.min(gap, Math.max(apart, Math.abs(a.y - b.y) - NAME_HEIGHT));
            }
          });
        }
        expect(edge).toBeGreaterThan(-1e-3);
        expect(gap).toBeGreaterThan(-1e-3);
      }),
      { numRuns: 50 },
    );
  });

  it("of clumps are at their anchors, or joined to them by a line", () => {
    const spots = new Spots();
    const anchors = Float32Array.from({ length: 16 }, (_, i) => 100 + (i % 2 ? 0 : 3 * (i / 2)));
    spots.place({ ...wanted(8, anchors), width: () => 60 });
    expect(spots.shown[0]).toMatchObject({ label: 0, x: 100, y: 100, line: null });
    const joined = spots.shown.filter(({ line }) => line);
    expect(spots.shown.length).toBeGreaterThan(5); // there is room around, but not for all
    expect(joined.length).toBeGreaterThan(0);
    for (const { label, line } of joined) expect(line?.slice(0, 2)).toEqual([100 + 3 * label, 100]);
  });

  it("of points stand beside them", () => {
    const spots = new Spots();
    spots.place(wanted(1, Float32Array.of(100, 100), 1));
    expect(spots.shown[0]).toMatchObject({ x: 100 + 3 + 3 + 10, y: 100, line: null });
  });

  it("stay where they are while they fit, and go back once there is much room", () => {
    const spots = new Spots();
    const at = (gap: number) => {
      spots.place({ ...wanted(2, Float32Array.of(100, 100, 100 + gap, 100)), width: () => 40 });
      return spots.shown.map(({ x, y }) => [x, y]);
    };
    expect(at(30)[1][1]).not.toBe(100); // it had to move up or down
    expect(at(43)[1][1]).not.toBe(100); // it would just fit, and stays
    expect(at(60)[1]).toEqual([160, 100]);
    expect(at(43)[1]).toEqual([143, 100]); // and stays again
  });

  it("are more as one zooms in", () => {
    const anchors = uniform(400, 5, 100).map((v, i) => v + (i % 2 ? 120 : 160));
    const spots = new Spots();
    spots.place(wanted(400, anchors, 1));
    const before = new Set(spots.shown.map(({ label }) => label));
    const zoomed = anchors.map((v, i) => 4 * (v - (i % 2 ? 120 : 160)) + (i % 2 ? 120 : 160));
    spots.place(wanted(400, zoomed, 1));
    const inSight = (label: number) =>
      Math.abs(zoomed[2 * label] - 160) < 150 && Math.abs(zoomed[2 * label + 1] - 120) < 100;
    expect(spots.shown.length).toBeGreaterThan([...before].filter(inSight).length);
  });
});

describe("ink", () => {
  it("has a contrast of 4.5 on any background, and is the point's own colour if that has", () => {
    const rgb = fc.tuple(
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(rgb, rgb, (color, ground) => {
        const ink = readable(color as Rgb, ground as Rgb);
        expect(contrast(ink, ground as Rgb)).toBeGreaterThanOrEqual(4.5);
        if (contrast(color as Rgb, ground as Rgb) >= 4.5) expect(ink).toEqual(color);
      }),
    );
  });

  it("is darkened on white and lightened on black, and keeps its hue", () => {
    const [r, g, b] = readable([240, 228, 66], [255, 255, 255]);
    expect(r).toBeGreaterThan(g);
    expect(g).toBeGreaterThan(2 * b);
    const blue = readable([0, 114, 178], [17, 17, 17]);
    expect(blue[2]).toBeGreaterThan(blue[1]);
    expect(blue[1]).toBeGreaterThan(blue[0]);
  });
});

describe("on the map", () => {
  const N = 300;
  const CODES = Uint16Array.from({ length: N }, (_, row) => row % 3);
  const NAMES: NamesOn = { codes: CODES, texts: ["ape", "bee", "c".repeat(60)], colors: null };
  let screen: Screen;
  let scatter: Scatter;

  /** Each label in a clump of its own. */
  const layout = (seed: number) =>
    uniform(N, seed).map((v, i) => v + 6 * ((Math.floor(i / 2) % 3) - 1) * (i % 2 ? 0 : 1));

  beforeEach(() => {
    screen = new Screen(600, 300);
    scatter = screen.scatter();
    scatter.setPoints(CODES, categoricalPalette(3, false));
    scatter.setPanels([
      { id: 0, rect: { x: 0, y: 0, width: 400, height: 300 } },
      { id: 1, rect: { x: 400, y: 0, width: 100, height: 300 } },
    ]);
    for (const id of [0, 1]) scatter.setLayout(id, layout(id), 1, 0);
    screen.settle();
  });

  afterEach(() => {
    scatter.destroy();
    vi.unstubAllGlobals();
  });

  const texts = () => [...scatter.shapes().querySelectorAll(".tw-names text")];

  it("are in each panel that has room, told, and shortened if they are long", () => {
    const told = heard(scatter, "names");
    scatter.setNames(NAMES);
    screen.settle();
    expect([...(told.at(-1) ?? [])]).toEqual([
      [0, 3],
      [1, 0],
    ]);
    const written = texts().map(({ textContent }) => textContent);
    expect(written).toEqual(expect.arrayContaining(["ape", "bee"]));
    expect(written).toContainEqual(expect.stringMatching(/^c{5,40}…c{3,30}$/));
    scatter.setNames(null);
    screen.settle();
    expect([...(told.at(-1) ?? [])].map(([, count]) => count)).toEqual([0, 0]);
  });

  it("are at rest when nothing moves", () => {
    scatter.setNames(NAMES);
    screen.settle();
    const find = vi.spyOn(AnchorFinder.prototype, "find");
    const placed = vi.spyOn(Spots.prototype, "place");
    scatter.setHover(4); // draws a ring in another frame
    screen.settle();
    expect([find.mock.calls.length, placed.mock.calls.length]).toEqual([0, 0]);
    scatter.panBy(10, 0, 0);
    screen.settle();
    expect([find.mock.calls.length, placed.mock.calls.length]).toEqual([0, 1]);
    vi.restoreAllMocks();
  });

  it("glide with their points", () => {
    scatter.setNames(NAMES);
    screen.settle();
    const x = () =>
      Number(
        texts()
          .find(({ textContent }) => textContent === "ape")
          ?.getAttribute("x"),
      );
    scatter.panBy(0, 0); // the camera no longer follows
    screen.settle();
    const before = x();
    scatter.setLayout(
      0,
      layout(0).map((v, i) => v + (i % 2 ? 0 : 2)),
      2,
      160,
    );
    screen.frame();
    const steps: number[] = [];
    for (let last = before; screen.framesWanted > 0; last = x()) {
      screen.frame();
      steps.push(x() - last);
    }
    expect(steps.length).toBeGreaterThan(5);
    for (const step of steps) expect(step).toBeGreaterThanOrEqual(-0.1);
    expect(Math.max(...steps)).toBeLessThan(0.3 * steps.reduce((a, b) => a + b));
  });

  it("of labels that stand back are faint", () => {
    scatter.setNames(NAMES);
    const opacity = () =>
      Object.fromEntries(texts().map((text) => [text.textContent, text.getAttribute("opacity")]));
    scatter.setMuted(CODES.map((code) => Number(code === 1)) as unknown as Uint8Array);
    screen.settle();
    expect(opacity()).toMatchObject({ ape: "1", bee: "0.35" });
    scatter.setMuted(null);
    scatter.setSelection(Uint8Array.from(CODES, (code) => Number(code === 1)));
    screen.settle();
    expect(opacity()).toMatchObject({ ape: "0.35", bee: "1" });
  });

  it("let the pointer through", () => {
    scatter.setNames(NAMES);
    screen.settle();
    expect(screen.host.querySelector<HTMLElement>("canvas.tw-names")?.style.pointerEvents).toBe("none");
  });

  it("refuse codes of other points", () => {
    expect(() => scatter.setNames({ ...NAMES, codes: new Uint16Array(2) })).toThrow(
      "names has codes of 2 points",
    );
  });
});
