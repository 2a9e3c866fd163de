/** Checks of Python's replies: the result and its buffers. */
import { floats, rowsFromWire } from "./bytes";
import type { Check } from "./checks";
import {
  bytes,
  either,
  flag,
  listOf,
  number,
  oneOf,
  orNull,
  pairOf,
  recordOf,
  refuse,
  shape,
  text,
  whole,
} from "./checks";
import type * as replies from "./replies";
import { COLUMN_TYPE, categoriesOf, checkRows, QUANTITY, scaleOf } from "./traitChecks";

type Buffers = readonly DataView[];
type Checks = { [Name in keyof replies.Replies]: (result: unknown, buffers: Buffers, n: number) => void };

/** Checks a reply to a question about n points. */
export function checkReply(name: keyof replies.Replies, result: unknown, buffers: Buffers, n: number): void {
  REPLIES[name](result, buffers, n);
}

const CAUTION = shape<replies.Caution>({ text, axis: text, value: either(text, number), action: text });
const MEASURE = shape<replies.MeasureReply>({
  measure: text,
  called: text,
  runs: listOf(whole()),
  row: orNull(whole()),
  parts: whole(1, 2),
  low: number,
  high: number,
  least: number,
  most: number,
  sentence: text,
  caution: orNull(CAUTION),
});

const VALUES = recordOf(number);
const FINDING = shape<replies.Finding>({
  question: text,
  subject: text,
  sentence: text,
  tone: oneOf("good", "caution", "bad", "plain"),
  values: VALUES,
});
const READ = shape<replies.ReadReply>({
  question: oneOf("map", "noise", "torn", "gaps", "group", "verdict"),
  run: whole(),
  epoch: whole(),
  iteration: whole(),
  findings: listOf(FINDING),
  advice: orNull(FINDING),
  seconds: VALUES,
  gaps: listOf(
    shape<replies.Gap>({
      answer: oneOf<replies.GapAnswer>("apart", "thin", "joined", null),
      sentence: text,
      values: VALUES,
      lines: listOf(listOf(pairOf(number))),
      first: whole(),
      second: whole(),
    }),
  ),
  links: whole(),
});

const DENSITY = shape<replies.DensityReply>({
  tiles: listOf(
    shape<replies.DensityReply["tiles"][number]>({
      level: whole(0, 20),
      column: whole(),
      row: whole(),
      filled: whole(0, 65_536),
    }),
  ),
  full: number,
  unlike: text,
  far: text,
});

const DIFFERENCE = shape<replies.Difference>({
  feature: text,
  effect: text,
  selected_mean: text,
  other_mean: text,
  low: text,
  high: text,
  selected_histogram: listOf(number),
  other_histogram: listOf(number),
});

const SUGGESTIONS = shape<replies.SuggestionsReply>({
  on: oneOf("map", "data"),
  run: whole(),
  epoch: whole(),
  iteration: whole(),
  words: text,
  reading: text,
  rest: text,
  groups: listOf(shape({ name: text, count: whole(1), why: text })),
});

const SHARE = shape<replies.Share>({
  column: text,
  category: text,
  effect: text,
  selected_share: number,
  other_share: number,
});

const CONTRAST = shape<replies.ContrastReply>({
  selected: whole(),
  other: whole(),
  numbers: listOf(DIFFERENCE),
  numbers_total: whole(),
  numbered: listOf(DIFFERENCE),
  numbered_total: whole(),
  categories: listOf(SHARE),
  categories_total: whole(),
  words: listOf(SHARE),
  words_total: whole(),
  labels: orNull(listOf(shape({ name: text, count: whole(), share: number, of: number }))),
});

const DISTRIBUTION = shape<replies.DistributionReply>({
  column: text,
  least: number,
  most: number,
  quantity: QUANTITY,
  origin: orNull(text),
  ends: listOf(orNull(pairOf(number))),
  names: listOf(text),
  more: whole(),
});

const KEYFRAME = shape<replies.KeyframeTold>({
  run: whole(),
  epoch: whole(),
  iteration: whole(),
  words: recordOf(text),
  offset: pairOf(number),
  scale: number,
  gaps: flag,
});

