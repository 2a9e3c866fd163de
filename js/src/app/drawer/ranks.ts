/** How wrongly a map shows distances: the rank of each pair in the original space beside that on the map. */
import type { GroupDistancesReply } from "../../protocol";

export interface RankedPair {
  a: string;
  b: string;
  original: number;
  map: number;
  /** From 1, the nearest; pairs at one distance have one rank. */
  originalRank: number;
  mapRank: number;
}

/** The pairs that are shown most wrongly first. */
export function rankPairs({ names, pairs }: GroupDistancesReply): RankedPair[] {
  const original = ranks(pairs.map((pair) => pair.original));
  const map = ranks(pairs.map((pair) => pair.map));
  return pairs
    .map((pair, i) => ({
      a: names[pair.a],
      b: names[pair.b],
      original: pair.original,
      map: pair.map,
      originalRank: original[i],
      mapRank: map[i],
    }))
    .sort((one, other) => wrongness(other) - wrongness(one));
}

function wrongness({ originalRank, mapRank }: RankedPair): number {
  return Math.abs(originalRank - mapRank);
}

/** The rank of each value from 1, the least; equal ones share the first of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const found = new Array<number>(values.length);
  order.forEach((i, place) => {
    const before = order[place - 1];
    found[i] = place > 0 && values[before] === values[i] ? found[before] : place + 1;
  });
  return found;
}
