/** Finds the names that a few typed letters may mean. */

export interface Matches<T> {
  /** The best names: the exact one, then those that begin with the letters, then those that contain them. */
  listed: T[];
  /** How many more there are. */
  more: number;
}

/** Returns at most `limit` names that contain `typed`, ignoring case; otherwise in the given order. */
export function matching<T>(
  entries: readonly T[],
  name: (entry: T) => string,
  typed: string,
  limit: number,
): Matches<T> {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return { listed: entries.slice(0, limit), more: Math.max(0, entries.length - limit) };
  const ranked: [T[], T[], T[]] = [[], [], []];
  for (const entry of entries) {
    const known = name(entry).toLowerCase();
    const at = known.indexOf(wanted);
    if (at >= 0) ranked[at > 0 ? 2 : Number(known.length > wanted.length)].push(entry);
  }
  const all = ranked.flat();
  return { listed: all.slice(0, limit), more: Math.max(0, all.length - limit) };
}