const REPLIES: Checks = {
  rows: (result, buffers, n) => {
    const { length } = listOf(whole(0, n - 1))((result as replies.RowsReply)?.positions, "positions");
    rowsReply(length, buffers.length)(result, "result");
  },
  contrast: (result) => CONTRAST(result, "result"),
  measure: (result, buffers, n) => {
    const { runs, row, parts } = MEASURE(result, "result");
    if (row !== null) whole(0, n - 1)(row, "row");
    if (buffers.length !== parts && buffers.length !== parts * runs.length)
      refuse(buffers.length, "buffers", `${parts}, or as many for each run`);
    for (const buffer of buffers) bytes(4, n)(buffer, "buffer");
  },
  read: (result, buffers, n) => {
    const { links } = READ(result, "result");
    if (links === 0 && buffers.length === 0) return; // empty buffers get lost on the way
    const rows = whole(0, n - 1);
    for (const row of rowsFromWire(bytes(8, links)(only(buffers), "buffer"))) rows(row, "buffer");
  },
  lineup: (result, buffers, n) => {
    const { length } = buffers;
    shape<replies.LineUpReply>({
      run: whole(),
      epoch: whole(),
      iteration: whole(),
      answer: whole(1, length),
      seed: whole(),
      picks: listOf(text, length),
      noise: text,
    })(result, "result");
    for (const buffer of buffers) floats(bytes(8, n)(buffer, "buffer"), 2 * n);
  },
  find_clumps: () => {},
  suggestions: (result, buffers, n) => {
    if (result === null) return;
    const { groups } = SUGGESTIONS(result, "result");
    if (groups.length === 0) return; // empty buffers get lost on the way
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    const rows = whole(0, n - 1);
    for (const row of rowsFromWire(bytes(4, total)(only(buffers), "buffer"))) rows(row, "buffer");
  },
  drop_read: () => {},
  density: (result, buffers) => {
    const { tiles } = DENSITY(result, "result");
    const filled = tiles.reduce((sum, tile) => sum + tile.filled, 0);
    if (filled === 0 && buffers.length === 0) return;
    if (buffers.length !== 2) refuse(buffers.length, "buffers", "2");
    bytes(2, filled)(buffers[0], "buffers[0]");
    bytes(4, filled)(buffers[1], "buffers[1]");
  },
  neighbors: (result, _, n) => {
    shape<replies.NeighborsReply>({ row: whole(0, n - 1), by_metric: listOf(nearest(n)) })(result, "result");
  },
  together: (result) => {
    const maps = listOf(shape<replies.TogetherReply["maps"][number]>({ run: whole(), title: text }))(
      (result as replies.TogetherReply)?.maps,
      "maps",
    );
    togetherReply(maps.length)(result, "result");
  },
  find: (result, buffers, n) => {
    const { count } = shape<replies.FindReply>({
      count: whole(),
      searched: listOf(text),
      hits: listOf(shape<replies.Hit>({ row: whole(0, n - 1), label: text, column: text, value: text })),
    })(result, "result");
    if (count === 0 && buffers.length === 0) return; // empty buffers get lost on the way
    checkRows(n)(bytes(4, count)(only(buffers), "buffer"), "buffer");
  },
  distribution: (result, buffers, n) => {
    DISTRIBUTION(result, "result");
    bytes(1, n)(only(buffers), "buffer");
  },
  group_distances: (result) => {
    const names = listOf(text)((result as replies.GroupDistancesReply)?.names, "names");
    groupsReply(names.length)(result, "result");
  },
  labels: (result, buffers, n) => {
    const given = result as { kind?: unknown };
    if (given?.kind === "scale") scaleOf(n)({ ...given, values: only(buffers) }, "labels");
    else categoriesOf(n)({ ...given, codes: only(buffers) }, "labels");
  },
  names: (result, buffers, n) => categoriesOf(n)({ ...(result as object), codes: only(buffers) }, "names"),
  keyframes: (result) => shape<replies.KeyframesReply>({ iterations: listOf(whole()) })(result, "result"),
  keyframes_at: (result, buffers, n) => {
    const { runs } = shape<replies.KeyframesAtReply>({ runs: listOf(KEYFRAME) })(result, "result");
    if (runs.length !== buffers.length) refuse(buffers.length, "buffers", String(runs.length));
    for (const buffer of buffers) bytes(4, n)(buffer, "buffer");
  },
  html: (_, buffers) => only(buffers),
};

function nearest(n: number): Check<replies.Nearest> {
  return (value, name) => {
    const positions = listOf(whole(0, n - 1))((value as replies.Nearest)?.positions, `${name}.positions`);
    return shape<replies.Nearest>({
      sentence: text,
      runs: listOf(whole()),
      positions: listOf(whole()),
      distances: listOf(number, positions.length),
      kept: recordOf(listOf(flag, positions.length)),
    })(value, name);
  };
}

function rowsReply(rows: number, buffers: number): Check<replies.RowsReply> {
  const buffer = whole(0, buffers - 1);
  const picture = either(
    shape<Extract<replies.PictureCell, { kind: "raw" }>>({
      kind: oneOf("raw"),
      width: whole(),
      height: whole(),
      channels: oneOf(1, 3, 4),
      buffer,
    }),
    shape<Extract<replies.PictureCell, { kind: "encoded" }>>({ kind: oneOf("encoded"), mime: text, buffer }),
  );
  const cell = either(orNull(either(text, either(number, flag))), picture);
  return shape<replies.RowsReply>({
    total: whole(rows),
    positions: listOf(whole()),
    index: orNull(listOf(text, rows)),
    columns: listOf(shape({ name: text, type: COLUMN_TYPE, values: listOf<replies.Cell>(cell, rows) })),
    images: orNull(listOf(orNull(picture), rows)),
    image_error: orNull(text),
  });
}

function togetherReply(maps: number): Check<replies.TogetherReply> {
  return shape<replies.TogetherReply>({
    maps: listOf(shape<replies.TogetherReply["maps"][number]>({ run: whole(), title: text })),
    in_words: text,
    groups: listOf(
      shape<replies.Held>({
        name: text,
        kind: oneOf("selected", "group", "label"),
        rows: whole(),
        here: orNull(number),
        values: listOf(orNull(number), maps),
        mean: orNull(number),
        verdict: text,
        words: text,
      }),
    ),
    groups_total: whole(),
  });
}

function groupsReply(groups: number): Check<replies.GroupDistancesReply> {
  const group = whole(0, groups - 1);
  return shape<replies.GroupDistancesReply>({
    names: listOf(text),
    rho: orNull(number),
    sentence: text,
    pairs: listOf(
      shape<replies.GroupPair>({
        a: group,
        b: group,
        original: number,
        map: number,
        original_rank: whole(1),
        map_rank: whole(1),
      }),
    ),
    pairs_total: whole(),
  });
}

function only(buffers: Buffers): DataView | undefined {
  return buffers.length === 1 ? buffers[0] : refuse(buffers.length, "buffers", "one");
}
