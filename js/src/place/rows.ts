/** New rows read from text: numbers in the order of the map's features, taken by name where there are names. */
import { recordsOf } from "./csv";

export interface RowsRead {
  count: number;
  /** One row after the other. */
  numbers: Float64Array;
  /** What the rows are called: a first column without a name, as pandas writes an index. */
  names: string[] | null;
  /** The column that colours the points, if there is one by that name. */
  labels: (string | null)[] | null;
  /** Columns that are not used. */
  unused: string[];
}

/** Why rows cannot be read, in words for whoever pasted them. */
export class RowsError extends Error {
  override name = "RowsError";
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** How many names an error lists. */
const LISTED = 8;

/** `label`: the name of the column that colours the points, if any. */
export function readRows(text: string, features: readonly string[], label: string | null): RowsRead {
  const [first, ...others] = recordsOf(text, features);
  if (first === undefined) throw new RowsError("there are no rows");
  const header = first.map((cell) => cell.trim());
  if (!isHeader(header, features)) return byPosition([first, ...others], features);
  if (others.length === 0) throw new RowsError("there are names of columns, and no rows");
  const at = (name: string) => (features.includes(name) ? -1 : header.indexOf(name));
  const [index, labelled] = [header[0] === "" ? 0 : -1, label === null ? -1 : at(label)];
  const used = new Set([...features, header[index], header[labelled]]);
  return {
    ...numbersOf(others, header.length, positionsOf(header, features), features),
    names: index < 0 ? null : others.map((record) => record[index]),
    labels: labelled < 0 ? null : others.map((record) => record[labelled] || null),
    unused: header.filter((name) => !used.has(name)),
  };
}

/** Names of columns: all features by name, or one of them that is no number, or no number at all. */
function isHeader(cells: string[], features: readonly string[]): boolean {
  const known = new Set(features);
  const words = cells.filter((cell) => !NUMBER.test(cell));
  const all = new Set(cells);
  return (
    words.length === cells.length ||
    words.some((cell) => cell !== "" && known.has(cell)) ||
    features.every((name) => all.has(name))
  );
}

function positionsOf(header: string[], features: readonly string[]): number[] {
  const positions = new Map(header.map((name, i) => [name, i]));
  const lacking = features.filter((name) => !positions.has(name));
  if (lacking.length > 0) {
    const listed = lacking.slice(0, LISTED).map(quoted).join(", ");
    const more = lacking.length > LISTED ? ` and ${lacking.length - LISTED} more` : "";
    throw new RowsError(`columns are missing: ${listed}${more}`);
  }
  const twice = features.find((name) => header.indexOf(name) !== positions.get(name));
  if (twice !== undefined) throw new RowsError(`the column ${quoted(twice)} is there twice`);
  return features.map((name) => positions.get(name) as number);
}

function byPosition(records: string[][], features: readonly string[]): RowsRead {
  const width = records[0].length;
  if (width !== features.length) {
    throw new RowsError(
      `${cellsInWords(width)} in a row: without names of columns it must be ${features.length}, in the order of the map's features`,
    );
  }
  const numbers = numbersOf(
    records,
    width,
    features.map((_, i) => i),
    features,
  );
  return { ...numbers, names: null, labels: null, unused: [] };
}

function numbersOf(
  records: string[][],
  width: number,
  positions: number[],
  features: readonly string[],
): { count: number; numbers: Float64Array } {
  const numbers = new Float64Array(records.length * positions.length);
  let next = 0;
  records.forEach((record, row) => {
    if (record.length !== width)
      throw new RowsError(`row ${row} has ${cellsInWords(record.length)}: the first line has ${width}`);
    positions.forEach((position, i) => {
      const cell = record[position].trim();
      const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
      if (!Number.isFinite(value)) refuse(cell, `row ${row}, column ${quoted(features[i])}`);
      numbers[next++] = value;
    });
  });
  return { count: records.length, numbers };
}

function refuse(cell: string, where: string): never {
  if (cell === "") throw new RowsError(`${where} is empty`);
  const decimal = /^[+-]?\d+,\d+$/.test(cell) ? ": write it with a decimal point" : "";
  throw new RowsError(`${where}: ${quoted(cell.slice(0, 40))} is not a number${decimal}`);
}

function cellsInWords(count: number): string {
  return `${count} ${count === 1 ? "cell" : "cells"}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
