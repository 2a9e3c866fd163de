/** How points look, what tooltips tell, and whether lines join a selected point to its neighbours. */

import { showsNames } from "../../view/namesShown";
import { hasPictures } from "../../view/pictures";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { ColumnType } from "../../wire/traits";
import { ColumnPicker } from "../parts/ColumnPicker";
import { Choice, Slider } from "../parts/fields";
import { LookIcon } from "../parts/icons";
import { Popover } from "../parts/Popover";

export function LookMenu({ view }: { view: View }) {
  return (
    <Popover label="How points look, what the tooltip shows" class="tw-small" face={<LookIcon />}>
      {() => <Items view={view} />}
    </Popover>
  );
}

function Items({ view }: { view: View }) {
  const { store } = view;
  const told = store.tooltip.value;
  return (
    <div class="tw-menu">
      <Amount
        name="size"
        unit="px"
        value={store.pointSize.value}
        range={{ min: 0.5, max: 15, step: 0.5, start: 4 }}
        onChange={(size) => store.setPointSize(size)}
      />
      <Amount
        name="opacity"
        unit=""
        value={store.opacity.value}
        range={{ min: 0.02, max: 1, step: 0.02, start: 0.6 }}
        onChange={(opacity) => store.setOpacity(opacity)}
      />
      <Names view={view} />
      {hasPictures(view) && (
        <Choice checked={store.showImages.value} onChange={(on) => store.setShowImages(on)}>
          pictures in place of points, while at most {count(store.limits.pictures_shown)} are in view
        </Choice>
      )}
      {store.density.value && (
        <Choice checked={view.density.on.value} onChange={(on) => (view.density.on.value = on)}>
          density of all rows
        </Choice>
      )}
      {store.hasPython.value && (
        <Choice checked={view.joining.value} onChange={(on) => (view.joining.value = on)}>
          join a selected point to its neighbours in the original space
        </Choice>
      )}
      {store.columns.value.length > 0 && (
        <div class="tw-choice">
          tooltip
          <ColumnPicker
            label="Columns that the tooltip shows"
            value={told.length > 0 ? told.join(", ") : "no column"}
            columns={store.columns.value}
            chosen={told}
            several={true}
            onChange={(columns) => store.setTooltip(columns)}
          />
        </div>
      )}
      {store.hasPython.value && (
        <p class="tw-note">Hold D and point to see distances in the original space</p>
      )}
    </div>
  );
}

/** Stands for what colours; no column has this name. */
const COLORING = "\0";

/** A saved page has the names of only one column. */
function Names({ view }: { view: View }) {
  const { store } = view;
  const by = store.nameBy.value;
  const columns = store.columns.value.filter(({ type, feature }) => NAMING.includes(type) && !feature);
  if (!store.hasPython.value && view.names.value === null) return null;
  return (
    <div class="tw-choice tw-naming">
      <Choice
        checked={showsNames(view)}
        disabled={view.names.value === null}
        onChange={(on) => store.setShowNames(on)}
      >
        names on the map
      </Choice>
      {store.reachable.value && (
        <ColumnPicker
          label="What names the points"
          value={by ?? "of what colours"}
          columns={columns}
          extra={[
            { value: COLORING, label: "of what colours" },
            { value: "groups", label: "groups" },
          ]}
          heading="columns"
          chosen={[by ?? COLORING]}
          onChange={([value]) => store.setNameBy(value === COLORING ? null : value)}
        />
      )}
    </div>
  );
}

/** The types of columns that may have names; Python refuses numbers that are too many. */
const NAMING: ColumnType[] = ["category", "text", "boolean", "number"];

interface AmountProps {
  name: string;
  unit: string;
  value: number | "auto";
  range: { min: number; max: number; step: number; start: number };
  onChange: (value: number | "auto") => void;
}

function Amount({ name, unit, value, range, onChange }: AmountProps) {
  const { min, max, step, start } = range;
  const auto = value === "auto";
  return (
    <div class="tw-choice tw-amount">
      <span>{name}</span>
      <Choice checked={auto} onChange={(on) => onChange(on ? "auto" : start)}>
        automatic
      </Choice>
      <Slider
        min={min}
        max={max}
        step={step}
        value={auto ? start : value}
        disabled={auto}
        aria-label={name}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <span class="tw-value">{auto ? "" : `${value} ${unit}`}</span>
    </div>
  );
}
