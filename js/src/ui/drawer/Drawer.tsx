/** Below the map: the selected rows, what sets them apart, distances, what may be read. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Reading } from "../../view/reading";
import type { DrawerTab, View } from "../../view/view";
import { Plain } from "../parts/Button";
import { Edge } from "../parts/Edge";
import { BATCH, Batches } from "./batches";
import { ContrastControls, ContrastTab } from "./ContrastTab";
import { Contrasting } from "./contrasting";
import { DistancesControls, DistancesTab } from "./DistancesTab";
import { Distancing } from "./distancing";
import { Distributions } from "./distributions";
import { Near } from "./near";
import { RowsControls, RowsTab } from "./RowsTab";
import { ReadingControls, ReadingTab } from "./reading/ReadingTab";
import { Repeating } from "./repeating";
import { Tabs } from "./Tabs";

/** CSS pixels. */
const LEAST = 120;
const MOST = 700;

/** The content, asked for while its tab is open; choices made in it survive closing. */
class Contents {
  readonly rows: Batches;
  readonly distributions: Distributions;
  readonly near: Near;
  readonly contrast: Contrasting;
  readonly distances: Distancing;
  readonly reading: Reading;
  readonly luck: Repeating;

  constructor(view: View) {
    const { store, reading } = view;
    this.reading = reading;
    this.rows = new Batches(store);
    this.distributions = new Distributions(store);
    this.near = new Near(view);
    this.contrast = new Contrasting(store, view.number);
    this.distances = new Distancing(store);
    this.luck = new Repeating(view);
  }

  dispose(): void {
    for (const { latest } of [this.rows, this.near, this.contrast, this.distances, this.luck])
      latest.dispose();
  }
}

export function Drawer({ view }: { view: View }) {
  const contents = useMemo(() => new Contents(view), [view]);
  useEffect(() => () => contents.dispose(), [contents]);
  const tab = view.drawer.value;
  const section = useRef<HTMLElement>(null);
  const open = tab !== null;
  // It may open below the window's edge, where nobody would notice.
  useEffect(() => section.current?.scrollIntoView?.({ block: "nearest" }), [open]);
  if (tab === null) return null;
  const close = () => {
    view.drawer.value = null;
    view.focusMap(); // the drawer's buttons go away
  };
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    // An open menu closes itself on Escape.
    if (event.key !== "Escape" || event.currentTarget.querySelector(":popover-open")) return;
    close();
    event.preventDefault();
    event.stopPropagation(); // on the map Escape clears the selection
  };
  const { controls, panel } = partsOf(tab, view, contents);
  return (
    <section
      class="tw-drawer"
      ref={section}
      style={{ height: `${view.drawerHeight.value}px` }}
      aria-label="Drawer"
      onKeyDown={onKey}
      {...attributes(tab, contents)}
    >
      <header class="tw-drawer-head">
        <Tabs
          shown={tab}
          rowsOnly={!view.store.hasPython.value}
          onShow={(next) => (view.drawer.value = next)}
        />
        <div class="tw-drawer-controls">{controls}</div>
        <Plain
          class="tw-button tw-drawer-close"
          title="Close the drawer (Escape)"
          aria-label="Close the drawer"
          onClick={close}
        >
          ×
        </Plain>
      </header>
      <div
        class="tw-drawer-panel"
        role="tabpanel"
        aria-label={tab}
        aria-busy={contents[tab].latest.loading.value}
      >
        {panel}
      </div>
      <Edge
        of="drawer"
        height={view.drawerHeight.value}
        least={LEAST}
        most={MOST}
        onMove={(height) => (view.drawerHeight.value = height)}
      />
    </section>
  );
}

interface Parts {
  /** The content of the head. */
  controls: ComponentChildren;
  panel: ComponentChildren;
}

function partsOf(tab: DrawerTab, view: View, contents: Contents): Parts {
  const { rows, distributions, near, contrast, distances, luck } = contents;
  switch (tab) {
    case "rows":
      return {
        controls: <RowsControls view={view} batches={rows} />,
        panel: <RowsTab view={view} batches={rows} distributions={distributions} near={near} />,
      };
    case "contrast":
      return {
        controls: <ContrastControls view={view} contrasting={contrast} />,
        panel: <ContrastTab view={view} contrasting={contrast} />,
      };
    case "distances":
      return {
        controls: <DistancesControls view={view} distancing={distances} />,
        panel: <DistancesTab view={view} distancing={distances} />,
      };
    case "reading":
      return {
        controls: <ReadingControls view={view} />,
        panel: <ReadingTab view={view} repeating={luck} />,
      };
    default:
      return tab satisfies never;
  }
}

/** The shown rows, for tests to wait on: the batch, counted from 1, and the total number of rows. */
function attributes(tab: DrawerTab, contents: Contents) {
  const { answer, loading, error } = contents[tab].latest;
  const rows = tab === "rows" ? contents.rows.latest.answer.value : null;
  return {
    "data-tab": tab,
    "data-loading": loading.value,
    "data-answered": answer.value !== null && !loading.value,
    "data-failed": error.value !== "",
    "data-batch": rows ? rows.query.offset / BATCH + 1 : undefined,
    "data-rows": rows?.result.total,
  };
}
