/** Colours of categories and of numbers, as rgb triples. */
import { interpolateViridis } from "d3-scale-chromatic";
import { hexToRgb } from "./colour";
import type { Rgb } from "./renderer";

/** More categories than this repeat colours; the app says so. */
export const CATEGORICAL_LIMIT = 40;

/** Missing labels, on either background. */
export const MISSING_COLOUR: Rgb = [0x99, 0x99, 0x99];

/** Okabe and Ito (2008), safe for colour-blind people; the strongest first. */
const OKABE_ITO = ["0072b2", "e69f00", "009e73", "d55e00", "cc79a7", "56b4e9", "000000", "f0e442"];
const BLACK = 6;
/** Stands in for black where the background is. */
const LIGHT = "e6e6e6";

/**
 * Chosen one after the other, each the farthest in OKLab from all before it, from MISSING_COLOUR and from both
 * backgrounds, among colours of middle lightness (0.47 to 0.83) and calm chroma (below 0.2). The quieter stand first.
 */
const FURTHER = [
  ..."8228aa 8cb400 aa004b 9178ff 695a23 7d5a7d 05eb96 cdafff ffaaa0 007300 9b8200".split(" "),
  ..."aacd96 4b46c8 ff82f0 19e1e1 056964 be379b ff5a6e 9b3700 238cff 7d7dbe c364dc".split(" "),
  ..."a06e5a 1e9b00 3296aa d28c69 c35064 5fb9aa aac8e6 6e825f a5dc55 00c364".split(" "),
];

/** `count` colours; adding a category never changes the colours of those before it. */
export function categoricalPalette(count: number, dark: boolean): Uint8Array {
  const colours = [...OKABE_ITO, ...FURTHER];
  if (dark) colours[BLACK] = LIGHT;
  const palette = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) palette.set(hexToRgb(colours[i % CATEGORICAL_LIMIT]), 3 * i);
  return palette;
}

/** Viridis in 256 steps. */
export function continuousPalette(): Uint8Array {
  const palette = new Uint8Array(3 * 256);
  for (let i = 0; i < 256; i++) palette.set(hexToRgb(interpolateViridis(i / 255).slice(1)), 3 * i);
  return palette;
}
