/** How values of a scale are written; `tsne_widget/data/written.py` does the same for pictures drawn by Python. */
import type { Scale } from "../wire/traits";

/** Digits of a number; a number that is large for its range gets as many more as set it apart from the others. */
const DIGITS = 4;
/** All digits of a float64. */
const MOST_DIGITS = 17;
/** Numbers outside these limits have an exponent. */
const SMALL = 1e-4;
const LARGE = 1e15;
/** The precision of a duration, as a share of the range. */
const PART = 50;
const DAY = 86_400;
const HOUR = 3_600;
const WHOLE_UNITS: [unit: string, seconds: number][] = [
  ["d", DAY],
  ["h", HOUR],
  ["min", 60],
];
const FINE_UNITS = ["s", "ms", "µs", "ns", "ps", "fs", "as"];

type Told = Pick<Scale, "quantity" | "origin" | "least" | "most">;

/** Returns a function that writes values of a scale, in its own unit, so that they differ from each other. */
export function toWords({ quantity, origin, least, most }: Told): (value: number) => string {
  const span = most - least;
  if (quantity === "duration") return (value) => duration(value, span);
  if (origin === null) return (value) => number(value, span);
  if (quantity === "moment") return (value) => time(value, origin, span);
  const first = BigInt(origin); // integers too large for a JavaScript number, such as identifiers
  return (value) => (Number.isNaN(value) ? "missing" : String(first + BigInt(Math.round(value))));
}

/** A number from a range of that width. */
export function number(value: number, span: number = Math.abs(value)): string {
  if (Number.isNaN(value)) return "missing";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const rounded = Number(value.toPrecision(digitsOf(value, span)));
  const size = Math.abs(rounded);
  if (size > 0 && (size < SMALL || size >= LARGE)) return rounded.toExponential();
  const [whole, fraction] = String(size).split(".");
  const sign = rounded < 0 ? "-" : "";
  return sign + Number(whole).toLocaleString("en") + (fraction ? `.${fraction}` : "");
}

/** How many digits a number from a range of that width has. */
export function digitsOf(value: number, span: number): number {
  if (value === 0 || !(span > 0)) return DIGITS;
  return Math.min(MOST_DIGITS, DIGITS + Math.max(0, magnitude(value) - magnitude(span)));
}

/** A mean, to a hundredth of the range of the colours. */
export function meanInWords(value: number, { low, high }: { low: number; high: number }): string {
  if (!Number.isFinite(value)) return number(value);
  const decimals = Math.max(0, Math.min(MOST_DIGITS, 2 - magnitude(high - low || 1)));
  const least = 10 ** -decimals;
  if (value > 0 && value < least / 2) return `< ${number(least)}`;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function magnitude(value: number): number {
  return Math.floor(Math.log10(Math.min(Math.abs(value), Number.MAX_VALUE)));
}

/** "3 d 4 h", "1 min 2.5 s", "12 ms"; from a range of that many seconds. */
export function duration(seconds: number, span: number = Math.abs(seconds)): string {
  if (!Number.isFinite(seconds)) return number(seconds);
  const own = Math.abs(seconds);
  const within = Math.min(span || own, own);
  const sign = seconds < 0 ? "-" : "";
  const coarse = WHOLE_UNITS.find(([, size]) => size * PART <= within)?.[1];
  if (coarse) return sign + inUnits(Math.round(own / coarse) * coarse, 0);
  const power = own >= 1 || own === 0 ? 0 : Math.min(FINE_UNITS.length - 1, -Math.floor(Math.log10(own) / 3));
  const decimals = Math.max(0, digitsOf(own, within) - 1 - magnitude((own || 1) * 1000 ** power));
  if (power === 0) return sign + inUnits(own, decimals);
  const amount = Number((own * 1000 ** power).toFixed(decimals));
  // Rounding up may reach the next unit.
  return sign + (amount < 1000 ? `${amount} ${FINE_UNITS[power]}` : `1 ${FINE_UNITS[power - 1]}`);
}

const DURATION = /^(-?)(?:(\d+) d ?)?(?:(\d+) h ?)?(?:(\d+) min ?)?(?:([\d.]+) (s|ms|µs|ns|ps|fs|as))?$/;

/** The seconds of a duration as Python writes it in full; null if it is none. */
export function secondsOf(written: string): number | null {
  const parts = written === "" ? null : DURATION.exec(written);
  if (!parts) return null;
  const [, sign, days = "0", hours = "0", minutes = "0", rest = "0", unit = "s"] = parts;
  const whole = Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * 60;
  const seconds = whole + Number(rest) / 1000 ** FINE_UNITS.indexOf(unit);
  return sign ? -seconds : seconds;
}

function inUnits(seconds: number, decimals: number): string {
  let rest = Number(seconds.toFixed(decimals));
  const parts: string[] = [];
  for (const [unit, size] of WHOLE_UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  const left = Number(rest.toFixed(decimals));
  if (left > 0 || parts.length === 0) parts.push(`${left} s`);
  return parts.join(" ");
}

/** A time in the zone of `origin`, where seconds count from, as precise as a range of that many seconds needs. */
export function time(seconds: number, origin: string, span: number): string {
  if (!Number.isFinite(seconds)) return number(seconds);
  const [local, fraction = "0"] = origin.replace(/(Z|[+-]\d\d:?\d\d)$/, "").split(".");
  const decimals = span >= 60 ? 0 : span >= 1 ? 3 : Math.min(9, 3 - magnitude(span || 1));
  const ticks = Math.floor((seconds + Number(`0.${fraction}`)) * 10 ** decimals + (decimals > 0 ? 0.5 : 0));
  const whole = Math.floor(ticks / 10 ** decimals);
  const date = new Date(Date.parse(local.includes("T") ? `${local}Z` : local) + 1000 * whole);
  if (Number.isNaN(date.getTime())) return "missing";
  const text = date.toISOString().slice(0, -5);
  if (span >= 3 * DAY) return text.slice(0, -9);
  if (span >= HOUR) return text.slice(0, -3).replace("T", " ");
  const rest = String(ticks - whole * 10 ** decimals).padStart(decimals, "0");
  return text.slice(-8) + (decimals > 0 ? `.${rest}` : "");
}
