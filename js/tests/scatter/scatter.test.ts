// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { Canvas2dRenderer } from "../../src/scatter/canvas2d";
import { Panel } from "../../src/scatter/panel";
import { pointsInPolygon } from "../../src/scatter/polygon";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 500;
const whole = { x: 0, y: 0, width: 400, height: 300 };
const AROUND_THE_MIDDLE: [number, number][] = [
  [120, 80],
  [280, 80],
  [280, 220],
  [120, 220],
];

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([{ id: 0, rect: whole }]);
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

const show = (seed: number, token: number, glideMs = 0, scale = 1) =>
  scatter.setLayout(0, uniform(N, seed, scale), token, glideMs);

describe("drawing", () => {
  it("happens only when something changed", () => {
    show(1, 1);
    screen.settle();
    const drawn = screen.pictures;
    expect(screen.framesWanted).toBe(0);
    screen.frame();
    expect(screen.pictures).toBe(drawn);
    scatter.setSelection(new Uint8Array(N));
    screen.settle();
    expect(screen.pictures).toBe(drawn + 1);
  });

  it("continues while a layout glides or the camera moves, and then stops", () => {
    show(1, 1);
    screen.settle();
    show(2, 2, 200, 5);
    const frames = screen.settle();
    expect(frames).toBeGreaterThan(10);
    expect(frames).toBeLessThan(120);
    expect(scatter.displayed(0)).toMatchObject({ token: 2, exact: true });
  });

  it("keeps its size while the page gives the canvas no box, and goes on once it does", () => {
    show(1, 1);
    screen.settle();
    const drawn = screen.pictures;
    scatter.setPanels([{ id: 0, rect: whole }]); // the canvas was resized
    screen.resize(0, 0);
    screen.frame();
    expect([screen.canvas.width, screen.pictures]).toEqual([400, drawn]);
    screen.resize(300, 200); // of which no observer tells
    screen.settle();
    expect([screen.canvas.width, screen.canvas.height, screen.pictures]).toEqual([300, 200, drawn + 1]);
    expect(screen.framesWanted).toBe(0);
  });

  it("pauses while the canvas is not visible, and then shows the newest layout", () => {
    scatter.setVisible(false);
    for (let token = 1; token <= 100; token++) show(token, token, 50);
    expect(screen.framesWanted).toBe(0);
    scatter.setVisible(true);
    const told = heard(scatter, "drawn");
    screen.frame();
    expect(told.map((event) => event.tokens)).toEqual([new Map([[0, 100]])]);
  });

  it("of one panel leaves the others as they are", () => {
    scatter.setPanels([
      { id: 0, rect: { ...whole, width: 200 } },
      { id: 1, rect: { ...whole, x: 200, width: 200 } },
    ]);
    for (const panel of [0, 1]) scatter.setLayout(panel, uniform(N, panel), 1, 0);
    screen.settle();
    const before = screen.pictures;
    scatter.setLayout(1, uniform(N, 5), 2, 0);
    screen.frame();
    expect(screen.pictures).toBe(before + 1);
  });

  it("in other colours uploads the codes, but neither the order nor the positions", () => {
    show(1, 1);
    screen.settle();
    const [codes, order, positions] = (["setPoints", "setOrder", "setPositions"] as const).map((name) =>
      vi.spyOn(Canvas2dRenderer.prototype, name),
    );
    const counted = vi.spyOn(Panel.prototype, "outside");
    const other = new Uint16Array(N).fill(1);
    for (let i = 0; i < 3; i++) {
      scatter.setPoints(other, categoricalPalette(2, false));
      screen.settle();
    }
    expect(codes).toHaveBeenCalledTimes(3);
    expect(codes.mock.lastCall?.[0]).toBe(other);
    expect(order).not.toHaveBeenCalled();
    expect(positions).not.toHaveBeenCalled();
    expect(counted).not.toHaveBeenCalled();
    scatter.setSelection(new Uint8Array(N));
    screen.settle();
    expect(codes).toHaveBeenCalledTimes(3);
    expect(order).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });

  it("uses the chosen size and opacity, and leaves the rest as it is", () => {
    show(1, 1);
    screen.settle();
    const draw = vi.spyOn(Canvas2dRenderer.prototype, "draw");
    const drawn = () => {
      screen.settle();
      return draw.mock.lastCall?.[1].style;
    };
    scatter.setLook({ size: 2.5, opacity: 0.3 });
    expect(drawn()).toMatchObject({ radius: 2.5 * devicePixelRatio, opacity: 0.3 });
    scatter.zoomBy(5);
    expect(drawn()).toMatchObject({ radius: 2.5 * devicePixelRatio });
    scatter.setSelection(new Uint8Array(N).fill(1, 0, 9));
    const style = drawn();
    expect(style?.opacity).toBe(0.65);
    expect(style?.dimmedOpacity).toBeLessThan(0.3);
    scatter.setLook({ size: null, opacity: null });
    expect(drawn()?.radius).toBeGreaterThan(2.5);
    vi.restoreAllMocks();
  });

  it("without motion jumps to the layout and to the fitted camera", () => {
    scatter.destroy();
    screen = new Screen();
    scatter = screen.scatter();
    scatter.reducedMotion = true;
    scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
    scatter.setPanels([{ id: 0, rect: whole }]);
    show(1, 1);
    screen.settle();
    show(2, 2, 300, 1000);
    expect(screen.settle()).toBe(1);
    expect(scatter.displayed(0).exact).toBe(true);
  });

  it("refuses layouts of another size and unknown panels", () => {
    expect(() => scatter.setLayout(0, new Float32Array(4), 1, 0)).toThrow(RangeError);
    expect(() => scatter.fit(1)).toThrow(RangeError);
    expect(() => scatter.setPoints(new Uint16Array(3), new Uint8Array(3))).toThrow(RangeError);
    const few = new Map([[0, new Uint16Array(3)]]);
    expect(() => scatter.setPoints(new Uint16Array(N), new Uint8Array(3), few)).toThrow(RangeError);
    expect(() => scatter.setLook({ size: 0, opacity: null })).toThrow("size is 0");
    expect(() => scatter.setLook({ size: null, opacity: 1.5 })).toThrow("opacity is 1.5");
    for (const row of [N, -1, 0.5, Number.NaN]) {
      expect(() => scatter.setHover(row)).toThrow(RangeError);
      expect(() => scatter.setOrigin(row)).toThrow(RangeError);
      expect(() => scatter.setLinks({ from: 0, to: new Map([[0, [1, row]]]) })).toThrow(RangeError);
    }
    expect(() => scatter.zoomTo(Int32Array.of(N))).toThrow(`rows has ${N}, not one of ${N} points`);
  });
});

