/** Checks of the traits, which a notebook may have saved anywhere. */

import { rowsFromWire, unsigned } from "./bytes";
import type { Check } from "./checks";
import {
  bytes,
  either,
  flag,
  listOf,
  number,
  object,
  oneOf,
  orNull,
  pairOf,
  recordOf,
  refuse,
  shape,
  text,
  whole,
} from "./checks";
import { distancesTold, PLACED, type PlacedTold, STATUS } from "./news";
import type * as traits from "./traits";

const NOTHING = new DataView(new ArrayBuffer(0));
const INTEGER = /^-?\d{1,40}$/;
const COLOR = /^#[0-9a-f]{6}$/i;

/** The values of traits that are missing or impossible. */
export const UNTOLD = {
  height: 400,
  selection: NOTHING,
  selected_placed: [],
  align: true,
  _snapshot: [],
  tooltip_columns: [],
  point_size: "auto",
  opacity: "auto",
  advice: false,
  color_scale: "linear",
  show_names: "auto",
  name_by: null,
  show_images: false,
  _names: null,
  _labels: null,
  _color: { mode: "labels", column: null, kinds: [], transforms: [] },
  _measures: [],
  _columns: [],
  _rows: { index: null, image: false },
  _filter: null,
  _groups: [],
  _suggested: 0,
  _saving_problem: "",
  _new_rows: null,
  _density: null,
  _undo: { undo: 0, redo: 0 },
  _axes: [],
  _runs: [],
  _caption: "",
  _incomparable: [],
  _reference: 0,
} as unknown as traits.Traits;

/** The checks by name, for n points. */
export function traitChecks(n: number): { [K in keyof traits.Traits]?: Check<traits.Traits[K]> } {
  return {
    height: number,
    selection: checkRows(n),
    selected_placed: listOf(whole()),
    align: oneOf<traits.Align>(true, false, "selection"),
    // The groups are checked where they are shown, so that a bad one does not hide the good ones.
    _snapshot: listOf(object) as unknown as Check<traits.SnapshotTrait[]>,
    tooltip_columns: listOf(text),
    point_size: either(number, oneOf("auto" as const)),
    opacity: either(number, oneOf("auto" as const)),
    advice: flag,
    color_scale: oneOf<traits.Transform>("linear", "log"),
    show_names: oneOf<boolean | "auto">(true, false, "auto"),
    name_by: orNull(text),
    show_images: flag,
    _names: (value, where) =>
      typeof value === "string" || value === null
        ? orNull(oneOf<"labels" | "groups">("labels", "groups"))(value, where)
        : either(UNSAVED, categoriesOf(n))(value, where),
    _labels: (value, where) => (value === null ? null : labelsOf(n)(value, where)),
    _color: shape<traits.ColorTrait>({
      mode: text,
      column: orNull(text),
      kinds: listOf(oneOf("categories", "scale")),
      transforms: listOf(oneOf<traits.Transform>("linear", "log")),
    }),
    _measures: listOf(
      shape<traits.MeasureTrait>({
        name: text,
        label: text,
        description: text,
        needs: oneOf("data", "row", "map", "maps"),
        heading: text,
        parts: listOf(text),
        transform: oneOf("linear", "log"),
        ends: pairOf(text),
        bright_first: flag,
        by_label: flag,
        joined: whole(),
      }),
    ),
    _columns: listOf(
      shape<traits.ColumnTrait>({
        name: text,
        type: COLUMN_TYPE,
        feature: flag,
      }),
    ),
    _rows: shape<traits.RowsTrait>({ index: orNull(text), image: flag }),
    _filter: orNull(
      shape<traits.FilterTrait>({
        any: flag,
        conditions: listOf(CONDITION),
        count: whole(0, n),
        bits: bytes(1, Math.ceil(n / 8)),
      }),
    ),
    _groups: listOf(shape<traits.GroupTrait>({ name: text, color: matching(COLOR), rows: checkRows(n) })),
    _suggested: whole(),
    _saving_problem: text,
    _new_rows: orNull(newRows),
    _density: orNull(DENSITY),
    _undo: shape<traits.UndoTrait>({ undo: whole(), redo: whole() }),
    _axes: listOf(AXIS),
    _runs: (value, where) => someDistinct(listOf(RUN)(value, where), where),
    _caption: text,
    _incomparable: listOf(shape<traits.Incomparable>({ words: text, why: text })),
    _reference: whole(),
  };
}

export const COLUMN_TYPE = oneOf<traits.ColumnType>(
  ...(["number", "category", "text", "boolean", "date", "image", "object"] as const),
);

const CONDITION = shape<traits.ConditionTrait>({
  column: orNull(text),
  range: orNull(pairOf(orNull(number))),
  values: orNull(listOf(orNull(text))),
  negated: flag,
  words: text,
});

const VALUE = either<number, string>(number, text);

const NOTE = shape<traits.Note>({
  words: text,
  per: number,
  most: number,
  usual: orNull(number),
  beyond: text,
});

