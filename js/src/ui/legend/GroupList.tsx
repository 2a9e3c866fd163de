/** The saved groups in the legend: a click selects one, and its name can be changed. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Group } from "../../store/store";
import { colorMode } from "../../view/coloring";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import { Button, Link, Plain } from "../parts/Button";
import { DeleteIcon, EditIcon } from "../parts/icons";

export function GroupList({ view }: { view: View }) {
  const groups = view.store.groups.value;
  if (groups.length === 0) return null;
  return (
    <section aria-label="Groups">
      <div class="tw-headed">
        <h3 class="tw-heading">groups</h3>
        {view.store.hasPython.value && colorMode(view) !== "groups" && (
          <Link
            disabled={!view.store.reachable.value}
            onClick={() => view.store.command({ name: "color", mode: "groups", column: null, kind: null })}
          >
            colour by groups
          </Link>
        )}
      </div>
      <ul class="tw-entries">
        {groups.map((group) => (
          <Entry view={view} group={group} key={group.name} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ view, group }: { view: View; group: Group }) {
  const editing = useSignal(false);
  const leaving = useSignal(false);
  const { name, color, rows } = group;
  const { store } = view;
  const lost = !store.reachable.value;
  if (leaving.value) return <Leaving view={view} name={name} onKeep={() => (leaving.value = false)} />;
  if (editing.value) return <Rename view={view} group={group} done={() => (editing.value = false)} />;
  return (
    <li class="tw-row" data-group={name}>
      {store.hasPython.value && <Swatch view={view} group={group} />}
      <Plain
        class="tw-entry"
        title={`${name}: click to select its rows, Shift adds, Alt removes`}
        onClick={(event) => view.select(rows, view.opOf(event))}
      >
        {!store.hasPython.value && <i style={{ background: color }} />}
        <span class="tw-name">{name}</span>
        <span class="tw-count">{count(rows.length)}</span>
      </Plain>
      {store.hasPython.value && (
        <span class="tw-asides">
          <Button small label={`Rename ${name}`} disabled={lost} onClick={() => (editing.value = true)}>
            <EditIcon />
          </Button>
          <Button
            small
            label={`Delete the group ${name}; its rows stay`}
            disabled={lost}
            onClick={() => (leaving.value = true)}
          >
            <DeleteIcon />
          </Button>
        </span>
      )}
    </li>
  );
}

function Swatch({ view: { store }, group: { name, color } }: { view: View; group: Group }) {
  return (
    <input
      type="color"
      class="tw-swatch"
      value={color}
      disabled={!store.reachable.value}
      aria-label={`Colour of ${name}`}
      title={`Colour of ${name}`}
      data-lm-suppress-shortcuts="true"
      onChange={(event) =>
        store.command({ name: "recolor_group", group: name, color: event.currentTarget.value })
      }
    />
  );
}

/** Confirms before a group is deleted; the focus is on the answer that keeps it. */
function Leaving({ view, name, onKeep }: { view: View; name: string; onKeep: () => void }) {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => item.current?.querySelector<HTMLElement>("button:last-child")?.focus(), []);
  const keep = () => {
    onKeep();
    view.focusMap(); // these buttons disappear
  };
  const remove = () => {
    view.store.command({ name: "delete_group", group: name });
    view.focusMap();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // elsewhere Escape clears the selection
    keep();
  };
  return (
    <li class="tw-row tw-asked" data-group={name} ref={item} onKeyDown={onKey}>
      <span class="tw-name">delete {name}?</span>
      <Link onClick={remove}>delete</Link>
      <Link onClick={keep}>keep</Link>
    </li>
  );
}

function Rename({ view, group, done }: { view: View; group: Group; done: () => void }) {
  const rename = (to: string) => {
    if (to.trim() && to !== group.name)
      view.store.command({ name: "rename_group", group: group.name, to: to.trim() });
    done();
  };
  return (
    <li class="tw-row">
      <NameField
        view={view}
        value={group.name}
        label={`New name of ${group.name}`}
        onName={rename}
        onCancel={done}
      />
    </li>
  );
}

interface NameFieldProps {
  view: View;
  value: string;
  label: string;
  placeholder?: string;
  onName: (name: string) => void;
  onCancel: () => void;
}

/** Enter or leaving the field saves the name; Escape does not. */
export function NameField({ view, value, label, placeholder, onName, onCancel }: NameFieldProps) {
  const done = useRef(false); // a field that disappears also loses the focus
  const end = (name: string | null) => {
    if (done.current) return;
    done.current = true;
    if (name === null) onCancel();
    else onName(name);
  };
  return (
    <input
      type="text"
      class="tw-number tw-wide"
      defaultValue={value}
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      ref={(field) => field?.focus()}
      data-lm-suppress-shortcuts="true"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        end(event.key === "Enter" ? event.currentTarget.value : null);
        view.focusMap(); // the field disappears
      }}
      onBlur={(event) => end(event.currentTarget.value.trim() ? event.currentTarget.value : null)}
    />
  );
}
