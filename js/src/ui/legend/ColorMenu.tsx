/** What colours the points, and how they look. */

import { colorMode, offered } from "../../view/coloring";
import type { View } from "../../view/view";
import type { ColorMode, Labels } from "../../wire/traits";
import { Link } from "../parts/Button";
import { ColumnPicker } from "../parts/ColumnPicker";
import { LookMenu } from "./LookMenu";

/** Column names never begin with this, which tells a mode from a column. */
const MODE = "\0";

export function ColorMenu({ view }: { view: View }) {
  const { store } = view;
  const mode = colorMode(view);
  const column = store.color.value.column;
  const extra = [
    { value: `${MODE}labels`, label: "no colour" },
    { value: `${MODE}groups`, label: "groups" },
    ...offered(view).map(({ name, label, heading, description }) => ({
      value: MODE + name,
      label,
      heading,
      meaning: description,
    })),
  ];
  const pick = (value: string) => {
    const chosen = value.startsWith(MODE) ? value.slice(MODE.length) : "labels";
    store.command({
      name: "color",
      mode: chosen,
      column: value.startsWith(MODE) ? null : value,
      kind: null,
    });
  };
  const columns = store.columns.value.filter(({ type }) => type !== "image" && type !== "object");
  return (
    <div class="tw-coloring">
      {store.hasPython.value ? (
        <ColumnPicker
          label="What colours the points"
          value={named(mode, column)}
          columns={columns}
          extra={extra}
          heading="columns"
          chosen={[mode === "labels" && column !== null ? column : MODE + mode]}
          several={false}
          onChange={([value]) => pick(value)}
        />
      ) : (
        <strong class="tw-colored">{named(mode, column)}</strong>
      )}
      <LookMenu view={view} />
      <Kind view={view} />
      <ScaleSwitch view={view} />
    </div>
  );
}

function named(mode: ColorMode, column: string | null): string {
  return mode === "labels" ? (column ?? "not coloured") : mode;
}

const AS: Record<Labels["kind"], string> = { categories: "show as categories", scale: "show as numbers" };

/** Numbers with few values are both. */
function Kind({ view }: { view: View }) {
  const { store } = view;
  const { column, kinds } = store.color.value;
  const other = kinds.find((kind) => kind !== store.labels.value?.kind);
  if (!store.hasPython.value || colorMode(view) !== "labels" || other === undefined || kinds.length < 2)
    return null;
  return (
    <Link onClick={() => store.command({ name: "color", mode: "labels", column, kind: other })}>
      {AS[other]}
    </Link>
  );
}

/** Numbers that span several decades may be on a logarithmic scale. */
function ScaleSwitch({ view }: { view: View }) {
  const { store, labels } = view;
  const log = labels.range.middle !== "";
  const possible = log || store.color.value.transforms.includes("log");
  if (colorMode(view) !== "labels" || labels.kind !== "scale" || !possible) return null;
  return (
    <Link
      title={log ? "Equal steps of colour are equal differences" : "Equal steps of colour are equal ratios"}
      onClick={() => store.setTransform(log ? "linear" : "log")}
    >
      {log ? "show on a linear scale" : "show on a log scale"}
    </Link>
  );
}
