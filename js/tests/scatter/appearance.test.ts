import { describe, expect, it } from "vitest";
import { AUTOMATIC, appearance, DIMMED_FADE } from "../../src/scatter/appearance";

/** n points over a quarter of a panel, as t-SNE maps roughly are. */
const look = (n: number, width = 1000, height = 800, zoom = 1, set = AUTOMATIC) =>
  appearance({ n, width, height, zoom, density: (4 * n) / (width * height) / zoom ** 2, front: 0 }, set);

const sizes = [1, 20, 200, 1797, 5000, 20_000, 100_000, 1_000_000];

describe("points", () => {
  it("become smaller and fainter the more there are", () => {
    for (let i = 1; i < sizes.length; i++) {
      const [fewer, more] = [look(sizes[i - 1]), look(sizes[i])];
      expect(more.radius).toBeLessThanOrEqual(fewer.radius);
      expect(more.opacity).toBeLessThanOrEqual(fewer.opacity);
    }
  });

  it("are clear discs at 200 and a fine texture at 1,000,000", () => {
    expect(look(200).radius).toBeGreaterThanOrEqual(5);
    expect(look(200).opacity).toBeGreaterThan(0.85);
    expect(look(200).outline).toBe(1);
    expect(look(1_000_000).radius).toBeLessThan(0.8);
    expect(look(1_000_000).opacity).toBeLessThan(0.5);
    expect(look(1_000_000).outline).toBe(0);
  });

  it("grow with the panel and with zooming in, and become clearer", () => {
    for (const n of [1797, 100_000]) {
      expect(look(n, 300, 200).radius).toBeLessThan(look(n).radius);
      expect(look(n, 1000, 800, 4).radius).toBeGreaterThan(look(n).radius);
      expect(look(n, 1000, 800, 4).opacity).toBeGreaterThan(look(n).opacity);
    }
  });

  it("stand back at a fifth of their opacity, and stand out above the usual", () => {
    for (const n of sizes) {
      const { opacity, dimmed, emphasis } = look(n);
      expect(dimmed * (1 - DIMMED_FADE)).toBeCloseTo(opacity / 5, 12);
      expect(emphasis).toBeGreaterThan(opacity);
      expect(emphasis).toBeLessThanOrEqual(1);
    }
  });

  it("have the chosen size and opacity at every zoom, and still stand out and stand back", () => {
    for (const n of sizes) {
      for (const zoom of [1, 30]) {
        const { radius, opacity, emphasis, dimmed } = look(n, 1000, 800, zoom, { size: 3.5, opacity: 0.4 });
        expect([radius, opacity, emphasis]).toEqual([3.5, 0.4, 0.7]);
        expect(dimmed * (1 - DIMMED_FADE)).toBeCloseTo(0.4 / 5, 12);
      }
    }
  });

  it("become fainter if only a larger size is chosen, and keep their size if only the opacity is", () => {
    const large = look(100_000, 1000, 800, 1, { size: 4, opacity: null });
    const small = look(100_000, 1000, 800, 1, { size: 2.5, opacity: null });
    expect(large.radius).toBe(4);
    expect(large.opacity).toBeLessThan(look(100_000, 1000, 800, 1, { size: 3.2, opacity: null }).opacity);
    expect(small.opacity).toBeGreaterThan(0.12);
    expect(look(1797, 1000, 800, 1, { size: null, opacity: 1 }).radius).toBe(look(1797).radius);
  });

  it("are smaller above a density, which shows between them, unless a size is chosen", () => {
    const crowd = { n: 20_000, width: 1000, height: 800, zoom: 1, density: 0.1, front: 0 };
    const { radius } = appearance({ ...crowd, shaded: true });
    expect(radius).toBeCloseTo(0.6 * appearance(crowd).radius, 12);
    expect(appearance({ ...crowd, shaded: true }, { size: 3, opacity: null }).radius).toBe(3);
  });

  it("have a look even in a panel without size or density", () => {
    const nothing = { n: 0, width: 0, height: 0, zoom: 1, density: 0, front: 0 };
    const { front, ...own } = appearance(nothing);
    for (const value of [...Object.values(own), ...Object.values(front)]) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe("a few points that stand out among many", () => {
  const radii = (n: number, front: number, size: number | null = null) => {
    const crowd = { n, width: 1000, height: 800, zoom: 1, density: (4 * n) / 800_000, front };
    const seen = appearance(crowd, { size, opacity: null });
    const { outline, leastOpacity } = seen.front;
    return { all: seen.radius, front: seen.front.radius, outline, leastOpacity };
  };

  it("are discs large enough to find, whatever size the others have", () => {
    for (const n of [20_000, 200_000, 1_000_000]) {
      for (const front of [1, 11, 499]) {
        expect(radii(n, front).all).toBeLessThan(2);
        expect(radii(n, front).front).toBe(3);
        expect(radii(n, front).outline).toBeGreaterThan(0.5);
        expect(radii(n, front).leastOpacity).toBeGreaterThan(0.9);
        expect(radii(n, front, 0.4).front).toBe(3);
        expect(radii(n, front, 4).front).toBe(4);
      }
    }
  });

  it("are as large as the others if these are large, or if many stand out or none", () => {
    expect(radii(500, 11).front).toBe(radii(500, 11).all);
    for (const front of [0, 2000, 50_000, 200_000])
      expect(radii(200_000, front).front).toBe(radii(200_000, 0).all);
    expect(radii(8000, 1700).front).toBe(radii(8000, 0).all);
  });

  it("shrink bit by bit as they become more", () => {
    for (const n of [8000, 200_000]) {
      for (let front = 1; front < 3000; front++) {
        const step = radii(n, front).front - radii(n, front + 1).front;
        expect(step).toBeGreaterThanOrEqual(0);
        expect(step).toBeLessThan(0.01);
        const fainter = radii(n, front).leastOpacity - radii(n, front + 1).leastOpacity;
        expect(fainter >= 0 && fainter < 0.01).toBe(true);
      }
    }
  });
});
