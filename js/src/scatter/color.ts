/** CSS colours as bytes. */
import type { Rgb } from "./renderer";

const HEX = /^#[0-9a-f]{6}$/i;

/** A CSS colour as `element` would show it on `behind`; `var(--...)` and every notation that the browser knows. */
export function cssToRgb(color: string, element: HTMLElement, behind: Rgb = [0, 0, 0]): Rgb {
  if (HEX.test(color.trim())) return hexToRgb(color.trim());
  const probe = document.createElement("span");
  probe.style.color = color;
  element.parentElement?.append(probe);
  const computed = getComputedStyle(probe).color || color;
  probe.remove();
  // A pixel knows every notation (oklch, color-mix, ...) that a parser of our own would miss.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return [128, 128, 128];
  for (const fill of [`rgb(${behind})`, computed]) {
    context.fillStyle = fill;
    context.fillRect(0, 0, 1, 1);
  }
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** Of "#rrggbb". */
export function hexToRgb(hex: string): Rgb {
  if (!HEX.test(hex)) throw new RangeError(`hex is ${JSON.stringify(hex)}, not of the form "#rrggbb"`);
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The contrast of text that WCAG 2 asks for (success criterion 1.4.3). */
const CONTRAST = 4.5;

/** The colour, darkened or lightened as little as text on this background needs. */
export function readable(color: Rgb, background: Rgb): Rgb {
  if (contrast(color, background) >= CONTRAST) return color;
  const end: Rgb =
    contrast([0, 0, 0], background) > contrast([255, 255, 255], background) ? [0, 0, 0] : [255, 255, 255];
  let [low, high] = [0, 1];
  for (let i = 0; i < 10; i++) {
    const middle = (low + high) / 2;
    if (contrast(mixed(color, end, middle), background) < CONTRAST) low = middle;
    else high = middle;
  }
  return mixed(color, end, high);
}

/** From 1 to 21, by WCAG 2. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The channels are rounded away from `a`, so that the contrast with what is far from `b` never shrinks. */
function mixed(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (i: number) => {
    const value = a[i] + (b[i] - a[i]) * share;
    return b[i] > a[i] ? Math.ceil(value) : Math.floor(value);
  };
  return [channel(0), channel(1), channel(2)];
}
