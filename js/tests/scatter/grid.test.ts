// @vitest-environment happy-dom
/** Several panels: which is which, turns, linked cameras, morphs. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { Canvas2dRenderer } from "../../src/scatter/canvas2d";
import { pointsInPolygon } from "../../src/scatter/polygon";
import { middleOf } from "../../src/scatter/procrustes";
import { cloud, copy } from "./maps";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 400;
const ALL = { reference: 7, turn: true, rows: null };
/** Three panels with gaps in their ids, side by side. */
const IDS = [7, 3, 12];
const rectOf = (i: number) => ({ x: 200 * i, y: 0, width: 200, height: 200 });

let screen: Screen;
let scatter: Scatter;

function begin(): void {
  screen = new Screen(600, 200);
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels(IDS.map((id, i) => ({ id, rect: rectOf(i) })));
}

beforeEach(begin);

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

let tokens = 0;

function show(id: number, positions: Float32Array, glideMs = 0): void {
  scatter.setLayout(id, positions, ++tokens, glideMs);
}

const MAP = cloud(N, 1);

/** The map, a turned copy and a mirrored one, of other sizes and elsewhere. */
function showCopies(): void {
  show(7, MAP);
  show(3, copy(MAP, 1, false, 20, 5, 6));
  show(12, copy(MAP, -2, true, 0.001, 0.1, 0));
  screen.settle();
}

/** Where a point is within its panel. */
function placeIn(id: number, row: number): [number, number] {
  const [x, y] = scatter.toScreen(id, row);
  return [x - rectOf(IDS.indexOf(id)).x, y];
}

function expectAlike(a: number, b: number, digits = 2): void {
  for (let row = 0; row < N; row += 7) {
    const [x, y] = placeIn(a, row);
    const [u, v] = placeIn(b, row);
    expect(u).toBeCloseTo(x, digits);
    expect(v).toBeCloseTo(y, digits);
  }
}

/** Of the map as panel `id` would show it alone, in shown units: centred and scaled. */
function inRadii(positions: Float32Array): Float32Array {
  const { x, y, rms } = middleOf(positions);
  return positions.map((value, p) => (value - (p % 2 ? y : x)) / rms);
}

describe("panels", () => {
  it("keep layout and camera when one between them goes, wherever they move", () => {
    IDS.forEach((id, i) => {
      show(id, uniform(N, i));
    });
    screen.settle();
    scatter.zoomBy(3, 12);
    scatter.panBy(5, 9, 12);
    const before = [placeIn(7, 5), placeIn(12, 5)];
    const layout = scatter.displayed(12).positions;
    const told = heard(scatter, "camera");
    scatter.setPanels([
      { id: 12, rect: rectOf(2) },
      { id: 7, rect: rectOf(0) },
    ]);
    screen.settle();
    expect([placeIn(7, 5), placeIn(12, 5)]).toEqual(before);
    expect(scatter.displayed(12).positions).toBe(layout);
    expect(() => scatter.displayed(3)).toThrow(RangeError);
    scatter.fit(12);
    screen.settle();
    expect(told.map((event) => event.panel)).toContain(12);
    expect(told.map((event) => event.panel)).not.toContain(3);
  });

  it("are identified by their ids in every event", () => {
    const [hovers, lassos, clicks, drawn] = (["hover", "lasso", "click", "drawn"] as const).map((name) =>
      heard(scatter, name),
    );
    showCopies();
    expect(drawn.at(-1)).toMatchObject({
      tokens: new Map([
        [7, tokens - 2],
        [3, tokens - 1],
        [12, tokens],
      ]),
    });
    const [x, y] = scatter.toScreen(12, 8);
    screen.pointer("pointermove", x, y);
    screen.settle();
    expect(hovers.at(-1)).toMatchObject({ panel: 12, index: 8 });
    screen.draw([[x, y]]);
    expect(clicks).toEqual([{ panel: 12, index: 8, op: "replace" }]);
    scatter.setMode("lasso");
    screen.draw([
      [220, 20],
      [380, 20],
      [300, 180],
    ]);
    expect(lassos).toMatchObject([{ panel: 3, token: tokens - 1 }]);
  });

  it("that are new or hidden are empty until their first layout", () => {
    showCopies();
    scatter.setPanels(
      [...IDS, 20].map((id, i) => ({ id, rect: { ...rectOf(i), width: i === 1 ? 0 : 150 } })),
    );
    const told = heard(scatter, "drawn");
    screen.settle();
    expect([scatter.displayed(7).token >= 0, scatter.displayed(20).token >= 0]).toEqual([true, false]);
    expect(told.at(-1)?.tokens.get(20)).toBe(-1);
    expect(scatter.toScreen(20, 0)[0]).toBeNaN();
    show(20, MAP);
    screen.settle();
    expect(scatter.displayed(20).token).toBeGreaterThanOrEqual(0);
  });

  it("that were hidden come back with the camera they had", () => {
    showCopies();
    scatter.zoomBy(3, 3);
    const before = placeIn(3, 9);
    const places = (middle: number) =>
      IDS.map((id, i) => ({ id, rect: { ...rectOf(i), width: i === 1 ? middle : 200 } }));
    scatter.setPanels(places(0));
    screen.settle();
    scatter.setPanels(places(200));
    screen.settle();
    const after = placeIn(3, 9);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
  });

  it("that go are forgotten by the renderer, even if a new one takes their id at once", () => {
    showCopies();
    const keep = vi.spyOn(Canvas2dRenderer.prototype, "keepPanels");
    scatter.setPanels([{ id: 7, rect: rectOf(0) }]);
    screen.settle();
    expect(keep).toHaveBeenLastCalledWith(new Set([7]));
    scatter.setPanels([]);
    scatter.setPanels([{ id: 7, rect: rectOf(0) }]);
    screen.settle();
    expect(keep).toHaveBeenLastCalledWith(new Set());
    expect(scatter.displayed(7).token).toBe(-1);
    keep.mockRestore();
  });

  it("that go end the lasso in them", () => {
    showCopies();
    scatter.setMode("lasso");
    screen.pointer("pointerdown", 250, 50);
    expect(scatter.drawing).toBe(true);
    scatter.setPanels([{ id: 7, rect: rectOf(0) }]);
    expect(scatter.drawing).toBe(false);
  });
});