describe("a lasso", () => {
  beforeEach(() => {
    scatter.setMode("lasso");
    show(1, 1);
    screen.settle();
  });

  it("selects the rows that lie inside on the screen", () => {
    const told = heard(scatter, "lasso");
    screen.draw(AROUND_THE_MIDDLE);
    const expected: number[] = [];
    for (let row = 0; row < N; row++) {
      const [x, y] = scatter.toScreen(0, row);
      if (x > 120 && x < 280 && y > 80 && y < 220) expected.push(row);
    }
    expect(expected.length).toBeGreaterThan(50);
    expect(told).toHaveLength(1);
    expect([...told[0].positions]).toEqual(expected);
    expect(told[0]).toMatchObject({ panel: 0, op: "replace", token: 1 });
  });

  it("holds the picture still, reports the circled layout, and admits newer layouts afterwards", () => {
    const told = heard(scatter, "lasso");
    show(2, 2, 100);
    screen.frame();
    screen.pointer("pointerdown", 120, 80);
    const before = scatter.displayed(0).positions.slice();
    show(3, 3, 100);
    show(4, 4, 100);
    screen.settle();
    for (const [x, y] of AROUND_THE_MIDDLE) screen.pointer("pointermove", x, y, { buttons: 1 });
    expect(scatter.displayed(0).positions).toEqual(before);
    screen.pointer("pointerup", 120, 220);
    expect(told[0].token).toBe(2);
    expect(told[0].positions).toEqual(pointsInPolygon(before, told[0].vertices));
    screen.settle();
    expect(scatter.displayed(0)).toMatchObject({ token: 4, exact: true });
  });

  it("adds with shift, removes with alt, intersects with both", () => {
    const told = heard(scatter, "lasso");
    const draws = () => {
      screen.draw(AROUND_THE_MIDDLE);
      screen.draw(AROUND_THE_MIDDLE, { shiftKey: true });
      screen.draw(AROUND_THE_MIDDLE, { altKey: true });
      screen.draw(AROUND_THE_MIDDLE, { shiftKey: true, altKey: true });
      return told.splice(0).map((event) => event.op);
    };
    expect(draws()).toEqual(["replace", "add", "remove", "intersect"]);
    // Without keys to hold, what is done is chosen beforehand.
    scatter.setOp("intersect");
    expect(draws()).toEqual(["intersect", "add", "remove", "intersect"]);
    const clicks = heard(scatter, "click");
    screen.draw([scatter.toScreen(0, 7)]);
    expect(clicks).toEqual([{ panel: 0, index: 7, op: "intersect" }]);
  });

  it("is a click if it is tiny", () => {
    const told = heard(scatter, "lasso");
    const clicks = heard(scatter, "click");
    const [x, y] = scatter.toScreen(0, 7);
    screen.draw([
      [x, y],
      [x + 1, y],
      [x + 1, y + 1],
    ]);
    expect(told).toEqual([]);
    expect(clicks).toEqual([{ panel: 0, index: 7, op: "replace" }]);
  });

  it("can be cancelled", () => {
    const told = heard(scatter, "lasso");
    screen.pointer("pointerdown", 120, 80);
    screen.pointer("pointermove", 280, 220, { buttons: 1 });
    expect(scatter.drawing).toBe(true);
    expect(scatter.cancelLasso()).toBe(true);
    screen.pointer("pointerup", 120, 220);
    expect(told).toEqual([]);
    expect(scatter.cancelLasso()).toBe(false);
    show(2, 2);
    screen.settle();
    expect(scatter.displayed(0).token).toBe(2);
  });

  it.each([
    ["finger", { pointerType: "touch" }, { pointerType: "touch", pointerId: 2, isPrimary: true }],
    ["pen", { pointerType: "pen", isPrimary: true }, { pointerType: "pen", pointerId: 2, isPrimary: true }],
    ["pen, by the mouse", { pointerType: "pen", isPrimary: true }, { pointerId: 2, isPrimary: true }],
  ])("is drawn after a press whose release was lost: %s", (_, lost, next) => {
    const told = heard(scatter, "lasso");
    screen.pointer("pointerdown", 120, 80, lost);
    screen.canvas.releasePointerCapture(1);
    for (let i = 0; i < 3; i++) {
      const pointer = { ...next, pointerId: next.pointerId + i };
      screen.pointer("pointerdown", ...AROUND_THE_MIDDLE[0], pointer);
      for (const place of AROUND_THE_MIDDLE)
        screen.pointer("pointermove", ...place, { ...pointer, buttons: 1 });
      screen.pointer("pointerup", ...AROUND_THE_MIDDLE[0], pointer);
    }
    expect(told).toHaveLength(3);
    expect(told[2].positions.length).toBeGreaterThan(50);
    screen.settle();
  });

  it.each([
    ["a pointer that moves without pressing", "pointermove", { buttons: 0 }],
    ["the browser that takes the pointer away", "lostpointercapture", {}],
    ["the browser that makes a gesture of it", "pointercancel", {}],
  ])("is given up by %s", (_, event, how) => {
    const told = heard(scatter, "lasso");
    screen.pointer("pointerdown", 120, 80);
    screen.pointer("pointermove", 280, 220, { buttons: 1 });
    screen.pointer(event, 120, 220, how);
    expect(scatter.drawing).toBe(false);
    screen.pointer("pointerup", 120, 220);
    screen.draw(AROUND_THE_MIDDLE);
    expect(told).toHaveLength(1);
  });

  it("logs what became of each press", () => {
    const debug = vi.spyOn(console, "debug").mockImplementation(() => {});
    screen.draw(AROUND_THE_MIDDLE);
    screen.draw([[120, 80]]);
    screen.pointer("pointerdown", 120, 80, { pointerType: "touch" });
    screen.pointer("pointerdown", 200, 80, { pointerType: "touch", pointerId: 2 });
    screen.pointer("pointerup", 200, 80, { pointerType: "touch", pointerId: 2 });
    screen.pointer("pointerup", 120, 80, { pointerType: "touch" });
    screen.pointer("pointerdown", 120, 80, { pointerType: "pen" });
    scatter.cancelLasso();
    screen.pointer("pointerup", 120, 80, { pointerType: "pen" });
    screen.draw([[-50, 80]]);
    const rows = heard(scatter, "lasso");
    screen.draw(AROUND_THE_MIDDLE);
    expect(debug.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(
        /: mouse pressed at 120, 80: a lasso, replace, \d+ vertices, \d+ rows inside, 0 /,
      ),
      "tsne_widget: mouse pressed at 120, 80: a click, replace, 1 vertices, too small",
      "tsne_widget: touch pressed at 120, 80: given up: another pointer presses",
      "tsne_widget: touch pressed at 200, 80: ignored: one of 2 pointers that press",
      "tsne_widget: pen pressed at 120, 80: given up: Escape",
      "tsne_widget: mouse pressed at -50, 80: ignored: outside of all maps",
      expect.stringContaining(` ${rows[0].positions.length} rows inside, 0 more stand back`),
    ]);
    debug.mockRestore();
  });

  it("gives way to a second finger", () => {
    const told = heard(scatter, "lasso");
    screen.pointer("pointerdown", 120, 80, { pointerType: "touch" });
    screen.pointer("pointerdown", 200, 80, { pointerType: "touch", pointerId: 2 });
    expect(scatter.drawing).toBe(false);
    screen.pointer("pointerup", 120, 80);
    expect(told).toEqual([]);
  });
});

