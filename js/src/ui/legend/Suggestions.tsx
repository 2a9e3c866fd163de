/** Groups that are suggested, in the legend: a click selects one's rows; it is accepted, renamed, merged or dismissed. */
import { useSignal } from "@preact/signals";
import type { Suggestions as Found, Suggestion } from "../../store/suggestions";
import { mask } from "../../view/rows";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { ClumpsOn, Command } from "../../wire/protocol";
import { Button, Link, Plain } from "../parts/Button";
import { AcceptIcon, DeleteIcon, EditIcon } from "../parts/icons";
import { Warning } from "../parts/notes";
import { NameField } from "./GroupList";

/** More than this are counted instead of listed. */
const MAX_LISTED = 200;

export function Suggestions({ view }: { view: View }) {
  const { store } = view;
  const found = store.suggestions.value;
  if (!found || !store.reachable.value) return null; // neither notebooks nor pages show what nobody has accepted
  const { groups } = found;
  return (
    <section aria-label="Suggested groups" data-suggested={groups.length}>
      <h3 class="tw-heading">suggested groups</h3>
      <p class="tw-note" title={found.reading}>
        {groups.length === 0 && "there are no "}
        {found.words}
        {groups.length > 0 && ": a reading, not a fact"}
      </p>
      <ForAll view={view} found={found} />
      <ul class="tw-entries">
        {groups.slice(0, MAX_LISTED).map((one) => (
          <Entry view={view} one={one} key={one.name} />
        ))}
        {groups.length > MAX_LISTED && <li class="tw-note">and {count(groups.length - MAX_LISTED)} more</li>}
      </ul>
      {groups.length > 0 && <p class="tw-note">{found.rest}</p>}
    </section>
  );
}

function Entry({ view, one: { name, why, rows } }: { view: View; one: Suggestion }) {
  const editing = useSignal(false);
  const act = (command: Command) => {
    view.store.command(command);
    view.focusMap(); // the entry disappears
  };
  const rename = (to: string) => {
    if (to.trim() && to.trim() !== name)
      view.store.command({ name: "rename_suggestion", group: name, to: to.trim() });
    editing.value = false;
  };
  if (editing.value)
    return (
      <li class="tw-row">
        <NameField
          view={view}
          value={name}
          label={`New name of ${name}`}
          onName={rename}
          onCancel={() => (editing.value = false)}
        />
      </li>
    );
  return (
    <li class="tw-row" data-suggestion={name}>
      <Plain
        class="tw-entry"
        title={`${why || name}. ${SELECTS}`}
        onClick={(event) => view.select(rows, view.opOf(event))}
      >
        <i class="tw-ring tw-dashed" />
        <span class="tw-name">{name}</span>
        <span class="tw-count">{count(rows.length)}</span>
      </Plain>
      <span class="tw-asides">
        <Button
          small
          label={`Accept ${name} as a group`}
          onClick={() => act({ name: "accept_suggestions", names: [name] })}
        >
          <AcceptIcon />
        </Button>
        <Button small label={`Rename ${name}`} onClick={() => (editing.value = true)}>
          <EditIcon />
        </Button>
        <Button
          small
          label={`Dismiss ${name}`}
          onClick={() => act({ name: "drop_suggestions", names: [name] })}
        >
          <DeleteIcon />
        </Button>
      </span>
    </li>
  );
}

const SELECTS = "Click selects its rows, Shift adds (to merge two), Alt removes";

function ForAll({ view, found: { groups, reading } }: { view: View; found: Found }) {
  const act = (command: Command) => {
    view.store.command(command);
    view.focusMap(); // the buttons disappear
  };
  const selected = allSelected(view, groups);
  return (
    <div class="tw-offers">
      {selected.length > 1 && (
        <Link onClick={() => act({ name: "merge_suggestions", names: selected })}>
          merge the {count(selected.length)} selected
        </Link>
      )}
      {groups.length > 0 && (
        <Link onClick={() => act({ name: "accept_suggestions", names: null })}>accept all</Link>
      )}
      <Link onClick={() => act({ name: "drop_suggestions", names: null })}>
        dismiss{groups.length > 0 ? " all" : ""}
      </Link>
      <Link title={reading} onClick={() => (view.drawer.value = "reading")}>
        may I read this?
      </Link>
    </div>
  );
}

/** The names of those whose rows are all selected. */
function allSelected({ store }: View, groups: readonly Suggestion[]): string[] {
  const selected = mask(store.selection.value, store.points.n);
  if (!selected) return [];
  return groups.filter(({ rows }) => rows.every((row) => selected[row])).map(({ name }) => name);
}

/** Looks for clumps, says so meanwhile, and can be stopped. */
export function FindClumps({ view }: { view: View }) {
  const { clumps, store } = view;
  const { loading, error } = clumps.latest;
  if (!store.reachable.value) return null;
  if (loading.value)
    return (
      <div class="tw-offers" data-finding="true">
        <span role="status">finding clumps …</span>
        <Link onClick={() => clumps.stop()}>stop</Link>
      </div>
    );
  const found = store.suggestions.value;
  const other: ClumpsOn = found?.on === "map" ? "data" : "map";
  return (
    <>
      <div class="tw-offers" data-finding="false">
        {(!found || isOld(view, found)) && (
          <Link title={ABOUT.map} onClick={() => clumps.find("map", lookedAt(view))}>
            {found ? "find clumps again: the map has changed" : "find clumps"}
          </Link>
        )}
        {found && (
          <Link title={ABOUT[other]} onClick={() => clumps.find(other, lookedAt(view))}>
            find clumps {other === "data" ? "in the data" : "on the map"}
          </Link>
        )}
      </div>
      <Warning>{error.value}</Warning>
    </>
  );
}

const ABOUT: Record<ClumpsOn, string> = {
  map: "Suggest the clumps that this map shows as groups, with names made of what sets them apart",
  data: "Suggest groups of rows that share nearest rows in the data, whatever the map shows",
};

/** The enlarged map, or else the reference. */
function lookedAt(view: View): number {
  return view.focus.value ?? view.store.reference.value.run;
}

/** Whether the map has moved on since. */
function isOld({ store }: View, { on, run, epoch, iteration }: Found): boolean {
  const status = store.mapOf(run)?.status.value;
  return on === "map" && status != null && (status.epoch !== epoch || status.iteration !== iteration);
}
