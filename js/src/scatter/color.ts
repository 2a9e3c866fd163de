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
