/** A table pasted or dropped as text: values separated by commas, semicolons or tabs. */
import { dsvFormat } from "d3-dsv";

const DELIMITERS = ["\t", ";", ","];

/** The cells of each record, as text. `wanted`: the columns that tell which delimiter it is. */
export function recordsOf(text: string, wanted: readonly string[]): string[][] {
  const records = dsvFormat(delimiterOf(text, wanted)).parseRows(text);
  while (records.length > 0 && isBlank(records[records.length - 1])) records.pop();
  return records;
}

function isBlank(record: string[]): boolean {
  return record.length === 1 && record[0].trim() === "";
}

/** The delimiter that finds most of the wanted columns, or else as many; the first of those that do the same. */
function delimiterOf(text: string, wanted: readonly string[]): string {
  const { first, delimiters } = beginningOf(text);
  const names = new Set(wanted);
  const scores = delimiters.map((delimiter) => {
    const cells = dsvFormat(delimiter).parseRows(first)[0];
    const known = cells.filter((cell) => names.has(cell.trim())).length;
    return known + (cells.length === wanted.length ? 0.5 : 0);
  });
  return delimiters[scores.indexOf(Math.max(...scores))] ?? ",";
}

/** The first record, and the delimiters in it that are not within quotes. */
function beginningOf(text: string): { first: string; delimiters: string[] } {
  const found = new Set<string>();
  let end = 0;
  for (let quoted = false; end < text.length; end++) {
    const letter = text[end];
    if (letter === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (letter === "\n" || letter === "\r") break;
    else found.add(letter);
  }
  return { first: text.slice(0, end), delimiters: DELIMITERS.filter((one) => found.has(one)) };
}
