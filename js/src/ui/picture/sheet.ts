/** What is put on a saved picture beside the points. */
import type { Measure } from "../../scatter";

/** CSS pixels. */
export const LINE = 20;
export const MARGIN = 10;

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