describe("an alignment", () => {
  it("shows copies alike, whatever their turn, handedness, size and place", () => {
    scatter.setAlignment(ALL);
    showCopies();
    expectAlike(7, 3);
    expectAlike(7, 12);
    expect(scatter.alignment(7)).toEqual({ degrees: 0, mirrored: false, correlation: 1 });
    expect(scatter.alignment(3)?.degrees).toBeCloseTo((-1 * 180) / Math.PI, 3);
    expect(scatter.alignment(3)?.mirrored).toBe(false);
    expect(scatter.alignment(12)?.mirrored).toBe(true);
    expect(scatter.alignment(12)?.correlation).toBeCloseTo(1, 5);
  });

  it("turns maps at once when it begins, and turns them back when it ends", () => {
    showCopies();
    const before = IDS.map((id) => placeIn(id, 3));
    const direction = (id: number) => {
      const [[x, y], [u, v]] = [placeIn(id, 0), placeIn(id, 1)];
      return Math.atan2(v - y, u - x);
    };
    scatter.setAlignment(ALL);
    screen.frame();
    expect(direction(3)).toBeCloseTo(direction(7), 3);
    expect(direction(12)).toBeCloseTo(direction(7), 3);
    expect(placeIn(7, 3)[0]).toBeCloseTo(before[0][0], 2);
    scatter.setAlignment(null);
    screen.settle();
    IDS.forEach((id, i) => {
      expect(placeIn(id, 3)[0]).toBeCloseTo(before[i][0], 2);
    });
    expect(scatter.alignment(3)).toBeNull();
  });

  it("keeps what a moved camera shows when it begins and ends", () => {
    showCopies();
    for (const [from, to] of [
      [null, { ...ALL, turn: false }],
      [{ ...ALL, turn: false }, null],
    ]) {
      scatter.setAlignment(from);
      screen.settle();
      scatter.zoomBy(5, 3);
      scatter.panBy(10, 20, 3);
      const before = placeIn(3, 6);
      scatter.setAlignment(to);
      screen.settle();
      expect(placeIn(3, 6)[0]).toBeCloseTo(before[0], 6);
      expect(placeIn(3, 6)[1]).toBeCloseTo(before[1], 6);
    }
  });

  it("without turns only centres and scales, and still knows how alike the maps are", () => {
    scatter.setAlignment({ ...ALL, turn: false });
    showCopies();
    expect(scatter.alignment(3)).toMatchObject({ degrees: 0, mirrored: false });
    expect(scatter.alignment(3)?.correlation).toBeCloseTo(1, 5);
    const { positions } = scatter.displayed(3);
    const radii = inRadii(positions);
    const [x0, y0] = scatter.toScreen(3, 0);
    const [x1, y1] = scatter.toScreen(3, 1);
    expect((x1 - x0) / (radii[2] - radii[0])).toBeCloseTo(-(y1 - y0) / (radii[3] - radii[1]), 2);
  });

  it("uses the chosen rows, or all if these decide nothing", () => {
    const rows = Int32Array.from({ length: 40 }, (_, i) => 5 * i);
    const other = copy(MAP, 2, false);
    const part = copy(MAP, 0.5, false);
    for (const row of rows) other.set(part.subarray(2 * row, 2 * row + 2), 2 * row);
    scatter.setAlignment({ ...ALL, rows });
    show(7, MAP);
    show(3, other);
    screen.settle();
    expect(scatter.alignment(3)?.degrees).toBeCloseTo((-0.5 * 180) / Math.PI, 3);
    const whole = [Int32Array.of(4), new Int32Array(0), null].map((few) => {
      scatter.setAlignment({ ...ALL, rows: few });
      return scatter.alignment(3)?.degrees;
    });
    expect(whole[0]).toBeLessThan(-90);
    expect(whole).toEqual([whole[2], whole[2], whole[2]]);
  });

  it("follows while the maps move, and when the reference does", () => {
    scatter.setAlignment(ALL);
    showCopies();
    show(3, copy(MAP, 1.5, false, 30), 100);
    screen.settle();
    expectAlike(7, 3);
    const other = cloud(N, 5);
    for (const [id, angle] of [
      [7, 0],
      [3, 2],
      [12, 4],
    ])
      show(id, copy(other, angle, id === 12), 100);
    screen.settle();
    expectAlike(7, 3);
    expectAlike(7, 12);
    show(7, copy(other, 1, false), 100);
    screen.settle();
    expectAlike(7, 12);
  });

  it("eases to another turn, without stretching and without a jump", () => {
    scatter.setAlignment(ALL);
    showCopies();
    const distance = () => {
      const [[x, y], [u, v]] = [placeIn(12, 0), placeIn(12, 1)];
      return Math.hypot(u - x, v - y);
    };
    scatter.zoomBy(1);
    const whole = distance();
    scatter.setAlignment({ ...ALL, reference: 3 });
    let last = placeIn(12, 0);
    let frames = 0;
    while (screen.framesWanted) {
      screen.frame();
      frames++;
      const next = placeIn(12, 0);
      expect(Math.hypot(next[0] - last[0], next[1] - last[1])).toBeLessThan(20);
      expect(distance()).toBeCloseTo(whole, 2);
      last = next;
    }
    expect(frames).toBeGreaterThan(10);
    expect(frames).toBeLessThan(90);
    expect(scatter.alignment(12)).toMatchObject({ mirrored: true });
    scatter.fit();
    screen.settle();
    expectAlike(12, 7);
  });

  it("without motion turns at once", () => {
    scatter.reducedMotion = true;
    scatter.setAlignment(ALL);
    showCopies();
    scatter.setAlignment({ ...ALL, reference: 12 });
    expect(screen.settle()).toBe(1);
    expectAlike(12, 3);
  });

  it("keeps the digits of a first layout that is 1e-4 wide", () => {
    scatter.setAlignment(ALL);
    show(7, MAP);
    show(3, copy(MAP, 1, false, 1e-5));
    screen.settle();
    expectAlike(7, 3);
  });

  it("waits for its reference, and leaves maps as computed until then", () => {
    scatter.setAlignment({ ...ALL, reference: 99 });
    showCopies();
    expect(scatter.alignment(3)).toEqual({ degrees: 0, mirrored: false, correlation: 0 });
    scatter.setPanels([...IDS, 99].map((id, i) => ({ id, rect: rectOf(i) })));
    show(99, MAP);
    screen.settle();
    expectAlike(7, 12);
  });

  it("survives maps without size and with numbers that are not finite", () => {
    scatter.setAlignment(ALL);
    for (const [a, b] of [
      [Number.NaN, 1],
      [3, Number.NaN],
      [2, 2],
      [Infinity, 0],
    ]) {
      show(7, new Float32Array(2 * N).fill(a), 30);
      show(3, new Float32Array(2 * N).fill(b), 30);
      screen.settle();
    }
    showCopies();
    expectAlike(7, 3);
  });
});

