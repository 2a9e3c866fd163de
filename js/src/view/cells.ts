/** Values of rows for reading: as many digits as set them apart, dates without parts that are nowhere set. */
import type { Cell, PictureCell } from "../wire/replies";
import type { ColumnType } from "../wire/traits";
import { digitsOf, duration, secondsOf } from "./figures";

/** Stands for a missing value. */
export const MISSING = "–";

/** Numbers from here on, and below `SMALL`, have an exponent. */
const LARGE = 1e15;
const SMALL = 1e-4;
/** The range assumed for numbers that do not differ, so that a large number alone keeps its digits. */
const ALONE = 10;

export function isPicture(cell: Cell): cell is PictureCell {
  return typeof cell === "object" && cell !== null;
}

/** How to write the values of a column so that they compare; `values` are those shown together. */
export function formatOf(type: ColumnType, values: readonly Cell[]): (cell: Cell) => string {
  const format = type === "number" ? formatNumbers(values) : type === "date" ? formatDates(values) : inWords;
  return (cell) => (cell === null || isPicture(cell) ? MISSING : format(cell));
}

function inWords(cell: Cell): string {
  if (typeof cell === "boolean") return cell ? "True" : "False"; // as Python writes them
  return String(cell);
}

function formatNumbers(values: readonly Cell[]): (cell: Cell) => string {
  const numbers = values.filter((value): value is number => typeof value === "number");
  const largest = Math.max(...numbers.map(Math.abs), 0);
  const span = Math.max(...numbers) - Math.min(...numbers);
  const digits = digitsOf(largest, span || Math.min(largest, ALONE));
  // Whole numbers beyond the browser's integers arrive as text.
  const whole = numbers.every(Number.isSafeInteger);
  if (!whole && (largest >= LARGE || (largest > 0 && largest < SMALL))) {
    return (cell) => (typeof cell === "number" ? exponential(cell, digits) : inWords(cell));
  }
  const room = Math.max(0, digits - 1 - Math.floor(Math.log10(largest || 1)));
  const decimals = Math.max(...numbers.map((value) => decimalsOf(value, room)), 0);
  return (cell) => (typeof cell === "number" ? fixed(cell, decimals) : inWords(cell));
}

/** That many decimals; a number that would round to 0 gets two digits of its own. */
function fixed(value: number, decimals: number): string {
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals) return String(Number(value.toPrecision(2)));
  return value.toFixed(decimals);
}

function exponential(value: number, digits: number): string {
  return value === 0 ? "0" : String(Number(value.toPrecision(digits)));
}

/** How many decimals, rounded to that many, remain without trailing zeros. */
function decimalsOf(value: number, room: number): number {
  return value.toFixed(room).replace(/0+$/, "").split(".")[1]?.length ?? 0;
}

const DATE = /^(-?\d{4,}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(.*))?$/;

function formatDates(values: readonly Cell[]): (cell: Cell) => string {
  const durations = values.map((value) => secondsOf(String(value))).filter((value) => value !== null);
  return durations.length > 0 ? formatDurations(durations) : formatMoments(values);
}

/** As many digits as set them apart. */
function formatDurations(seconds: readonly number[]): (cell: Cell) => string {
  const span = Math.max(...seconds) - Math.min(...seconds);
  return (cell) => duration(secondsOf(String(cell)) ?? Number.NaN, span);
}

/** ISO 8601 without the time if it is midnight everywhere, without seconds if they are 0. */
function formatMoments(values: readonly Cell[]): (cell: Cell) => string {
  const parts = values.map((value) => DATE.exec(String(value))).filter((part) => part !== null);
  const timed = parts.some(([, , time, seconds]) => isSet(time) || isSet(seconds));
  const seconded = parts.some(([, , , seconds]) => isSet(seconds));
  return (cell) => {
    const part = DATE.exec(String(cell));
    if (!part) return inWords(cell);
    const [, day, time = "00:00", seconds = ":00", zone = ""] = part;
    if (!timed) return day;
    return `${day} ${time}${seconded ? seconds.replace(/\.0+$/, "") : ""}${zone}`;
  };
}

function isSet(part: string | undefined): boolean {
  return /[1-9]/.test(part ?? "");
}
