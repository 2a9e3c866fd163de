// @vitest-environment happy-dom
/** Lines from a point to some others. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { uniform } from "./random";
import { Screen } from "./screen";

const N = 300;
const TO = [5, 70, 211];

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
const paths = (pane: Element) =>
  [...pane.querySelectorAll("path")].map((path) => path.getAttribute("d") ?? "");

/** Middles of the rings in a pane, on the canvas. */
function ringed(pane: Element): [number, number][] {
  const left = Number(pane.getAttribute("x"));
  return [...paths(pane)[0].matchAll(/M([-\d.]+) ([-\d.]+)a([\d.]+)/g)].map(([, x, y, r]) => [
    Number(x) - Number(r) + left,
    Number(y),
  ]);
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

it("go straight from the point to each of the others, in every panel, which cuts them", () => {
  scatter.setLinks({ from: 9, to: TO });
  screen.settle();
  expect(panes()).toHaveLength(2);
  expectAtTheirPoints();
  panes().forEach((pane, panel) => {
    expect(["x", "y", "width", "height"].map((name) => pane.getAttribute(name))).toEqual(
      [200 * panel, 0, 200, 300].map(String),
    );
    expect((pane as SVGElement).style.overflow).toBe("hidden");
    const [x0, y0] = scatter.toScreen(panel, 9);
    const lines = [...paths(pane)[1].matchAll(/M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)/g)];
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

it("are drawn twice: in the background's colour, and above that in the foreground's", () => {
  scatter.setLinks({ from: 9, to: TO });
  screen.settle();
  for (const pane of panes()) {
    const [halo, ink] = pane.querySelectorAll("path");
    expect(halo.getAttribute("d")).toBe(ink.getAttribute("d"));
    expect(halo.style.stroke).toBe("var(--halo)");
    expect(ink.style.stroke).toBe("var(--ring)");
  }
});

it("follow their points while these glide, turn and morph, and the camera while it moves", () => {
  scatter.setLinks({ from: 9, to: TO });
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
  scatter.setLinks({ from: 9, to: TO });
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

it("go when they are taken away, and with hidden panels", () => {
  scatter.setLinks({ from: 9, to: TO });
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

it("leave out what is at no place, and the line between points that touch", () => {
  const positions = uniform(N, 1);
  positions.fill(Number.NaN, 2 * TO[0], 2 * TO[0] + 2);
  positions.copyWithin(2 * TO[1], 2 * 9, 2 * 9 + 2);
  scatter.setLayout(0, positions, 2, 0);
  scatter.setLinks({ from: 9, to: TO });
  screen.settle();
  const [path] = paths(panes()[0]);
  expect(path).not.toContain("NaN");
  expect(ringed(panes()[0])).toHaveLength(2);
  expect(path.match(/L/g)).toHaveLength(1);
  scatter.setLinks({ from: TO[0], to: TO });
  screen.settle();
  expect(paths(panes()[0])).toEqual(["", ""]);
});
