/** Figures in words. */

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** "2 settled, 1 optimising", in order of appearance; "all settled", "none settled yet". */
export function tally(stages: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const stage of stages) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  if (stages.length === 1) return stages[0];
  if (counts.size === 1)
    return stages[0].startsWith("not ") ? stages[0].replace("not", "none") : `all ${stages[0]}`;
  return [...counts].map(([stage, count]) => `${count} ${stage}`).join(", ");
}

/** A name from the data. */
export function named(name: string): string {
  return name.trim() || "(empty)";
}

/** A count with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** "1 row", "1,234 rows" */
export function rowsInWords(value: number): string {
  return value === 1 ? "1 row" : `${count(value)} rows`;
}

/** About how long something takes. */
export function secondsInWords(seconds: number): string {
  if (seconds < 1.5) return "about 1 s";
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return `about ${Math.round(seconds / 60)} min`;
}
