// @vitest-environment happy-dom
/** Lines from a point to some others, and the mark of the one that distances are measured from. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { uniform } from "./random";
import { Screen } from "./screen";

const N = 300;
const TO = [5, 70, 211];
const LINES = new Map([0, 1].map((panel) => [panel, TO]));

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  setPanels(200);
  for (const id of [0, 1]) scatter.setLayout(id, uniform(N, id), 1, 0);
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

const setPanels = (width: number) =>
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width, height: 300 } })));

const panes = () => [...screen.host.querySelectorAll("svg svg svg")];
type Part = "lines" | "ends" | "mark";
/** A part's halo, then its ink. */
const strokes = (pane: Element, part: Part) => [...pane.querySelectorAll<SVGPathElement>(`.tw-rays-${part}`)];
const path = (pane: Element, part: Part) => strokes(pane, part)[1].getAttribute("d") ?? "";

/** Middles and radii of the rings in a pane, on the canvas. */
function ringed(pane: Element, part: Part = "ends"): [number, number, number][] {
  const left = Number(pane.getAttribute("x"));
  return [...path(pane, part).matchAll(/M([-\d.]+) ([-\d.]+)a([\d.]+)/g)].map(([, x, y, r]) => [
    Number(x) - Number(r) + left,
    Number(y),
    Number(r),
  ]);
}

function expectMarked(...rows: number[]): void {
  expect(panes()).toHaveLength(2);
  panes().forEach((pane, panel) => {
    const found = ringed(pane, "mark");
    expect(found).toHaveLength(rows.length);
    rows.forEach((row, i) => {
      const [x, y] = scatter.toScreen(panel, row);
      expect(Math.hypot(found[i][0] - x, found[i][1] - y)).toBeLessThan(0.5);
    });
  });
}

function expectAtTheirPoints(): void {
  panes().forEach((pane, panel) => {
    const found = ringed(pane);
    expect(found).toHaveLength(TO.length);
    TO.forEach((row, i) => {
      const [x, y] = scatter.toScreen(panel, row);
      expect(Math.hypot(found[i][0] - x, found[i][1] - y)).toBeLessThan(0.5);
    });
  });
}

it("go straight from the point to each of the others, clipped by every panel", () => {
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  expect(panes()).toHaveLength(2);
  expectAtTheirPoints();
  panes().forEach((pane, panel) => {
    expect(["x", "y", "width", "height"].map((name) => pane.getAttribute(name))).toEqual(
      [200 * panel, 0, 200, 300].map(String),
    );
    expect((pane as SVGElement).style.overflow).toBe("hidden");
    const [x0, y0] = scatter.toScreen(panel, 9);
    const lines = [...path(pane, "lines").matchAll(/M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)/g)];
    expect(lines).toHaveLength(TO.length);
    lines.forEach(([, ...numbers], i) => {
      const [ax, ay, bx, by] = numbers.map(Number);
      const [x, y] = scatter.toScreen(panel, TO[i]);
      const whole = Math.hypot(x - x0, y - y0);
      // Both ends lie on the straight line, and next to the discs.
      for (const [px, py] of [
        [ax, ay],
        [bx, by],
      ]) {
        const [dx, dy] = [px + 200 * panel - x0, py - y0];
        expect(Math.abs(dx * (y - y0) - dy * (x - x0)) / whole).toBeLessThan(0.2);
        const along = (dx * (x - x0) + dy * (y - y0)) / whole;
        expect(along > 0 && along < whole).toBe(true);
      }
    });
  });
});

it("go to other points in each panel, and to none in a panel without any", () => {
  scatter.setLinks({ from: 9, to: new Map([[1, [20, 30]]]) });
  screen.settle();
  expect(panes().map((pane) => ringed(pane).length)).toEqual([0, 2]);
  expectMarked(9);
  ringed(panes()[1]).forEach(([x, y], i) => {
    const [atX, atY] = scatter.toScreen(1, [20, 30][i]);
    expect(Math.hypot(x - atX, y - atY)).toBeLessThan(0.5);
  });
});

it("are drawn twice: in the background's colour, and above that in the foreground's; the mark in the accent's", () => {
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  for (const pane of panes()) {
    for (const part of ["lines", "ends", "mark"] as const) {
      const [halo, ink] = strokes(pane, part);
      expect(halo.getAttribute("d")).toBe(ink.getAttribute("d"));
      expect(halo.style.stroke).toBe("var(--halo)");
      expect(ink.style.stroke).toBe(part === "mark" ? "var(--accent)" : "var(--ring)");
      expect(Number.parseFloat(halo.style.strokeWidth)).toBeGreaterThan(
        Number.parseFloat(ink.style.strokeWidth),
      );
    }
    expect(Number(strokes(pane, "lines")[1].style.strokeOpacity)).toBe(0.5);
  }
  const { style } = screen.host.querySelector("svg") as SVGElement;
  expect(style.getPropertyValue("--accent")).toBe("#1976d2");
});

