// @vitest-environment happy-dom
/** The density of many rows below the points: which tiles a panel shows, where they lie, and what is missing. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type DensityOn, type Scatter, shadeOf, type TileKey } from "../../src/scatter";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 300;
const BINS = 4;

let screen: Screen;
let scatter: Scatter;
let tiles: Map<string, Uint8Array>;
/** What was drawn on 2D canvases other than the points': the matrix, and the pictures' opacities. */
let drawn: { matrix: number[]; opacities: number[]; width: number }[];

class FakeContext {
  image: ImageData | null = null;
  private matrix = [1, 0, 0, 1, 0, 0];
  private readonly kept: number[][] = [];
  constructor(readonly canvas: HTMLCanvasElement) {}
  save = () => this.kept.push(this.matrix);
  restore = () => {
    this.matrix = this.kept.pop() as number[];
  };
  scale = () => undefined;
  beginPath = () => undefined;
  rect = () => undefined;
  clip = () => undefined;
  clearRect = () => undefined;
  fillRect = () => undefined;
  getImageData = (_x: number, _y: number, w: number, h: number) => this.createImageData(w, h);
  createImageData = (w: number, h: number) =>
    ({ width: w, height: h, data: new Uint8ClampedArray(4 * w * h) }) as ImageData;
  putImageData = (image: ImageData) => {
    this.image = image;
  };
  transform = (...matrix: number[]) => {
    this.matrix = matrix;
  };
  drawImage = (picture: HTMLCanvasElement) => {
    const { image } = contextOf(picture);
    const opacities = [...(image?.data ?? [])].filter((_, i) => i % 4 === 3);
    drawn.push({ matrix: this.matrix, opacities, width: image?.width ?? 0 });
  };
}

const contexts = new WeakMap<HTMLCanvasElement, FakeContext>();
function contextOf(canvas: HTMLCanvasElement): FakeContext {
  const known = contexts.get(canvas) ?? new FakeContext(canvas);
  contexts.set(canvas, known);
  return known;
}

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (
    this: HTMLCanvasElement,
    kind: string,
  ) {
    return (kind === "2d" ? contextOf(this) : null) as never;
  });
  screen = new Screen(200, 300);
  screen.canvas.getContext = HTMLCanvasElement.prototype.getContext;
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([{ id: 0, rect: { x: 0, y: 0, width: 200, height: 300 } }]);
  scatter.setLayout(0, uniform(N, 0), 1, 0);
  screen.settle();
  tiles = new Map();
  drawn = [];
});