describe("in a turned and mirrored panel", () => {
  const CORNERS: [number, number][] = [
    [440, 40],
    [560, 50],
    [540, 160],
    [450, 150],
  ];

  beforeEach(() => {
    scatter.setAlignment(ALL);
    showCopies();
  });

  it("the pointer means the point that is shown there", () => {
    const told = heard(scatter, "hover");
    for (const row of [0, 42, 199]) {
      const [x, y] = scatter.toScreen(12, row);
      screen.pointer("pointermove", x, y);
      screen.settle();
      expect(told.at(-1)).toEqual({ panel: 12, index: row, x, y });
      expect(screen.host.querySelectorAll("svg g")).toHaveLength(3);
    }
  });

  for (const mode of ["lasso", "rectangle"] as const) {
    it(`a ${mode} finds what is shown inside, and tells it in the layout's own units`, () => {
      scatter.setMode(mode);
      const told = heard(scatter, "lasso");
      screen.draw(CORNERS);
      expect(told).toHaveLength(1);
      const [{ positions, vertices, token }] = told;
      expect(token).toBe(tokens);
      expect(positions).toEqual(pointsInPolygon(scatter.displayed(12).positions, vertices));
      const drawn =
        mode === "lasso" ? CORNERS.flat() : [CORNERS[0][0], CORNERS[0][1], 450, 40, 450, 150, 440, 150];
      const places = Float32Array.from({ length: 2 * N }, (_, p) => scatter.toScreen(12, p >> 1)[p % 2]);
      expect(positions).toEqual(pointsInPolygon(places, Float32Array.from(drawn)));
      if (mode === "lasso") expect(positions.length).toBeGreaterThan(50);
    });
  }

  it("a lasso pauses the turn until it is drawn", () => {
    scatter.setMode("lasso");
    scatter.setAlignment({ ...ALL, reference: 3 });
    screen.frame();
    screen.pointer("pointerdown", 440, 40);
    const before = [placeIn(12, 0), placeIn(7, 0)];
    screen.settle();
    expect(placeIn(12, 0)).toEqual(before[0]);
    expect(placeIn(7, 0)).not.toEqual(before[1]);
    screen.pointer("pointerup", 440, 40);
    screen.settle();
    expectAlike(12, 7);
  });
});

