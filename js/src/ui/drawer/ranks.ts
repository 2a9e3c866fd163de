/** How wrongly a map shows distances: each pair's rank in the original space beside its rank on the map. */
import type { GroupDistancesReply } from "../../wire/replies";

export interface RankedPair {
  a: string;
  b: string;
  original: number;
  map: number;
  /** From 1, the nearest; pairs at the same distance share a rank. */
  originalRank: number;
  mapRank: number;
}

/** The pairs by name, those that the map shows most wrongly first. */
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
