/** Figures of the drawer in words. */
import { count } from "../../view/words";

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
  return `${count(value)}${ending}`;
}

/** "3rd nearest of 45 in the original space, 20th on this map" */
export function pairInWords(
  { originalRank, mapRank }: { originalRank: number; mapRank: number },
  of: number,
): string {
  const first = `${ordinal(originalRank)} nearest of ${count(of)} in the original space`;
  return `${first}, ${ordinal(mapRank)} on this map`;
}
