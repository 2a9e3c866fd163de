/** Checks of outside data: each check returns the value with its type, or reports what is wrong. */

/** The data breaks the agreed format. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** `where` names the value in the error. */
export type Check<T> = (value: unknown, where: string) => T;

/** How many characters of a value an error shows. */
const SHOWN = 60;

export const text: Check<string> = (value, where) =>
  typeof value === "string" ? value : refuse(value, where, "a text");

export const flag: Check<boolean> = (value, where) =>
  typeof value === "boolean" ? value : refuse(value, where, "true or false");

/** Neither infinite nor NaN. */
export const number: Check<number> = (value, where) =>
  Number.isFinite(value) ? (value as number) : refuse(value, where, "a finite number");

export function whole(low = 0, high = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, where) => {
    const fits = Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
    return fits ? (value as number) : refuse(value, where, `a whole number from ${low} to ${high}`);
  };
}

export function oneOf<T>(...allowed: T[]): Check<T> {
  return (value, where) =>
    allowed.includes(value as T) ? (value as T) : refuse(value, where, `one of ${allowed.join(", ")}`);
}

export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, where) => {
    try {
      return first(value, where);
    } catch {
      return second(value, where);
    }
  };
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, where) => (value === null ? null : check(value, where));
}

/** A list whose entries all pass a check, of a given length if any. */
export function listOf<T>(check: Check<T>, length?: number): Check<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) return refuse(value, where, "a list");
    if (length !== undefined && value.length !== length) {
      return refuse(value.length, `${where}.length`, String(length));
    }
    value.forEach((one, i) => {
      check(one, `${where}[${i}]`);
    });
    return value;
  };
}

export function pairOf<T>(check: Check<T>): Check<[T, T]> {
  return listOf(check, 2) as unknown as Check<[T, T]>;
}

/** An object with these fields. */
export function shape<T extends object>(fields: { [K in keyof T]-?: Check<T[K]> }): Check<T> {
  return (value, where) => {
    const given = object(value, where);
    for (const [name, check] of Object.entries<Check<unknown>>(fields))
      check(given[name], `${where}.${name}`);
    return value as T;
  };
}

/** An object with fields of any name. */
export function recordOf<T>(check: Check<T>): Check<Record<string, T>> {
  return (value, where) => {
    for (const [name, one] of Object.entries(object(value, where))) check(one, `${where}.${name}`);
    return value as Record<string, T>;
  };
}

/** `size * most` bytes; unless `exactly`, also a smaller multiple of `size`. */
export function bytes(size: number, most: number, exactly = true): Check<DataView> {
  return (value, where) => {
    const length = ArrayBuffer.isView(value) ? value.byteLength : Number.NaN;
    const fits = exactly ? length === size * most : length % size === 0 && length <= size * most;
    const allowed = `${exactly ? "" : "at most "}${size * most} bytes`;
    return fits ? (value as DataView) : refuse(`${length} bytes`, where, allowed);
  };
}

/** Returns what `read` reads; if it refuses, reports the reason on the console and returns `instead`. */
export function otherwise<T>(read: () => T, instead: T, what: string): T {
  try {
    return read();
  } catch (error) {
    console.warn(`tsne_widget: ${what} was refused:`, error);
    return instead;
  }
}

export function object(value: unknown, where: string): Record<string, unknown> {
  const fits = typeof value === "object" && value !== null && !Array.isArray(value);
  return fits ? (value as Record<string, unknown>) : refuse(value, where, "an object");
}

export function refuse(value: unknown, where: string, allowed: string): never {
  const shown = typeof value === "object" && value !== null ? typeof value : String(value);
  throw new ProtocolError(`${where}=${shown.slice(0, SHOWN)} is not ${allowed}`);
}
