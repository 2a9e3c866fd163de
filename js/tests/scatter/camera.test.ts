import { describe, expect, it } from "vitest";
import {
  countOutside,
  easeView,
  fitView,
  fromTransform,
  toData,
  toScreen,
  toTransform,
  zoomAround,
  zoomLimits,
} from "../../src/scatter/camera";
import { uniform } from "./random";

const rect = { x: 40, y: 20, width: 600, height: 400 };
const view = { x: 3, y: -2, k: 17 };
const extent = (x: number, y: number, halfWidth: number, halfHeight: number) => ({
  x,
  y,
  halfWidth,
  halfHeight,
  density: 1,
  placed: 9,
});

describe("world and screen", () => {
  it("are inverses of each other", () => {
    const [sx, sy] = toScreen(view, rect, 1.25, 7.5);
    const [x, y] = toData(view, rect, sx, sy);
    expect(x).toBeCloseTo(1.25, 12);
    expect(y).toBeCloseTo(7.5, 12);
  });

  it("have y upwards and the view's point in the middle", () => {
    expect(toScreen(view, rect, 3, -2)).toEqual([340, 220]);
    expect(toScreen(view, rect, 3, -1)[1]).toBeLessThan(220);
  });

  it("agree with d3-zoom's transform", () => {
    const transform = toTransform(view, rect);
    expect(transform.x + transform.k * 5).toBeCloseTo(toScreen(view, rect, 5, 0)[0], 9);
    const back = fromTransform(transform, rect);
    expect(back.x).toBeCloseTo(view.x, 12);
    expect(back.y).toBeCloseTo(view.y, 12);
  });

  it("zooming around a place leaves it where it is", () => {
    const place = toData(view, rect, 340 + 100, 220 - 50);
    const [sx, sy] = toScreen(zoomAround(view, 3, 100, 50), rect, ...place);
    expect(sx).toBeCloseTo(440, 9);
    expect(sy).toBeCloseTo(170, 9);
  });
});

describe("fitting", () => {
  it("shows the whole extent with a margin, whatever its shape and size", () => {
    for (const [w, h] of [
      [1e-4, 1e-4],
      [100, 1],
      [1, 100],
    ]) {
      const fitted = fitView(extent(5, 6, w, h), rect.width, rect.height);
      expect(2 * w * fitted.k).toBeLessThan(rect.width - 15);
      expect(2 * h * fitted.k).toBeLessThan(rect.height - 15);
      expect(Math.max((2 * w * fitted.k) / rect.width, (2 * h * fitted.k) / rect.height)).toBeGreaterThan(
        0.85,
      );
    }
  });

  it("survives a single point, in the middle and far out", () => {
    for (const x of [0, 1e7]) {
      const fitted = fitView(extent(x, 0, 0, 0), rect.width, rect.height);
      expect(Number.isFinite(fitted.k) && fitted.k > 0).toBe(true);
      expect(fitted.x).toBe(x);
    }
  });

  it("has a sane scale for a tiny panel", () => {
    expect(fitView(extent(0, 0, 1, 1), 4, 4).k).toBeGreaterThan(0);
  });
});

describe("following", () => {
  const target = { x: 0, y: 0, k: 10 };

  it("arrives in either direction, even from 10,000 times away", () => {
    for (const k of [1e-4, 9, 11, 1e6]) {
      let now = { x: 0, y: 0, k };
      for (let i = 0; i < 100; i++) now = easeView(now, target, 1 / 60, 400, false);
      expect(Math.abs(Math.log(now.k / target.k))).toBeLessThan(0.001);
    }
  });

  it("keeps in sight what comes nearer, and leaves the rest at once", () => {
    let near = { x: 8, y: 0, k: 10 };
    let far = { x: 8, y: 0, k: 4000 };
    for (let i = 0; i < 100; i++) {
      const [nearer, further] = [
        easeView(near, { x: 0, y: 0, k: 400 }, 1 / 60, 400, false),
        easeView(far, target, 1 / 60, 400, false),
      ];
      // In pixels on the way in, in units of the map on the way out.
      expect(nearer.x * nearer.k).toBeLessThanOrEqual(near.x * near.k);
      expect(further.x).toBeLessThan(far.x);
      [near, far] = [nearer, further];
    }
    expect(near.x * near.k).toBeLessThan(0.1);
    expect(far.x * far.k).toBeLessThan(0.1);
  });

  it("does not depend on the frame rate", () => {
    const start = { x: 5, y: 1, k: 400 };
    const once = easeView(start, target, 0.1, 400, false);
    let often = start;
    for (let i = 0; i < 10; i++) often = easeView(often, target, 0.01, 400, false);
    expect(often.k).toBeCloseTo(once.k, 9);
    expect(often.x).toBeCloseTo(once.x, 9);
    const inwards = easeView(start, { ...target, k: 1e4 }, 0.1, 400, false);
    let step = start;
    for (let i = 0; i < 10; i++) step = easeView(step, { ...target, k: 1e4 }, 0.01, 400, false);
    expect(step.x).toBeCloseTo(inwards.x, 9);
  });

  it("never turns back or overshoots", () => {
    let now = { x: 0, y: 0, k: 1000 };
    for (let i = 0; i < 200; i++) {
      const next = easeView(now, target, 1 / 60, 400, false);
      expect(next.k).toBeLessThanOrEqual(now.k);
      expect(next.k).toBeGreaterThanOrEqual(target.k);
      now = next;
    }
  });

  it("keeps a growing map in sight: the scale lags by less than the margin, and shrinks smoothly", () => {
    let now = { x: 0, y: 0, k: 1e5 };
    let before = 0;
    for (let frame = 0; frame < 120; frame++) {
      const grown = { x: 0.1, y: 0, k: 1e5 * Math.exp(-frame / 12) };
      const next = easeView(now, grown, 1 / 60, 400, true);
      expect(next.k / grown.k).toBeLessThanOrEqual(1.0513);
      expect(Math.hypot(next.x - grown.x, next.y - grown.y) * next.k).toBeLessThanOrEqual(20.001);
      const step = Math.log(next.k / now.k);
      if (frame > 12) expect(Math.abs(step - before)).toBeLessThan(0.01);
      before = step;
      now = next;
    }
  });
});

it("zoom limits never exclude the present view", () => {
  const [low, high] = zoomLimits({ x: 0, y: 0, k: 1e-9 }, { x: 0, y: 0, k: 1 });
  expect(low).toBe(1e-9);
  expect(high).toBe(2000);
});

it("counts the points outside the view; a row without a place is not one of them", () => {
  const positions = uniform(1000, 3, 10);
  positions[0] = positions[1] = Number.NaN;
  let outside = 0;
  for (let i = 0; i < 1000; i++) {
    if (Math.abs(positions[2 * i] - 1) > 5 || Math.abs(positions[2 * i + 1]) > 2.5) outside++;
  }
  expect(countOutside(positions, { x: 1, y: 0, k: 20 }, 200, 100)).toBe(outside);
});
