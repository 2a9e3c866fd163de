/** The letters that are drawn on pictures: their font, their widths, and names cut to fit. */

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const SIZE = 12;
/** CSS pixels of a letter on average, for browsers that cannot measure. */
const LETTER = 6.5;

export const LETTERING = { "font-family": FONT, "font-size": SIZE };

/** The width of a text in CSS pixels. */
export type Measure = (text: string, bold?: boolean, size?: number) => number;

export function font(bold = false, size = SIZE): string {
  return `${bold ? "bold " : ""}${size}px ${FONT}`;
}

export function measuring(): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => LETTER * text.length;
  return (text, bold, size) => {
    context.font = font(bold, size);
    return context.measureText(text).width;
  };
}

/** As much of a text as fits. */
export function fitted(text: string, room: number, measure: Measure): string {
  return shortened(text, room, measure, (words, length) => `${words.slice(0, length)}…`);
}

/** As much of a name as fits, with both ends: long names of the same data often begin alike. */
export function fittedName(name: string, room: number, measure: Measure): string {
  return shortened(name, room, measure, (words, length) => {
    const head = Math.ceil(0.6 * length);
    return `${words.slice(0, head).trimEnd()}…${words.slice(words.length - length + head).trimStart()}`;
  });
}

/** `cut` leaves so many letters of a text, with a mark where others were. */
function shortened(
  text: string,
  room: number,
  measure: Measure,
  cut: (text: string, length: number) => string,
): string {
  const words = text.replace(/[\s\p{Cc}]+/gu, " "); // what XML cannot hold
  if (measure(words) <= room) return words;
  let length = words.length - 1;
  while (length > 1 && measure(cut(words, length)) > room) length--;
  return cut(words, length);
}
