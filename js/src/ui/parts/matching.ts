/** Names that a few typed letters mean. */

export interface Matches<T> {
  /** The best ones: the name itself, then those that begin with the letters, then those that hold them. */
  listed: T[];
  /** How many more there are. */
  more: number;
}

/** At most `limit` of those whose name holds `typed`, whatever the case; otherwise in the order given. */
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
