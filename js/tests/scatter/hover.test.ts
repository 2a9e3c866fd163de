// @vitest-environment happy-dom
/** Rings: of what the pointer is on, and of what is pointed at elsewhere. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter } from "../../src/scatter";
import { uniform } from "./random";
import { Screen } from "./screen";

const N = 300;
const MIDDLE = 7;

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width: 200, height: 300 } })));
  for (const id of [0, 1]) {
    const positions = uniform(N, id);
    positions.fill(0, 2 * MIDDLE, 2 * MIDDLE + 2);
    scatter.setLayout(id, positions, 1, 0);
  }
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

/** Places and sizes of the rings, from left to right. */
function rings(): { x: number; y: number; r: number }[] {
  screen.settle();
  const circles = [...screen.host.querySelectorAll("svg g circle:first-child")];
  const number = (circle: Element, name: string) => Number(circle.getAttribute(name));
  return circles
    .map((circle) => ({ x: number(circle, "cx"), y: number(circle, "cy"), r: number(circle, "r") }))
    .sort((a, b) => a.x - b.x);
}

function expectRinged(index: number): void {
  const found = rings();
  expect(found).toHaveLength(2);
  for (const panel of [0, 1]) {
    const [x, y] = scatter.toScreen(panel, index);
    expect(found[panel].x).toBeCloseTo(x, 1);
    expect(found[panel].y).toBeCloseTo(y, 1);
  }
}

const pointAt = (index: number) => screen.pointer("pointermove", ...scatter.toScreen(0, index));

it("a point marked from elsewhere is ringed in every panel, with a larger ring than under the pointer", () => {
  scatter.setHover(3);
  expectRinged(3);
  const sizes = rings().map(({ r }) => r);
  expect(sizes[0]).toBe(sizes[1]);
  pointAt(3);
  expectRinged(3);
  expect(rings()[0].r).toBeLessThan(sizes[0]);
  expect(rings()[1].r).toBe(sizes[1]);
  scatter.setHover(null);
  screen.pointer("pointerleave", 0, 0);
  expect(rings()).toEqual([]);
});

it("it stays ringed when the pointer leaves the map, and when the points move", () => {
  pointAt(20);
  screen.settle();
  scatter.setHover(3);
  screen.pointer("pointerleave", 0, 0);
  expectRinged(3);
  scatter.setLayout(0, uniform(N, 5), 2, 50);
  expectRinged(3);
});

it("the pointer takes over once it moves onto a point, not before", () => {
  scatter.setHover(3);
  screen.pointer("pointermove", 1, 1);
  expectRinged(3);
  pointAt(20);
  expectRinged(20);
  scatter.setHover(3);
  expectRinged(3);
  scatter.setLayout(1, uniform(N, 6), 2, 0);
  expectRinged(3);
  scatter.setHover(null);
  expectRinged(20);
});

it("the ring follows while points or the camera move", () => {
  scatter.setHover(MIDDLE);
  scatter.zoomBy(3, 1);
  scatter.setLayout(0, uniform(N, 4), 2, 100);
  for (let i = 0; i < 4; i++) screen.frame();
  expectRinged(MIDDLE);
});

it("a point outside its panel, or in a hidden one, has no ring there", () => {
  scatter.zoomBy(200, 1);
  screen.settle();
  scatter.setHover(3);
  screen.settle();
  expect(rings()).toHaveLength(1);
  scatter.setPanels([
    { id: 0, rect: { x: 0, y: 0, width: 0, height: 0 } },
    { id: 1, rect: { x: 0, y: 0, width: 400, height: 300 } },
    { id: 2, rect: { x: 0, y: 0, width: 400, height: 300 } },
  ]);
  screen.settle();
  expect(rings()).toHaveLength(0);
});

it("rings and reach follow the chosen size", () => {
  scatter.setHover(3);
  scatter.setLook({ size: 2, opacity: null });
  const [{ r }] = rings();
  scatter.setLook({ size: 12, opacity: 0.5 });
  expect(rings()[0].r).toBe(r + 10);
  const told: (number | null)[] = [];
  scatter.on("click", ({ index }) => told.push(index));
  scatter.zoomTo(Int32Array.of(MIDDLE), 1);
  screen.settle();
  scatter.zoomBy(60, 1);
  const [x, y] = scatter.toScreen(1, MIDDLE);
  for (const size of [2, 30]) {
    scatter.setLook({ size, opacity: null });
    screen.draw([[x + 20, y]]);
  }
  expect(told).toEqual([null, MIDDLE]);
});
