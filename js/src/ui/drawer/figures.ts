/** Figures of the drawer in words. */

import { toWords } from "../../view/figures";
import type { Difference } from "../../wire/replies";

/** "+1.84"; infinite if neither side varies, "–" if there is none. */
export function effectInWords({ effect, selected_mean, other_mean }: Difference): string {
  if (effect !== null) return signed(effect, 2);
  if (selected_mean === null || other_mean === null || selected_mean === other_mean) return "–";
  return selected_mean > other_mean ? "+∞" : "−∞";
}

/** With its sign, a minus as wide as the plus. */
export function signed(value: number, decimals: number): string {
  const digits = Math.abs(value).toFixed(decimals);
  if (Number(digits) === 0) return digits;
  return `${value > 0 ? "+" : "−"}${digits}`;
}

/** A mean as exactly as the drawn range needs; "–" if there is none. */
export function mean(value: number | null, { quantity, origin, low, high }: Difference): string {
  return value === null ? "–" : toWords({ quantity, origin, least: low, most: high })(value);
}

/** Never writes 0 % or 100 % for a share that is not exactly that. */
export function share(value: number): string {
  const percent = Math.round(100 * value);
  if (value > 0 && percent === 0) return "< 1 %";
  if (value < 1 && percent === 100) return "> 99 %";
  return `${percent} %`;
}

/** "1st", "22nd", "113th" */
export function ordinal(value: number): string {
  const [ones, tens] = [value % 10, Math.floor(value / 10) % 10];
  const ending = (tens !== 1 && ["", "st", "nd", "rd"][ones]) || "th";
  return `${value.toLocaleString("en")}${ending}`;
}

/** "3rd nearest of 45 in the original space, 20th on this map" */
export function pairInWords(
  { originalRank, mapRank }: { originalRank: number; mapRank: number },
  of: number,
): string {
  const first = `${ordinal(originalRank)} nearest of ${of.toLocaleString("en")} in the original space`;
  return `${first}, ${ordinal(mapRank)} on this map`;
}
