/** How wrongly a map shows distances: the rank of each pair in the original space beside that on the map. */
import type { GroupDistancesReply } from "../../wire/replies";

export interface RankedPair {
  a: string;
  b: string;
  original: number;
  map: number;
  /** From 1, the nearest; pairs at one distance have one rank. */
  originalRank: number;
  mapRank: number;
}

/** The pairs by their names, those that are shown most wrongly first. */
export function namedPairs({ names, pairs }: GroupDistancesReply): RankedPair[] {
  return pairs.map(({ a, b, original, map, original_rank, map_rank }) => ({
    a: names[a],
    b: names[b],
    original,
    map,
    originalRank: original_rank,
    mapRank: map_rank,
  }));
}
