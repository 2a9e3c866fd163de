/** A choice of columns, perhaps tens of thousands: a field to type in and a list below it. */
import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { count, named } from "../../view/words";
import type { ColumnTrait } from "../../wire/traits";
import { matching } from "./matching";
import { Popover } from "./Popover";

/** A choice other than a column; no column may have its value as a name. */
interface ExtraChoice {
  value: string;
  label: string;
  /** Stands above the first of those that have it. */
  heading?: string;
  /** What it is, in a sentence. */
  meaning?: string;
}

interface ChoicesProps {
  columns: readonly ColumnTrait[];
  /** The choice: names of columns, values of extra choices. */
  chosen: readonly string[];
  /** Whether the user can choose several; otherwise the first choice closes the panel. */
  several?: boolean;
  onChange: (chosen: string[]) => void;
  /** The purpose of the choice, in words. */
  label: string;
  /** Extra choices at the top. */
  extra?: readonly ExtraChoice[];
  /** Stands above the columns, if given. */
  heading?: string;
}

interface PickerProps extends ChoicesProps {
  /** The choice in words, for the button. */
  value: string;
}

/** How many entries are listed. */
const MAX_LISTED = 100;

export function ColumnPicker({ value, ...choices }: PickerProps) {
  const face = (
    <>
      <span class="tw-name">{value}</span> ▾
    </>
  );
  return (
    <Popover label={choices.label} value={value} class="tw-picker" face={face}>
      {(close) => <Choices {...choices} close={close} />}
    </Popover>
  );
}

interface Entry {
  value: string;
  label: string;
  /** The column's type. */
  kind: string;
  heading: string;
  meaning: string;
}

export function Choices({ close, ...props }: ChoicesProps & { close: () => void }) {
  const { chosen, several = false, onChange, label } = props;
  const id = useMemo(() => `tw-${Math.random().toString(36).slice(2)}`, []);
  const typed = useSignal("");
  const active = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  // The choice on opening stays on top, so nothing moves under the pointer.
  const before = useMemo(() => new Set(several ? chosen : []), []);
  const entries = useMemo(() => entriesOf(props, before), [props.columns, props.extra]);
  const { listed, more } = useMemo(
    () => matching(entries, (entry) => entry.label, typed.value, MAX_LISTED),
    [entries, typed.value],
  );
  const at = Math.min(active.value, listed.length - 1);
  useLayoutEffect(() => reveal(list.current, at), [at]);
  const choose = ({ value }: Entry) => {
    const without = chosen.filter((each) => each !== value);
    if (several) return onChange(without.length < chosen.length ? without : [...chosen, value]);
    onChange([value]);
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) active.value = Math.max(0, Math.min(listed.length - 1, at + step));
    else if (event.key === "Enter" && listed[at]) choose(listed[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div class="tw-menu tw-columns">
      <input
        type="text"
        class="tw-number tw-filter"
        placeholder="type to narrow"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        data-lm-suppress-shortcuts="true"
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={onKey}
      />
      <div
        class="tw-options"
        id={id}
        role="listbox"
        ref={list}
        aria-label={label}
        aria-multiselectable={several}
      >
        {listed.map((entry, i) => (
          <Fragment key={entry.value}>
            {entry.heading && entry.heading !== listed[i - 1]?.heading && (
              <p class="tw-option-heading" role="presentation">
                {entry.heading}
              </p>
            )}
            <Option
              entry={entry}
              id={`${id}-${i}`}
              chosen={chosen.includes(entry.value)}
              active={i === at}
              several={several}
              onClick={() => choose(entry)}
            />
          </Fragment>
        ))}
      </div>
      {listed.length === 0 && <p class="tw-note">no column has that name</p>}
      {more > 0 && <p class="tw-note">and {count(more)} more: type to narrow</p>}
      {several && (
        <p class="tw-note">
          {count(chosen.length)} of {count(props.columns.length)} chosen
        </p>
      )}
    </div>
  );
}

interface OptionProps {
  entry: Entry;
  id: string;
  chosen: boolean;
  active: boolean;
  several: boolean;
  onClick: () => void;
}

function Option({ entry, id, chosen, active, several, onClick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field above, which names the active option
    // biome-ignore lint/a11y/useFocusableInteractive: likewise
    <div
      class="tw-option"
      id={id}
      role="option"
      aria-selected={chosen}
      data-active={active}
      data-value={entry.value}
      title={entry.meaning ? `${entry.label}: ${entry.meaning}` : entry.label}
      // The field keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      <span class="tw-tick" aria-hidden="true">
        {chosen ? (several ? "✓" : "•") : ""}
      </span>
      <span class="tw-name">{named(entry.label)}</span>
      <span class="tw-note">{entry.kind}</span>
    </div>
  );
}

/** Extra choices, then the columns chosen before, then the others. */
function entriesOf(
  { columns, extra = [], heading = "" }: ChoicesProps,
  before: ReadonlySet<string>,
): Entry[] {
  const column = ({ name, type }: ColumnTrait) => ({
    value: name,
    label: name,
    kind: type,
    heading,
    meaning: "",
  });
  return [
    ...extra.map((choice) => ({ heading: "", meaning: "", ...choice, kind: "" })),
    ...columns.filter(({ name }) => before.has(name)).map(column),
    ...columns.filter(({ name }) => !before.has(name)).map(column),
  ];
}

/** Scrolls only the list: the page stays where it is. */
function reveal(list: HTMLElement | null, at: number): void {
  const option = list?.querySelectorAll<HTMLElement>(".tw-option")[at];
  if (!list || !option) return;
  const box = list.getBoundingClientRect();
  const { top, bottom } = option.getBoundingClientRect();
  if (top < box.top) list.scrollTop += top - box.top;
  else if (bottom > box.bottom) list.scrollTop += bottom - box.bottom;
}
