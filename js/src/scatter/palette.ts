/** Colours for categories and numbers, as rgb triples; Python draws pictures with the same ones. */
import palettes from "../../../tsne_widget/palette.json";
import { hexToRgb } from "./color";
import type { Rgb } from "./renderer";

/** More categories than this repeat colours, which the app reports. */
export const CATEGORICAL_LIMIT = 40;

/** Missing labels, on either background. A darker grey would be Okabe and Ito's purple to deuteranopes. */
export const MISSING_COLOR: Rgb = hexToRgb(`#${palettes.missing}`);

/** Okabe and Ito (2008), safe for colour-blind people, strongest first. */
const OKABE_ITO = palettes.okabe_ito.split(" ");
const BLACK = 6;
/** Replaces black on a black background. A darker one would be the yellow to tritanopes. */
const LIGHT = palettes.black_on_dark;

/**
 * Each is the colour farthest in OKLab from all before it, from a middle grey and from both backgrounds, among
 * colours of medium lightness (0.47 to 0.83) and low chroma (below 0.2). Quieter ones come first.
 */
const FURTHER = palettes.further.split(" ");

/**
 * `count` colours; further categories never change the colours of earlier ones. `own`: colours of the user's as
 * "#rrggbb", or the numbers of ours; empty stands for ours in order.
 */
export function categoricalPalette(
  count: number,
  dark: boolean,
  own: readonly (string | number)[] = [],
): Uint8Array {
  const colors = [...OKABE_ITO, ...FURTHER];
  if (dark) colors[BLACK] = LIGHT;
  const palette = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    const told = own[i] ?? i;
    palette.set(hexToRgb(typeof told === "string" ? told : `#${colors[told % CATEGORICAL_LIMIT]}`), 3 * i);
  }
  return palette;
}

/** Every fifth colour of Viridis (Smith, van der Walt and Firing 2015); d3-scale-chromatic would bring 16 KB for it. */
const VIRIDIS = palettes.viridis.split(" ").map((hex) => `#${hex}`);

/** The share of viridis left out on dark: its first colours have less than 3:1 contrast (WCAG) with #111. */
const TOO_DARK = palettes.viridis_left_out_on_dark;

/**
 * 256 colours for numbers: viridis, within one of 255 of the published values; on dark without its darkest part. Or
 * colours of the user's, evenly spaced.
 */
export function continuousPalette(dark = false, own: readonly string[] = []): Uint8Array {
  const palette = new Uint8Array(3 * 256);
  const stops = own.length > 0 ? own : VIRIDIS;
  const first = dark && own.length === 0 ? TOO_DARK : 0;
  for (let i = 0; i < 256; i++) {
    const at = (first + (1 - first) * (i / 255)) * (stops.length - 1);
    const stop = Math.floor(at);
    const low = hexToRgb(stops[stop]);
    const high = hexToRgb(stops[Math.min(stop + 1, stops.length - 1)]);
    palette.set(
      low.map((from, c) => Math.round(from + (high[c] - from) * (at - stop))),
      3 * i,
    );
  }
  return palette;
}

/** How many steps each side of a square of colours has: together as many as a scale. */
export const SQUARE_SIDE = 16;

/**
 * Colours for two numbers, the first rising within each of 16 rows and the second with the rows, after CheckViz
 * (Lespinats and Aupetit 2011). Where both are low, it recedes into the background; where both are high, it stands
 * out most.
 */
export function squarePalette(dark: boolean): Uint8Array {
  const [neither, first, second, both] = palettes.square[dark ? "dark" : "light"]
    .split(" ")
    .map((hex) => hexToRgb(`#${hex}`));
  const palette = new Uint8Array(3 * SQUARE_SIDE ** 2);
  for (let i = 0; i < SQUARE_SIDE ** 2; i++) {
    const [x, y] = [(i % SQUARE_SIDE) / (SQUARE_SIDE - 1), Math.floor(i / SQUARE_SIDE) / (SQUARE_SIDE - 1)];
    const mixed = neither.map((color, c) =>
      Math.round((1 - y) * ((1 - x) * color + x * first[c]) + y * ((1 - x) * second[c] + x * both[c])),
    );
    palette.set(mixed, 3 * i);
  }
  return palette;
}
