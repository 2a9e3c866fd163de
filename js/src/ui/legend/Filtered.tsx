/** The filter in the legend: how many rows stand out, by which conditions, and ways to change that. */
import type { View } from "../../view/view";
import { count, named } from "../../view/words";
import type { ConditionTrait } from "../../wire/traits";
import { Button, Link, Plain } from "../parts/Button";
import { Select } from "../parts/fields";
import { DeleteIcon } from "../parts/icons";

const JOINED = [
  { value: "all" as const, text: "all of these hold" },
  { value: "any" as const, text: "any of these holds" },
];

export function Filtered({ view }: { view: View }) {
  const { store } = view;
  const filter = store.filter.value;
  if (!filter) return null;
  const act = (action: () => void) => () => {
    action();
    view.focusMap(); // this button may disappear
  };
  return (
    <section class="tw-filtered" aria-label="Filter" data-shown={filter.count}>
      <span>
        shown {count(filter.count)} of {count(store.points.n)}
      </span>
      <Link title="Show all rows" onClick={act(() => store.clearFilter())}>
        clear
      </Link>
      {filter.count > 0 && (
        <Link
          title="Make the rows that pass the filter the selection"
          onClick={act(() => view.select(filter.rows))}
        >
          select them
        </Link>
      )}
      {filter.conditions.length > 1 && store.reachable.value && (
        <Select
          aria-label="How the conditions are joined"
          value={filter.any ? "any" : "all"}
          offered={JOINED}
          onChange={(joined) => store.command({ name: "join_conditions", any: joined === "any" })}
        />
      )}
      <ul class="tw-conditions">
        {filter.conditions.map((one, number) => (
          <Condition view={view} one={one} number={number} key={`${number} ${one.column}`} />
        ))}
      </ul>
    </section>
  );
}

interface ConditionProps {
  view: View;
  one: ConditionTrait;
  number: number;
}

function Condition({ view, one: { column, negated, words }, number }: ConditionProps) {
  const { store } = view;
  const told = column === null ? words : `${named(column)}: ${words}`;
  return (
    <li data-condition={number} data-negated={negated}>
      <span class="tw-condition" title={`${negated ? "not " : ""}${told}`}>
        {negated && <strong>not </strong>}
        {told}
      </span>
      {store.reachable.value && (
        <>
          <Plain
            class="tw-button tw-small"
            aria-label={`Turn around: ${told}`}
            title="Show those that this leaves out, and the other way round"
            aria-pressed={negated}
            onClick={() => store.command({ name: "turn_condition", condition: number })}
          >
            not
          </Plain>
          <Button
            small
            label={`Drop the condition ${told}`}
            onClick={() => {
              store.command({ name: "drop_condition", condition: number });
              view.focusMap(); // this button disappears
            }}
          >
            <DeleteIcon />
          </Button>
        </>
      )}
    </li>
  );
}
