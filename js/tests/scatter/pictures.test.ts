// @vitest-environment happy-dom
/** Pictures in place of points: when there are some, where they are, and that they can be pointed at. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter, type Thumbnail } from "../../src/scatter";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 300;
const MOST = 40;

interface Drawn {
  row: number;
  /** The middle, and the sides. */
  x: number;
  y: number;
  width: number;
  height: number;
  opacity: number;
}

let screen: Screen;
let scatter: Scatter;
/** The newest drawing, from bottom to top. */
let drawn: Drawn[];

/** A picture that tells its row, twice as wide as high. */
const pictureOf = (row: number) => ({ row, width: 20, height: 10 }) as unknown as Thumbnail;

/** The context of the layer: it remembers which pictures were drawn where. */
const context = {
  globalAlpha: 1,
  clearRect: () => undefined,
  fillRect: () => undefined,
  beginPath: () => undefined,
  rect: () => undefined,
  clip: () => undefined,
  save: () => undefined,
  scale: () => undefined,
  restore: () => undefined,
  drawImage({ row }: { row: number }, x: number, y: number, width: number, height: number) {
    drawn.push({ row, x: x + width / 2, y: y + height / 2, width, height, opacity: this.globalAlpha });
  },
};

beforeEach(() => {
  drawn = [];
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width: 200, height: 300 } })));
  for (const id of [0, 1]) scatter.setLayout(id, uniform(N, id), 1, 0);
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(of: (row: number) => Thumbnail | null | undefined = pictureOf): void {
  scatter.setPictures({ most: MOST, of });
  again();
}

/** Lets what was asked for happen; only the newest drawing counts. */
function again(): void {
  screen.settle();
  drawn = [];
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false)); // draws anew
  screen.settle();
}

/** The rows whose points are in view of a panel. */
function inView(panel: number): number[] {
  return Array.from({ length: N }, (_, row) => row).filter((row) => {
    const [x, y] = scatter.toScreen(panel, row);
    return x >= 200 * panel && x <= 200 * panel + 200 && y >= 0 && y <= 300;
  });
}

const zoomIn = (panel = 0) => {
  scatter.zoomBy(4, panel);
  again();
};

it("appear in each panel that has few points in view, and the others say how many they have", () => {
  const sights = heard(scatter, "sights");
  show();
  expect(drawn).toEqual([]);
  expect([...(sights.at(-1) ?? [])]).toEqual(
    [0, 1].map((id) => [id, { inView: N, shown: false, wanted: [] }]),
  );
  zoomIn();
  const few = inView(0);
  expect(few.length).toBeLessThanOrEqual(MOST);
  expect(drawn.map(({ row }) => row)).toEqual(expect.arrayContaining(few));
  expect(sights.at(-1)?.get(0)).toEqual({ inView: few.length, shown: true, wanted: [] });
  expect(sights.at(-1)?.get(1)).toMatchObject({ inView: N, shown: false });
});

it("lie on their points, keep their proportions, and grow with the zoom within limits", () => {
  show();
  const sizes = [4, 2, 2, 8].map((factor) => {
    scatter.zoomBy(factor, 0);
    again();
    for (const { row, x, y, width, height } of drawn) {
      const [px, py] = scatter.toScreen(0, row);
      expect(Math.hypot(x - px, y - py)).toBeLessThan(1e-3);
      expect(width).toBeCloseTo(2 * height);
    }
    return drawn[0]?.width ?? 72;
  });
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(72);
  expect(sizes[0]).toBeGreaterThanOrEqual(20);
});

it("are asked for from the middle outwards, and a row without one stays a point", () => {
  const sights = heard(scatter, "sights");
  const known = new Map<number, Thumbnail | null>();
  show((row) => known.get(row));
  zoomIn();
  const wanted = sights.at(-1)?.get(0)?.wanted ?? [];
  expect([...wanted]).toEqual(expect.arrayContaining(inView(0)));
  const away = wanted.map((row) => {
    const [x, y] = scatter.toScreen(0, row);
    return Math.hypot(x - 100, y - 150);
  });
  expect(away).toEqual([...away].sort((a, b) => a - b));
  wanted.forEach((row, i) => {
    known.set(row, i === 0 ? null : pictureOf(row));
  });
  show((row) => known.get(row));
  expect(sights.at(-1)?.get(0)?.wanted).toEqual([]);
  expect(drawn.map(({ row }) => row).sort()).toEqual(wanted.slice(1).sort());
});

it("of what is not selected lie below, and stand back", () => {
  show();
  zoomIn();
  const chosen = drawn.slice(0, 3).map(({ row }) => row);
  const mask = new Uint8Array(N);
  for (const row of chosen) mask[row] = 1;
  scatter.setSelection(mask);
  again();
  expect(drawn.slice(-3).map(({ row }) => row)).toEqual(chosen);
  expect(drawn.slice(-3).every(({ opacity }) => opacity === 1)).toBe(true);
  expect(drawn.slice(0, -3).every(({ opacity }) => opacity < 0.5)).toBe(true);
});

it("refer to their points, for the pointer and for clicks; the one pointed at comes to the top", () => {
  show();
  zoomIn();
  const [hovers, clicks] = [heard(scatter, "hover"), heard(scatter, "click")];
  const { row, x, y, width } = drawn[0];
  const nearest = (at: number) =>
    drawn.reduce((best, one) =>
      Math.hypot(one.x - at, one.y - y) < Math.hypot(best.x - at, best.y - y) ? one : best,
    ).row;
  screen.pointer("pointermove", x + 0.3 * width, y);
  again();
  expect(hovers.at(-1)?.index).toBe(nearest(x + 0.3 * width));
  expect(hovers.at(-1)?.reach).toBeGreaterThan(0);
  expect(drawn.at(-1)?.row).toBe(hovers.at(-1)?.index);
  screen.draw([[x, y]]);
  expect(clicks.at(-1)).toMatchObject({ panel: 0, index: row });
  const muted = new Uint8Array(N);
  muted[row] = 1;
  scatter.setMuted(muted);
  screen.settle();
  screen.draw([[x, y]]);
  expect(clicks.at(-1)?.index).not.toBe(row);
});

it("go when they are switched off, and leave nothing behind", () => {
  const sights = heard(scatter, "sights");
  show();
  zoomIn();
  expect(drawn.length).toBeGreaterThan(0);
  scatter.setPictures(null);
  again();
  expect(drawn).toEqual([]);
  expect(sights.at(-1)?.size).toBe(0);
  const layer = screen.host.querySelector<HTMLElement>("canvas.tw-pictures");
  expect(layer?.hidden).toBe(true);
  scatter.destroy();
  expect(screen.host.querySelector("canvas.tw-pictures")).toBe(null);
});

it("are in saved pictures, in drawings as images", () => {
  vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/png;base64,AA==");
  show();
  zoomIn();
  const count = drawn.length;
  const images = [...scatter.shapes().querySelectorAll(".tw-pictures image")];
  expect(images).toHaveLength(count);
  expect(images[0].getAttribute("href")).toBe("data:image/png;base64,AA==");
});
