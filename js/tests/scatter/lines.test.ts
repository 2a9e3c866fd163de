// @vitest-environment happy-dom
/** Lines along places of a layout, and between pairs of points. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type LineStyle, type Scatter, type TracesOn } from "../../src/scatter";
import { uniform } from "./random";
import { Screen } from "./screen";

const N = 300;
/** The traces go through the places of these points. */
const ALONG = [5, 70, 211];

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width: 200, height: 300 } })));
  for (const id of [0, 1]) scatter.setLayout(id, uniform(N, id), 1, 0);
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

function traces(panel: number, { token = 1, marked = -1 } = {}): [number, TracesOn] {
  const all = uniform(N, panel);
  const places = Float32Array.from(ALONG.flatMap((row) => [all[2 * row], all[2 * row + 1]]));
  const styles: LineStyle[] = ["solid", "dotted"];
  return [panel, { token, traces: styles.map((style, i) => ({ places, style, marked: i === marked })) }];
}

const panes = () => [...screen.host.querySelectorAll("svg .tw-lines .tw-lines")];
const paths = (pane: Element) => [...pane.querySelectorAll("path")];

/** The corners of a path on the canvas. */
function corners(pane: Element, path: Element): [number, number][] {
  const left = Number(pane.getAttribute("x"));
  return [...(path.getAttribute("d") ?? "").matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [
    Number(x) + left,
    Number(y),
  ]);
}

function expectThrough(pane: Element, path: Element, panel: number, rows: number[]): void {
  const found = corners(pane, path);
  expect(found).toHaveLength(rows.length);
  rows.forEach((row, i) => {
    const [x, y] = scatter.toScreen(panel, row);
    expect(Math.hypot(found[i][0] - x, found[i][1] - y)).toBeLessThan(0.2);
  });
}

function expectAlongTheirPlaces(): void {
  expect(panes()).toHaveLength(2);
  panes().forEach((pane, panel) => {
    for (const path of paths(pane)) expectThrough(pane, path, panel, ALONG);
  });
}

it("go along their places through zoom and turn, each in its style above a rim", () => {
  scatter.setTraces(new Map([traces(0), traces(1)]));
  screen.settle();
  expectAlongTheirPlaces();
  const dashes = paths(panes()[0]).map((path) => path.hasAttribute("stroke-dasharray"));
  expect(dashes).toEqual([false, false, true, true]);
  const colors = paths(panes()[0]).map((path) => path.getAttribute("stroke"));
  expect(colors).toEqual(["rgb(255,255,255)", "rgb(17,17,17)", "rgb(255,255,255)", "rgb(17,17,17)"]);
  scatter.zoomBy(0.8, 0);
  screen.settle();
  expectAlongTheirPlaces();
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  screen.settle();
  expectAlongTheirPlaces();
});

it("are hidden while a panel shows another layout, or two at once", () => {
  scatter.setTraces(new Map([traces(0), traces(1)]));
  scatter.setLayout(0, uniform(N, 9), 2, 100);
  screen.settle();
  expect(panes().map((pane) => pane.getAttribute("x"))).toEqual(["200"]);
  scatter.setLayout(0, uniform(N, 0), 3, 0);
  scatter.setTraces(new Map([traces(0, { token: 3 }), traces(1)]));
  screen.settle();
  expect(panes()).toHaveLength(2);
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  scatter.setMorph({ panel: 0, other: 1, t: 0.5 });
  screen.settle();
  expect(panes().map((pane) => pane.getAttribute("x"))).toEqual(["200"]);
  scatter.setTraces(new Map());
  screen.settle();
  expect(panes()).toEqual([]);
});

it("stand out above the others if they are marked", () => {
  scatter.setTraces(new Map([traces(0, { marked: 0 })]));
  screen.settle();
  const last = paths(panes()[0]).at(-1);
  expect(last?.getAttribute("stroke")).toBe("rgb(25,118,210)");
  expect(last?.hasAttribute("stroke-dasharray")).toBe(false);
});

it("join the points of pairs, which need a place, and follow them", () => {
  const layout = uniform(N, 0);
  layout.fill(Number.NaN, 2 * 8, 2 * 8 + 2);
  scatter.setLayout(0, layout, 2, 0);
  scatter.setPairs(new Map([[0, Int32Array.of(5, 70, 8, 9, 70, 211)]]));
  screen.settle();
  const joined = () => expectThrough(panes()[0], paths(panes()[0])[0], 0, [5, 70, 70, 211]);
  joined();
  scatter.setLayout(0, uniform(N, 3), 3, 100);
  screen.settle();
  expectThrough(panes()[0], paths(panes()[0])[0], 0, [5, 70, 8, 9, 70, 211]);
  expect(() => scatter.setPairs(new Map([[0, Int32Array.of(5, N)]]))).toThrow("pairs");
});

it("are in pictures as on the screen", () => {
  scatter.setTraces(new Map([traces(0)]));
  scatter.setPairs(new Map([[1, Int32Array.of(5, 70)]]));
  screen.settle();
  const drawn = [...scatter.shapes().querySelectorAll(".tw-lines")];
  expect(drawn.map((pane) => pane.outerHTML)).toEqual(panes().map((pane) => pane.outerHTML));
  expect(drawn.map((pane) => paths(pane).length)).toEqual([4, 1]);
});
