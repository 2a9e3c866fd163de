/** What is put on a saved picture beside the points, and the font it is written in. */

/** CSS pixels. */
export const LINE = 20;
export const MARGIN = 10;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const SIZE = 12;
/** CSS pixels of a letter on average, for browsers that cannot measure. */
const LETTER = 6.5;

export type Ink = "plain" | "muted" | "warning";

export interface Text {
  x: number;
  /** The middle of the line. */
  y: number;
  text: string;
  ink: Ink;
  bold?: boolean;
  right?: boolean;
  /** Text that does not fit is cut off, with a mark. */
  room: number;
}

export interface Swatch {
  x: number;
  y: number;
  width: number;
  height: number;
  /** One, or a run of them from left to right. */
  colors: string[];
}

export interface Sheet {
  texts: Text[];
  swatches: Swatch[];
  measure: Measure;
}

export const LETTERING = { "font-family": FONT, "font-size": SIZE };

/** The width of a text in CSS pixels. */
export type Measure = (text: string, bold?: boolean) => number;

export function font(bold = false): string {
  return `${bold ? "bold " : ""}${SIZE}px ${FONT}`;
}

export function measuring(): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => LETTER * text.length;
  return (text, bold) => {
    context.font = font(bold);
    return context.measureText(text).width;
  };
}

/** A text in lines that have room; a longer word has a line to itself. */
export function wrapped(text: string, room: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && measure(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** As much of a text as fits. */
export function fitted(text: string, room: number, measure: Measure): string {
  const words = text.replace(/[\s\p{Cc}]+/gu, " "); // what XML cannot hold
  if (measure(words) <= room) return words;
  let length = words.length - 1;
  while (length > 1 && measure(`${words.slice(0, length)}…`) > room) length--;
  return `${words.slice(0, length)}…`;
}