describe("cameras", () => {
  /** Pixels between two points. */
  const span = (id: number) => {
    const [[x, y], [u, v]] = [scatter.toScreen(id, 0), scatter.toScreen(id, 1)];
    return Math.hypot(u - x, v - y);
  };

  beforeEach(() => {
    scatter.setAlignment(ALL);
    scatter.setLinked(true);
    showCopies();
  });

  it("that are linked move as one, and are fitted as one", () => {
    const told = heard(scatter, "camera");
    scatter.zoomBy(3, 12);
    scatter.panBy(30, -8, 3);
    screen.settle();
    expectAlike(7, 3);
    expectAlike(7, 12);
    expect(told.map(({ panel, following, k }) => [panel, following, k]).slice(-3)).toEqual(
      IDS.map((id) => [id, false, 3]),
    );
    scatter.fit(7);
    screen.settle();
    expect(told.slice(-3)).toEqual(IDS.map((panel) => ({ panel, following: true, outside: 0, k: 1 })));
  });

  it("that are linked are zoomed once by a command for all", () => {
    const told = heard(scatter, "camera");
    scatter.zoomBy(2);
    screen.settle();
    expect(told.map(({ k }) => k)).toEqual([2, 2, 2]);
  });

  it("that are linked follow the wheel in any of them", () => {
    screen.canvas.dispatchEvent(
      new WheelEvent("wheel", { deltaY: -100, clientX: 500, clientY: 60, bubbles: true, cancelable: true }),
    );
    screen.frame();
    expectAlike(12, 7);
    expect(span(7)).toBeGreaterThan(0);
  });

  it("of panels of other sizes keep the place, and the scale in proportion", () => {
    scatter.zoomBy(4, 7);
    const before = span(7);
    scatter.setPanels(IDS.map((id, i) => ({ id, rect: { ...rectOf(i), height: 100 * (i + 1) } })));
    scatter.panBy(10, 0, 3);
    screen.settle();
    expect(span(3)).toBeCloseTo(before, 3);
    expect(span(7)).toBeCloseTo(before / 2, 3);
    expect(span(12)).toBeCloseTo(before, 3);
  });

  it("that are linked show the union of all maps, at equal scale", () => {
    const long = MAP.map((value, p) => (p % 2 ? value / 10 : value * 2));
    show(3, long);
    screen.settle();
    expect(span(7)).toBeCloseTo(span(12), 2);
    const radii = [inRadii(MAP), inRadii(long)];
    const lengths = radii.map((map) => Math.hypot(map[2] - map[0], map[3] - map[1]));
    expect(span(3) / lengths[1]).toBeCloseTo(span(7) / lengths[0], 2);
    for (const id of IDS) {
      for (let row = 0; row < N; row++) {
        const [x, y] = placeIn(id, row);
        expect(x > 0 && x < 200 && y > 0 && y < 200).toBe(true);
      }
    }
    scatter.setLinked(false);
    screen.settle();
    expect(span(7) / lengths[0]).toBeGreaterThan(1.02 * (span(3) / lengths[1]));
  });

  it("take the camera that was moved last when they are linked, or else follow", () => {
    scatter.setLinked(false);
    scatter.zoomBy(4, 3);
    scatter.zoomBy(2, 12);
    screen.settle();
    const [three, twelve] = [span(3), span(12)];
    expect(three).toBeGreaterThan(twelve);
    scatter.setLinked(true);
    expect(span(3)).toBeCloseTo(twelve, 3);
    expect(span(7)).toBeCloseTo(twelve, 3);
    scatter.setLinked(false);
    scatter.fit();
    screen.settle();
    scatter.setLinked(true);
    const told = heard(scatter, "camera");
    screen.settle();
    expect(told.filter(({ following }) => !following)).toEqual([]);
  });

  it("of new panels match those of the others", () => {
    scatter.zoomBy(3);
    scatter.setPanels([...IDS, 20].map((id, i) => ({ id, rect: rectOf(i) })));
    show(20, MAP);
    screen.settle();
    expect(span(20)).toBeCloseTo(span(7), 4);
  });

  it("all stand still while a lasso is drawn in one panel", () => {
    scatter.setMode("lasso");
    screen.pointer("pointerdown", 20, 20);
    const before = [7, 12].map((id) => placeIn(id, 3));
    show(3, uniform(N, 3, 9));
    screen.settle(30);
    expect([7, 12].map((id) => placeIn(id, 3))).toEqual(before);
  });

  it("are independent without an alignment", () => {
    scatter.setAlignment(null);
    screen.settle();
    const before = span(7);
    scatter.zoomBy(3, 3);
    screen.settle();
    expect(span(7)).toBeCloseTo(before, 6);
  });
});

