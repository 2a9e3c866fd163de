import { interpolateViridis } from "d3-scale-chromatic";
import { describe, expect, it } from "vitest";
import {
  CATEGORICAL_LIMIT,
  categoricalPalette,
  continuousPalette,
  MISSING_COLOR,
  SQUARE_SIDE,
  squarePalette,
} from "../../src/scatter/palette";

type Lab = [number, number, number];

/** From linear to linear light, row after row. */
type Eyes = readonly (readonly [number, number, number])[];

const USUAL: Eyes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.0. */
const OTHER: Record<string, Eyes> = {
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopes: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab (Ottosson 2020): distances there are roughly what eyes see. */
function oklab(color: readonly number[], eyes: Eyes = USUAL): Lab {
  const light = color.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const linear = eyes.map((row) =>
    Math.min(1, Math.max(0, row[0] * light[0] + row[1] * light[1] + row[2] * light[2])),
  );
  const l = Math.cbrt(0.4122214708 * linear[0] + 0.5363325363 * linear[1] + 0.0514459929 * linear[2]);
  const m = Math.cbrt(0.2119034982 * linear[0] + 0.6806995451 * linear[1] + 0.1073969566 * linear[2]);
  const s = Math.cbrt(0.0883024619 * linear[0] + 0.2817188376 * linear[1] + 0.6299787005 * linear[2]);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const colors = (palette: Uint8Array) =>
  Array.from({ length: palette.length / 3 }, (_, i) => palette.subarray(3 * i, 3 * i + 3));
const distance = (a: Lab, b: Lab) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function closest(palette: Uint8Array, others: ArrayLike<number>[], eyes: Eyes = USUAL): number {
  const labs = [...colors(palette), ...others].map((c) => oklab(Array.from(c), eyes));
  let least = Infinity;
  for (let i = 0; i < labs.length; i++)
    for (let j = 0; j < i; j++) least = Math.min(least, distance(labs[i], labs[j]));
  return least;
}

describe("categorical colours", () => {
  for (const dark of [false, true]) {
    const background = dark ? [0x11, 0x11, 0x11] : [255, 255, 255];
    it(`are far apart, from grey and from the ${dark ? "dark" : "light"} background`, () => {
      expect(closest(categoricalPalette(8, dark), [MISSING_COLOR, background])).toBeGreaterThan(0.11);
      expect(
        closest(categoricalPalette(CATEGORICAL_LIMIT, dark), [MISSING_COLOR, background]),
      ).toBeGreaterThan(0.08);
    });
  }

  // What is seen as just different is about 0.02.
  for (const [who, eyes] of Object.entries(OTHER)) {
    it(`are told apart by ${who}, the first eight, missing and the background`, () => {
      for (const [dark, background] of [
        [false, [255, 255, 255]],
        [true, [0x11, 0x11, 0x11]],
      ] as const) {
        expect(closest(categoricalPalette(8, dark), [MISSING_COLOR, background], eyes)).toBeGreaterThan(
          0.075,
        );
      }
    });
  }

  it("keep their place when categories are added", () => {
    const forty = categoricalPalette(40, false);
    for (const count of [1, 8, 9, 20]) {
      expect(categoricalPalette(count, false)).toEqual(forty.slice(0, 3 * count));
    }
  });

  it("repeat after the limit", () => {
    const palette = categoricalPalette(100, true);
    expect(palette.slice(0, 60)).toEqual(palette.slice(120, 180));
  });
});

/** Relative luminance (WCAG 2.2). */
function luminance(color: ArrayLike<number>): number {
  const [r, g, b] = Array.from(color, (c) =>
    c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

it("the colours of numbers are visible on either background, on dark as WCAG asks of graphics", () => {
  for (const color of colors(continuousPalette(true))) {
    expect(contrast(color, [0x11, 0x11, 0x11])).toBeGreaterThanOrEqual(3);
  }
  for (const color of colors(continuousPalette())) {
    expect(contrast(color, [255, 255, 255])).toBeGreaterThanOrEqual(1.25);
  }
});

/** The corners of the colours of two numbers: neither is high, the first, the second, both. */
function corners(dark: boolean) {
  const all = colors(squarePalette(dark));
  const last = SQUARE_SIDE - 1;
  return [0, last, SQUARE_SIDE * last, SQUARE_SIDE ** 2 - 1].map((i) => all[i]);
}

it.each([
  ["light", false, [255, 255, 255]],
  ["dark", true, [0x11, 0x11, 0x11]],
] as const)("on %s, two numbers stand out the more, the higher they are", (_, dark, background) => {
  const [neither, ...high] = corners(dark).map((color) => contrast(color, background));
  expect(neither).toBeGreaterThanOrEqual(1.25);
  for (const one of high) expect(one).toBeGreaterThan(1.5 * neither);
  expect(high[2]).toBe(Math.max(...high));
});

it.each(Object.entries({ everybody: USUAL, ...OTHER }))(
  "%s tell which of two numbers is high, or whether both are",
  (_, eyes) => {
    for (const dark of [false, true]) {
      const [first, ...others] = corners(dark);
      expect(closest(first, others, eyes)).toBeGreaterThan(0.1);
    }
  },
);

it("the colours of numbers on dark are no fewer than two thirds of viridis, up to its last", () => {
  const [light, dark] = [colors(continuousPalette()), colors(continuousPalette(true))];
  expect(dark[255]).toEqual(light[255]);
  const nearest = light.map((c) => distance(oklab(Array.from(c)), oklab(Array.from(dark[0]))));
  expect(nearest.indexOf(Math.min(...nearest))).toBeLessThan(256 / 3);
});

it("the colours of numbers are those of viridis, ever lighter", () => {
  const all = colors(continuousPalette());
  expect(all).toHaveLength(256);
  for (let i = 0; i < 256; i++) {
    const published = Number.parseInt(interpolateViridis(i / 255).slice(1), 16);
    for (const [c, shift] of [16, 8, 0].entries()) {
      expect(Math.abs(all[i][c] - ((published >> shift) & 255))).toBeLessThanOrEqual(1);
    }
  }
  const lightness = all.map((c) => oklab(Array.from(c))[0]);
  for (let i = 8; i < 256; i += 8) expect(lightness[i]).toBeGreaterThan(lightness[i - 8]);
});
