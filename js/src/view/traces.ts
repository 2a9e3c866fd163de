/** What of a reading is drawn on its map: the gaps, and the links that cross between two groups. */
import type { LineStyle, TracesOn } from "../scatter";
import { rowsFromWire } from "../wire/bytes";
import type { Gap, GapAnswer } from "../wire/replies";
import type { View } from "./view";

/** Of more links, so many are drawn, spread evenly over all. */
export const LINKS_DRAWN = 3000;

/** How the gaps with each answer are drawn, and what that means: the most telling first. */
export const GAPS: { answer: GapAnswer; style: LineStyle; words: string }[] = [
  { answer: "apart", style: "solid", words: "in the data" },
  { answer: "thin", style: "dotted", words: "a thin place" },
  { answer: "joined", style: "faint", words: "the map's own cut" },
  { answer: null, style: "broken", words: "cannot be told" },
];

/** The gaps drawn on the map that is read; none while it shows another layout than the one they belong to. */
export function gapsDrawn({ reading, playback }: View): readonly Gap[] {
  const map = reading.map.value;
  const reply = reading.of("gaps").reply;
  const picture = map.picture.value;
  const same = reply && picture?.epoch === reply.epoch && picture.iteration === reply.iteration;
  return reading.drawsGaps.value && same && !playback.shown.value.has(map.run) ? reply.gaps : [];
}

/** The kinds of gaps among some. */
export function kindsOf(gaps: readonly Gap[]): typeof GAPS {
  return GAPS.filter(({ answer }) => gaps.some((gap) => gap.answer === answer));
}

export function tracesOf(view: View): ReadonlyMap<number, TracesOn> {
  const { reading } = view;
  const gaps = gapsDrawn(view);
  const { run, picture } = reading.map.value;
  if (gaps.length === 0 || !picture.value) return new Map();
  const marked = reading.marked.value;
  const traces = gaps.flatMap(({ answer, lines }, i) => {
    const style = GAPS.find((kind) => kind.answer === answer)?.style ?? "broken";
    return lines.map((line) => ({
      places: Float32Array.from(line.flat()),
      style,
      marked: i === marked,
    }));
  });
  return new Map([[run, { traces, token: picture.value.token }]]);
}

/** The pairs of rows that are linked across the two groups of the verdict, if they are to be drawn. */
export function pairsOf({ reading }: View): ReadonlyMap<number, Int32Array> {
  const answer = reading.drawsLinks.value && reading.of("verdict").latest.answer.value;
  if (!answer || answer.result.links === 0) return new Map();
  return new Map([[answer.result.run, thinned(rowsFromWire(answer.buffers[0]), LINKS_DRAWN)]]);
}

function thinned(pairs: Int32Array, most: number): Int32Array {
  const count = pairs.length / 2;
  if (count <= most) return pairs;
  return Int32Array.from(
    { length: 2 * most },
    (_, i) => pairs[2 * Math.floor(((i >> 1) * count) / most) + (i & 1)],
  );
}
