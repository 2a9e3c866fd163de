/** Suggested groups, which become groups once a user accepts them. */
import { rowsFromWire } from "../wire/bytes";
import type { Replies, Reply, SuggestionsReply } from "../wire/replies";

export interface Suggestion {
  name: string;
  /** What gave the name; empty if a user did. */
  why: string;
  rows: Int32Array;
}

/** All of them, and what they are a reading of. */
export interface Suggestions extends Omit<SuggestionsReply, "groups"> {
  groups: Suggestion[];
}

/** The groups with their rows; null if there are none. */
export function suggestionsOf({
  result,
  buffers: [bytes],
}: Reply<Replies["suggestions"]>): Suggestions | null {
  if (!result) return null;
  const all = bytes ? rowsFromWire(bytes) : new Int32Array(0);
  let from = 0;
  const groups = result.groups.map(({ name, count, why }) => {
    from += count;
    return { name, why, rows: all.slice(from - count, from) };
  });
  return { ...result, groups };
}