afterEach(() => {
  scatter.destroy();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const density = (more: Partial<DensityOn> = {}): DensityOn => ({
  panel: 0,
  token: 1,
  corner: [-1, -1],
  side: 2,
  bins: BINS,
  levels: 6,
  tileOf: (tile) => tiles.get(tile.join()),
  ...more,
});

/** Shows it, and returns which tiles it lacks. */
function show(more: Partial<DensityOn> = {}): readonly TileKey[] {
  const wanted = heard(scatter, "tiles");
  scatter.setDensity(density(more));
  screen.settle();
  return wanted.at(-1) ?? [];
}

const level = () => screen.host.querySelector<HTMLElement>("canvas.tw-density")?.dataset.level;

it("has bins of 2 to 4 pixels at every zoom, but for the ends of its levels", () => {
  show({ levels: 9 });
  for (const zoom of [0.2, 3, 1.3, 5, 2, 7, 1000]) {
    scatter.zoomBy(zoom);
    screen.settle();
    const [[left], [right]] = [0, 1].map((row) => scatter.toScreen(0, row));
    const at = uniform(N, 0);
    const pixels = (2 * Math.abs(right - left)) / Math.abs(at[2] - at[0]) / BINS; // of a bin at level 0
    const now = Number(level());
    if (level() === "") continue; // all of it is out of sight
    const bin = pixels / 2 ** now;
    if (now < 9) expect(bin).toBeLessThanOrEqual(4.0001);
    if (now > 0) expect(bin).toBeGreaterThan(1.9999);
  }
});

it("lacks the coarsest tile first, then those in view, nearest to the middle first, and no others", () => {
  const wanted = show();
  const finest = Number(level());
  expect(finest).toBeGreaterThan(1);
  expect(wanted[0]).toEqual([0, 0, 0]);
  expect(new Set(wanted.map((tile) => tile.join())).size).toBe(wanted.length);
  const middle = (2 ** finest - 1) / 2;
  const far = wanted.slice(1).map(([, column, row]) => Math.hypot(column - middle, row - middle));
  expect(wanted.slice(1).every((tile) => tile[0] === finest)).toBe(true);
  expect(far[0]).toBeLessThan(1);
  // All of the map is in view.
  expect(wanted.length).toBe(1 + 4 ** finest);
  tiles.set("0,0,0", new Uint8Array(BINS * BINS));
  expect(show()).toEqual(wanted.slice(1));
});

it("lies where its rows do, upright, and coarse tiles stand in for fine ones", () => {
  // One bin: the second from the left in the lowest row.
  tiles.set("0,0,0", shadeOf(Uint16Array.of(1), Uint32Array.of(9), 9, BINS));
  show({ levels: 0 });
  const [{ matrix, opacities }] = drawn;
  expect(opacities.flatMap((opacity, i) => (opacity > 0 ? [i] : []))).toEqual([13]);
  const [a, , , d, e, f] = matrix;
  const positions = uniform(N, 0);
  for (const row of [5, 70]) {
    const [x, y] = [((positions[2 * row] + 1) / 2) * BINS, ((1 - positions[2 * row + 1]) / 2) * BINS];
    const [left, top] = scatter.toScreen(0, row);
    expect(Math.hypot(a * x + e - left, d * y + f - top)).toBeLessThan(0.01);
  }
  drawn.length = 0;
  show({ levels: 2 });
  const dark = drawn[0].opacities.flatMap((opacity, i) => (opacity > 0 ? [i] : []));
  expect(dark.map((i) => [Math.floor((i % 16) / 4), Math.floor(i / 16 / 4)])).toEqual(Array(16).fill([1, 3]));
});

it("is turned with its map", () => {
  tiles.set("0,0,0", new Uint8Array(BINS * BINS));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 100 * id, y: 0, width: 100, height: 300 } })));
  const turned = uniform(N, 0).map((_, i, all) => (i % 2 ? all[i - 1] : -all[i + 1]));
  scatter.setLayout(1, uniform(N, 0), 2, 0);
  scatter.setLayout(0, turned, 1, 0);
  scatter.setLayout(0, turned, 3, 0);
  scatter.setAlignment({ reference: 1, turn: true, rows: null });
  screen.settle();
  drawn.length = 0;
  show({ levels: 0, token: 3 });
  const [a, b, c, d, e, f] = drawn[0].matrix;
  expect(Math.abs(b)).toBeGreaterThan(10 * Math.abs(a));
  const [x, y] = [((turned[10] + 1) / 2) * BINS, ((1 - turned[11]) / 2) * BINS];
  const [left, top] = scatter.toScreen(0, 5);
  expect(Math.hypot(a * x + c * y + e - left, b * x + d * y + f - top)).toBeLessThan(0.01);
});

it("is hidden below another layout than its own, and asks for nothing there", () => {
  expect(show({ token: 8 })).toEqual([]);
  expect(level()).toBe("");
  show();
  expect(level()).not.toBe("");
  scatter.setLayout(0, uniform(N, 9), 2, 0);
  screen.settle();
  expect(level()).toBe("");
  expect(scatter.shapes().querySelector(".tw-density")).toBe(null);
});

it("wants no frame at rest, with tiles or without", () => {
  show();
  expect(screen.framesWanted).toBe(0);
  tiles.set("0,0,0", new Uint8Array(BINS * BINS));
  show();
  expect(screen.framesWanted).toBe(0);
  scatter.setDensity(null);
  screen.settle();
  expect([level(), screen.framesWanted]).toEqual(["", 0]);
});

it("is as dark as rows are dense, at every level alike, and single rows are quiet", () => {
  const shade = (count: number, full: number) =>
    shadeOf(Uint16Array.of(0), Uint32Array.of(count), full, 2)[2];
  expect(shade(400, 400)).toBe(shade(100, 100));
  expect(shade(900, 400)).toBe(shade(400, 400));
  expect(shade(100, 400)).toBeLessThan(shade(400, 400));
  expect(shade(1, 0.01)).toBeLessThan(0.5 * shade(400, 400));
  expect(shadeOf(Uint16Array.of(3), Uint32Array.of(1), 1, 2)).toMatchObject({ 0: 0, 2: 0, 3: 0 });
});