const REACH = shape<traits.Reach>({
  low: number,
  high: orNull(number),
  allowed: text,
  in_range: text,
  slider: orNull(pairOf(number)),
  step: orNull(number),
  note: orNull(NOTE),
});

const AXIS = shape<traits.AxisTrait>({
  name: text,
  label: text,
  plural: text,
  kind: oneOf("number", "choice", "seed"),
  head: text,
  restarts: flag,
  in_toolbar: flag,
  offered: listOf(shape<{ value: traits.AxisValue; text: string }>({ value: VALUE, text })),
  reach: orNull(REACH),
  needs: orNull(shape<traits.Needs>({ axis: text, value: VALUE, hint: text, sentence: text, offer: text })),
});

const RUN = shape<traits.RunTrait>({
  run: whole(),
  method: text,
  beside: flag,
  made_by: text,
  title: text,
  short: text,
  values: recordOf(VALUE),
  words: recordOf(text),
  own: listOf(AXIS),
});

/** A layout of n points. */
export function checkSnapshot(value: unknown, n: number): traits.SnapshotTrait {
  return shape<traits.SnapshotTrait>({
    status: STATUS,
    offset: pairOf(number),
    scale: number,
    gaps: flag,
    points: bytes(4, n),
    placed: orNull(PLACED_TRAIT),
  })(value, "_snapshot");
}

const PLACED_TRAIT: Check<traits.PlacedTrait> = (value, where) => {
  const told = shape<PlacedTold>(PLACED)(value, where);
  return shape<traits.PlacedTrait>({
    ...PLACED,
    points: bytes(8, told.count),
    rows: bytes(4, told.count * told.nearest),
    distances: bytes(4, distancesTold(told)),
  })(value, where);
};

const newRows: Check<traits.NewRowsTrait> = (value, where) => {
  const count = whole(1)(object(value, where).count, `${where}.count`);
  return shape<traits.NewRowsTrait>({
    number: whole(1),
    count: whole(1),
    name: text,
    names: orNull(listOf(text, count)),
    labels: orNull(listOf(orNull(text), count)),
  })(value, where);
};

const DENSITY: Check<traits.DensityTrait> = shape<traits.DensityTrait>({
  rows: whole(1),
  corner: pairOf(number),
  side: number,
  bins: whole(1, 256),
  levels: whole(0, 20),
  run: whole(),
  epoch: whole(),
  iteration: whole(),
  words: pairOf(text),
  elsewhere: text,
});

/** Rows as int32, each below n. */
export function checkRows(n: number): Check<DataView> {
  const wire = bytes(4, n, false);
  return (value, where) => {
    const view = wire(value ?? NOTHING, where);
    for (const row of rowsFromWire(view)) if (row < 0 || row >= n) refuse(row, where, `a row below ${n}`);
    return view;
  };
}

const UNSAVED = shape<traits.UnsavedLabels>({ kind: oneOf("unsaved"), version: whole() });

function labelsOf(n: number): Check<traits.Labels | traits.UnsavedLabels> {
  return (value, where) => {
    const kind = (value as { kind?: unknown })?.kind;
    if (kind === "unsaved") return UNSAVED(value, where);
    return kind === "scale" ? scaleOf(n)(value, where) : categoriesOf(n)(value, where);
  };
}

export const QUANTITY = oneOf<traits.Quantity>("number", "moment", "duration");

export function scaleOf(n: number): Check<traits.Scale> {
  const fields = shape<traits.Scale>({
    kind: oneOf("scale"),
    name: text,
    low: number,
    high: number,
    least: number,
    most: number,
    quantity: QUANTITY,
    origin: orNull(text),
    colors: listOf(matching(COLOR)),
    values: either(bytes(4, n), bytes(8, n)),
  });
  return (value, where) => {
    const { quantity, origin } = fields(value, where);
    if (quantity === "number" && origin !== null) matching(INTEGER)(origin, `${where}.origin`);
    return value as traits.Scale;
  };
}

export function categoriesOf(n: number): Check<traits.Categories> {
  const fields = shape<traits.Categories>({
    kind: oneOf("categories"),
    name: text,
    names: listOf(text),
    counts: listOf(whole()),
    has_missing: flag,
    colors: listOf(either(matching(COLOR), whole())),
    codes: bytes(2, n),
  });
  return (value, where) => {
    const labels = fields(value, where);
    const { names, counts, codes } = labels;
    if (counts.length !== names.length) refuse(counts.length, `${where}.counts.length`, String(names.length));
    for (const code of unsigned(codes)) {
      if (code >= names.length) refuse(code, `${where}.codes`, `below ${names.length}`);
    }
    return labels;
  };
}

function matching(pattern: RegExp): Check<string> {
  return (value, where) =>
    pattern.test(text(value, where)) ? (value as string) : refuse(value, where, "known");
}

function someDistinct(runs: traits.RunTrait[], where: string): traits.RunTrait[] {
  if (runs.length === 0) refuse("nothing", where, "a run or several");
  const known = new Set(runs.map(({ run }) => run));
  return known.size === runs.length ? runs : refuse("a run", where, "there once");
}