describe("pointing", () => {
  beforeEach(() => {
    show(1, 1);
    screen.settle();
  });

  it("reports the nearest point, rings it, and reports when the pointer leaves", () => {
    const told = heard(scatter, "hover");
    const [x, y] = scatter.toScreen(0, 42);
    screen.pointer("pointermove", x, y);
    screen.settle();
    expect(told).toEqual([{ panel: 0, index: 42, x, y }]);
    expect(screen.host.querySelectorAll("svg g")).toHaveLength(1);
    screen.pointer("pointerleave", x, y);
    screen.settle();
    expect(told[1]).toBeNull();
    expect(screen.host.querySelectorAll("svg g")).toHaveLength(0);
  });

  it("costs no redraw of the points", () => {
    const before = screen.pictures;
    screen.pointer("pointermove", ...scatter.toScreen(0, 42));
    screen.settle();
    expect(screen.pictures).toBe(before);
  });
});

describe("the camera", () => {
  it("follows until the user moves it, and again after fit", () => {
    const told = heard(scatter, "camera");
    show(1, 1);
    screen.settle();
    expect(told.at(-1)).toEqual({ panel: 0, following: true, outside: 0, k: 1 });
    scatter.zoomBy(4);
    screen.settle();
    expect(told.at(-1)).toMatchObject({ following: false, k: 4 });
    const outside = () => {
      const places = Array.from({ length: N }, (_, row) => scatter.toScreen(0, row));
      return places.filter(([x, y]) => !(x >= 0 && x < whole.width && y >= 0 && y < whole.height)).length;
    };
    expect(outside()).toBeGreaterThan(N / 2);
    expect(told.at(-1)?.outside).toBe(outside());
    show(2, 2, 50);
    screen.settle();
    expect(told.at(-1)?.outside).toBe(outside());
    scatter.setAlignment({ reference: 0, turn: true, rows: null });
    screen.settle();
    expect(told.at(-1)?.outside).toBe(outside());
    scatter.setAlignment(null);
    scatter.fit();
    screen.settle();
    expect(told.at(-1)).toEqual({ panel: 0, following: true, outside: 0, k: 1 });
  });

  it("panned to the right moves the points to the right", () => {
    show(1, 1);
    screen.settle();
    const [x, y] = scatter.toScreen(0, 0);
    scatter.panBy(30, 10);
    expect(scatter.toScreen(0, 0)[0]).toBeCloseTo(x + 30, 6);
    expect(scatter.toScreen(0, 0)[1]).toBeCloseTo(y + 10, 6);
  });

  it("keeps a map that grows 10,000 times in sight at every frame", () => {
    for (let i = 0; i <= 100; i++) {
      show(1, i, 40, 1e-4 * 10 ** (i / 25));
      screen.frame();
      screen.frame();
      for (let row = 0; row < N; row += 10) {
        const [x, y] = scatter.toScreen(0, row);
        expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true);
      }
    }
  });

  it("survives layouts without extent and with numbers that are not finite", () => {
    for (const [token, value] of [3, Number.NaN, 0, Infinity].entries()) {
      scatter.setLayout(0, new Float32Array(2 * N).fill(value), token, 30);
      screen.settle();
      screen.frame();
    }
    show(1, 9, 30);
    screen.settle();
    const [x, y] = scatter.toScreen(0, 0);
    expect(x >= 0 && x <= 400 && y >= 0 && y <= 300).toBe(true);
  });
});
