/** Colours of categories and of numbers, as rgb triples. */
import { hexToRgb } from "./colour";
import type { Rgb } from "./renderer";

/** More categories than this repeat colours; the app says so. */
export const CATEGORICAL_LIMIT = 40;

/** Missing labels, on either background. With less light it would be Okabe and Ito's purple to deuteranopes. */
export const MISSING_COLOUR: Rgb = [0xb0, 0xb0, 0xb0];

/** Okabe and Ito (2008), safe for colour-blind people; the strongest first. */
const OKABE_ITO = ["0072b2", "e69f00", "009e73", "d55e00", "cc79a7", "56b4e9", "000000", "f0e442"];
const BLACK = 6;
/** Stands in for black where the background is. With less light it would be the yellow to tritanopes. */
const LIGHT = "f5f5f5";

/**
 * Chosen one after the other, each the farthest in OKLab from all before it, from a middle grey and from both
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
  for (let i = 0; i < count; i++) palette.set(hexToRgb(`#${colours[i % CATEGORICAL_LIMIT]}`), 3 * i);
  return palette;
}

/** Every fifth colour of Viridis (Smith, van der Walt and Firing 2015); d3-scale-chromatic would bring 16 KB for it. */
const VIRIDIS = [
  ..."440154 46085c 471063 481769 481d6f 482475 472a7a 46307e 453781 433d84 414287 3f4889 3d4e8a".split(" "),
  ..."3a538b 38598c 355e8d 33638d 31688e 2e6d8e 2c718e 2a768e 297b8e 27808e 25848e 23898e 218e8d".split(" "),
  ..."20928c 1f978b 1e9c89 1fa188 21a585 24aa83 28ae80 2eb37c 35b779 3dbc74 46c06f 50c46a 5ac864".split(" "),
  ..."65cb5e 70cf57 7cd250 89d548 95d840 a2da37 b0dd2f bddf26 cae11f d8e219 e5e419 f1e51d fde725".split(" "),
];

/** On dark, the share of viridis that is left out: its first colours have less than 3:1 contrast (WCAG) to #111. */
const TOO_DARK = 0.32;

/** 256 colours for numbers: viridis, to within one of 255 of the published ones; on dark without its darkest. */
export function continuousPalette(dark = false): Uint8Array {
  const palette = new Uint8Array(3 * 256);
  const first = dark ? TOO_DARK : 0;
  for (let i = 0; i < 256; i++) {
    const at = (first + (1 - first) * (i / 255)) * (VIRIDIS.length - 1);
    const stop = Math.floor(at);
    const low = hexToRgb(`#${VIRIDIS[stop]}`);
    const high = hexToRgb(`#${VIRIDIS[Math.min(stop + 1, VIRIDIS.length - 1)]}`);
    palette.set(
      low.map((from, c) => Math.round(from + (high[c] - from) * (at - stop))),
      3 * i,
    );
  }
  return palette;
}