describe("a morph", () => {
  const OTHER = cloud(N, 9);

  beforeEach(() => {
    scatter.setAlignment(ALL);
    scatter.setLinked(true);
    show(7, MAP);
    show(3, copy(OTHER, 1, true, 5));
    screen.settle();
  });

  const places = (id: number) => Array.from({ length: N }, (_, row) => placeIn(id, row));

  it("shows one map, the other, and points on the way between them", () => {
    scatter.zoomBy(1);
    const [from, to] = [places(7), places(3)];
    const expectBetween = (t: number) => {
      scatter.setMorph({ panel: 7, other: 3, t });
      screen.settle();
      places(7).forEach(([x, y], row) => {
        expect(x).toBeCloseTo(from[row][0] + t * (to[row][0] - from[row][0]), 0);
        expect(y).toBeCloseTo(from[row][1] + t * (to[row][1] - from[row][1]), 0);
      });
    };
    for (const t of [0, 0.5, 1]) expectBetween(t);
    expect(places(3)).toEqual(to);
    expect(scatter.displayed(7)).toMatchObject({ token: -1, exact: false });
    scatter.setMorph(null);
    screen.settle();
    places(7).forEach(([x], row) => {
      expect(x).toBeCloseTo(from[row][0], 2);
    });
    expect(scatter.displayed(7).token).toBe(tokens - 1);
  });

  it("stays right when either map moves on or is turned onto another", () => {
    const told = heard(scatter, "drawn");
    scatter.setMorph({ panel: 7, other: 3, t: 1 });
    screen.settle();
    const newer = cloud(N, 11);
    show(3, copy(newer, 2, false), 50);
    screen.settle();
    expectAlike(3, 7, 0);
    expect(told.at(-1)?.tokens.get(3)).toBe(tokens);
    show(7, cloud(N, 12), 50);
    screen.settle();
    expectAlike(3, 7, 0);
    expect(told.at(-1)?.tokens.get(7)).toBe(tokens);
    scatter.setAlignment({ ...ALL, reference: 3 });
    screen.settle();
    expectAlike(3, 7, 0);
  });

  it("is circled as it is shown", () => {
    scatter.setMorph({ panel: 7, other: 3, t: 0.3 });
    screen.settle();
    scatter.setMode("lasso");
    const told = heard(scatter, "lasso");
    const corners: [number, number][] = [
      [40, 40],
      [160, 50],
      [150, 160],
    ];
    screen.pointer("pointerdown", ...corners[0]);
    show(3, cloud(N, 13));
    screen.settle(20);
    const shown = Float32Array.from({ length: 2 * N }, (_, p) => scatter.toScreen(7, p >> 1)[p % 2]);
    for (const corner of corners.slice(1)) screen.pointer("pointermove", ...corner, { buttons: 1 });
    screen.pointer("pointerup", ...corners[2]);
    expect(told).toMatchObject([{ panel: 7, token: -1 }]);
    expect(told[0].positions).toEqual(pointsInPolygon(shown, Float32Array.from(corners.flat())));
    expect(told[0].positions).toEqual(pointsInPolygon(scatter.displayed(7).positions, told[0].vertices));
    screen.settle();
    scatter.setMorph({ panel: 7, other: 3, t: 1 });
    screen.settle();
    expectAlike(3, 7, 0);
  });

  it("costs one picture per step of the slider", () => {
    scatter.setMorph({ panel: 7, other: 3, t: 0 });
    screen.settle();
    scatter.setLinked(false);
    screen.settle();
    const before = screen.pictures;
    scatter.setMorph({ panel: 7, other: 3, t: 0.001 });
    screen.frame();
    expect(screen.pictures).toBe(before + 1);
  });

  it("waits for both maps, and ends with a panel and with the alignment", () => {
    scatter.setMorph({ panel: 12, other: 3, t: 1 });
    screen.settle();
    show(12, MAP);
    screen.settle();
    expectAlike(3, 12, 0);
    scatter.setPanels([7, 12].map((id, i) => ({ id, rect: rectOf(i) })));
    expect(scatter.displayed(12).token).toBe(tokens);
    scatter.setMorph({ panel: 12, other: 7, t: 1 });
    scatter.setAlignment(null);
    expect(scatter.displayed(12).token).toBe(tokens);
    expect(() => scatter.setMorph({ panel: 12, other: 7, t: 1 })).toThrow(RangeError);
  });
});

describe("travel", () => {
  it("is how far each point lies from its place on the other map, by the newest layouts", () => {
    scatter.setAlignment(ALL);
    expect(scatter.travel(7, 3)).toHaveLength(0);
    show(7, MAP);
    const other = copy(MAP, 1, true, 8, 3, 3);
    const moved = MAP.slice();
    moved[10] += 2;
    show(3, copy(moved, 1, true, 8, 3, 3));
    const distances = scatter.travel(7, 3);
    expect(distances.indexOf(Math.max(...distances))).toBe(5);
    expect(distances[5]).toBeCloseTo(2 / middleOf(MAP).rms, 1);
    show(3, other);
    expect(Math.max(...scatter.travel(7, 3))).toBeLessThan(1e-4);
    screen.settle();
    expect(Math.max(...scatter.travel(3, 7))).toBeLessThan(1e-4);
  });

  it("is unknown without an alignment", () => {
    showCopies();
    expect(() => scatter.travel(7, 3)).toThrow(RangeError);
  });
});