it("end in thin rings hardly larger than the points, and begin at a large thick one", () => {
  scatter.setLook({ size: 2, opacity: null });
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  for (const pane of panes()) {
    expect(ringed(pane).map(([, , radius]) => radius)).toEqual([3, 3, 3]);
    const [[, , radius]] = ringed(pane, "mark");
    expect(radius).toBeGreaterThan(2 * 3);
    const width = (part: Part) => Number.parseFloat(strokes(pane, part)[1].style.strokeWidth);
    expect(width("ends")).toBe(1);
    expect(width("mark")).toBeGreaterThanOrEqual(2);
  }
});

it("end at rings around discs that stand out", () => {
  scatter.setLook({ size: 0.5, opacity: null });
  const selection = new Uint8Array(N);
  selection[TO[1]] = 1;
  scatter.setSelection(selection);
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  for (const pane of panes()) expect(ringed(pane).map(([, , radius]) => radius)).toEqual([1.5, 4, 1.5]);
});

it("the point that distances are measured from is marked in every panel, wherever the pointer and the points go", () => {
  scatter.setOrigin(9);
  screen.settle();
  expectMarked(9);
  for (const pane of panes()) expect(path(pane, "lines") + path(pane, "ends")).toBe("");
  screen.pointer("pointermove", ...scatter.toScreen(0, 20));
  screen.settle();
  screen.pointer("pointerleave", 0, 0);
  scatter.setLayout(1, uniform(N, 5), 2, 200);
  for (let i = 0; i < 4; i++) {
    screen.frame();
    expectMarked(9);
  }
  scatter.setOrigin(40);
  screen.settle();
  expectMarked(40);
  scatter.setOrigin(null);
  screen.settle();
  expect(panes()).toHaveLength(0);
});

it("its mark stays when the links go, and is the only mark if it is their source", () => {
  scatter.setOrigin(9);
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  expectMarked(9);
  scatter.setLinks({ from: 30, to: LINES });
  screen.settle();
  expectMarked(30, 9);
  scatter.setLinks(null);
  screen.settle();
  expectMarked(9);
});

it("its mark lies around the ring of a hovered point", () => {
  scatter.setOrigin(9);
  for (const size of [1, 6, 20]) {
    scatter.setLook({ size, opacity: null });
    scatter.setHover(9);
    screen.settle();
    const ring = Number(screen.host.querySelector("svg g circle")?.getAttribute("r"));
    expect(ringed(panes()[0], "mark")[0][2] - 1.25).toBeGreaterThan(ring);
  }
});

it("follow their points while these glide, turn and morph, and the camera while it moves", () => {
  scatter.setLinks({ from: 9, to: LINES });
  scatter.setLayout(1, uniform(N, 5), 2, 200);
  for (let i = 0; i < 5; i++) {
    screen.frame();
    expectAtTheirPoints();
  }
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  scatter.zoomBy(2, 0);
  screen.settle();
  expectAtTheirPoints();
  scatter.setMorph({ panel: 0, other: 1, t: 0.5 });
  screen.frame();
  expectAtTheirPoints();
  setPanels(150);
  screen.settle();
  expectAtTheirPoints();
});

it("cost nothing while nothing changes, and no redraw of the points", () => {
  screen.settle();
  const before = screen.pictures;
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  expect(screen.pictures).toBe(before);
  const written = vi.spyOn(Element.prototype, "setAttribute");
  const read = vi.spyOn(Element.prototype, "getAttribute");
  screen.pointer("pointermove", 1, 1);
  screen.settle();
  const touched = [...written.mock.contexts, ...read.mock.contexts].filter((element) =>
    panes().some((pane) => pane.contains(element as Element)),
  );
  expect(touched).toEqual([]);
  vi.restoreAllMocks();
});

it("go when they are removed, and with hidden panels", () => {
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  setPanels(0);
  screen.settle();
  expect(panes()).toHaveLength(0);
  setPanels(200);
  screen.settle();
  expect(panes()).toHaveLength(2);
  scatter.setLinks(null);
  screen.settle();
  expect(panes()).toHaveLength(0);
});

it("skip points without a place, and the line between points that touch", () => {
  const positions = uniform(N, 1);
  positions.fill(Number.NaN, 2 * TO[0], 2 * TO[0] + 2);
  positions.copyWithin(2 * TO[1], 2 * 9, 2 * 9 + 2);
  scatter.setLayout(0, positions, 2, 0);
  scatter.setLinks({ from: 9, to: LINES });
  screen.settle();
  const [pane] = panes();
  for (const part of ["lines", "ends", "mark"] as const) expect(path(pane, part)).not.toContain("NaN");
  expect(ringed(pane)).toHaveLength(2);
  expect(path(pane, "lines").match(/L/g)).toHaveLength(1);
  scatter.setLinks({ from: TO[0], to: LINES });
  screen.settle();
  expect(path(pane, "lines") + path(pane, "ends") + path(pane, "mark")).toBe("");
});
