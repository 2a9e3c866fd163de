/** One view of the widget. */
import { computed, effect } from "@preact/signals";
import { render } from "preact";
import type { Store } from "../store/store";
import { watchAvailableHeight } from "../view/availableHeight";
import { colorMode, measuredShown } from "../view/coloring";
import { watchFullScreen } from "../view/fullScreen";
import { listenToKeys } from "../view/keyboard";
import { watchMeasure, watchNeighbors } from "../view/measuring";
import { View } from "../view/view";
import { watchLineUp, watchReading } from "../view/watchReading";
import contrast from "./drawer/contrast.css";
import { Drawer } from "./drawer/Drawer";
import distances from "./drawer/distances.css";
import drawer from "./drawer/drawer.css";
import luck from "./drawer/reading/luck.css";
import reading from "./drawer/reading/reading.css";
import tables from "./drawer/tables.css";
import forcedColors from "./forced-colors.css";
import frame from "./frame.css";
import { Legend } from "./legend/Legend";
import legend from "./legend/legend.css";
import { LineUpDialog } from "./lineup/LineUpDialog";
import lineup from "./lineup/lineup.css";
import { Advice } from "./panels/Advice";
import { MapEdge } from "./panels/MapEdge";
import { Maps } from "./panels/Maps";
import panels from "./panels/panels.css";
import { Scrubber } from "./panels/Scrubber";
import { LiveRegion, StatusLine } from "./panels/StatusLine";
import parts from "./parts/parts.css";
import print from "./print.css";
import { Toolbar } from "./toolbar/Toolbar";
import toolbar from "./toolbar/toolbar.css";

/** Each room's styles follow those they extend; the system's colours come last. */
const STYLE = [
  frame,
  parts,
  toolbar,
  panels,
  legend,
  drawer,
  tables,
  contrast,
  distances,
  luck,
  reading,
  lineup,
  print,
  forcedColors,
].join("");

/** Shows the store in `element`; returns how to remove it. */
export function mount(store: Store, element: HTMLElement): () => void {
  const root = element.appendChild(document.createElement("div"));
  root.className = "tsne-widget";
  const view = new View(store, root);
  const sheet = root.appendChild(document.createElement("style"));
  sheet.textContent = STYLE;
  const body = root.appendChild(document.createElement("div"));
  body.className = "tw-body";
  render(<App view={view} />, body);
  const leave = [
    store.addView(view),
    watchScreen(view),
    watchAvailableHeight(view),
    watchFullScreen(view),
    forgetDragging(view),
    reflect(view),
    listenToKeys(view),
    watchMeasure(view),
    watchNeighbors(view),
    watchReading(view),
    watchLineUp(view),
    forgetIsolation(view),
    forgetFocus(view),
    () => view.playback.dispose(),
    () => view.clumps.dispose(),
    () => view.density.dispose(),
  ];
  return () => {
    for (const each of leave) each();
    render(null, body);
    root.remove();
  };
}

function App({ view }: { view: View }) {
  return (
    <>
      <Toolbar view={view} />
      <div class="tw-main" style={{ height: `${view.height.value}px` }}>
        <Maps view={view} />
        <Legend view={view} />
        <LineUpDialog view={view} />
      </div>
      <MapEdge view={view} />
      <div class="tw-foot">
        <StatusLine view={view} />
        <Scrubber view={view} />
      </div>
      <Advice view={view} />
      <Drawer view={view} />
      <LiveRegion view={view} />
    </>
  );
}

/** A view stops drawing when it is scrolled away or in a hidden tab. */
function watchScreen(view: View): () => void {
  const { root } = view;
  const observer = new IntersectionObserver((entries) => {
    const visible = entries[entries.length - 1].isIntersecting;
    view.store.setVisible(view, visible);
    view.scatter?.setVisible(visible);
    root.dataset.visible = String(visible);
  });
  observer.observe(root);
  return () => observer.disconnect();
}

/** A height that was dragged gives way to one that Python or another view sets, and to other room. */
function forgetDragging(view: View): () => void {
  const open = computed(() => view.drawer.value !== null);
  const leave = [
    effect(() => {
      if (view.store.height.value !== view.dragged.peek()) view.dragged.value = null;
    }),
    effect(() => {
      view.fullScreen.value;
      open.value;
      view.dragged.value = null;
    }),
  ];
  return () => {
    for (const each of leave) each();
  };
}

/** When a single map becomes a grid, nothing is enlarged. */
function forgetFocus(view: View): () => void {
  return effect(() => {
    if (view.single.value) view.enlarged.value = view.morph.value = null;
  });
}

/** Isolated entries belong to one column; with another column nothing is isolated. */
function forgetIsolation(view: View): () => void {
  return effect(() => {
    view.store.labels.value;
    view.isolated.value = new Set();
  });
}

/** The state as attributes, for tests to wait on and for a page's own styles. */
function reflect(view: View): () => void {
  const { store, root } = view;
  return effect(() => {
    const maps = store.maps.value;
    const stages = new Set(maps.map((map) => map.stage.value));
    const statuses = maps.map((map) => map.status.value);
    root.dataset.stage = stages.size === 1 ? [...stages][0] : "several";
    root.dataset.iteration = String(store.iteration.value);
    root.dataset.past = past(view);
    root.dataset.epoch = String(Math.max(...statuses.map((status) => status?.epoch ?? -1)));
    for (const { name } of store.axes.value)
      root.dataset[name] = distinct(statuses.map((status) => (status ? status.values[name] : "")));
    root.dataset.maps = String(maps.length);
    root.dataset.focus = String(view.focus.value ?? "");
    const measured = measuredShown(view);
    root.dataset.measured = measured ? [measured.measure, ...measured.runs].join() : "";
    root.dataset.color = colorMode(view);
    root.dataset.column = view.labels.column;
    root.dataset.groups = String(store.groups.value.length);
    root.dataset.playing = String(store.playing.value);
    root.dataset.selected = String(store.selection.value.length);
    root.dataset.filtered = String(store.filter.value?.count ?? "");
    root.dataset.isolated = String(view.isolated.value.size);
    root.dataset.theme = view.theme.value?.dark ? "dark" : "light";
    root.dataset.connection = store.connection.value;
    root.dataset.delivery = store.pulls.value ? "pulled" : "pushed";
  });
}

/** The past moment on the screen: its lowest iteration. */
function past({ playback }: View): string {
  const shown = [...playback.shown.value.values()];
  return shown.length === 0 ? "" : String(Math.min(...shown.map(({ iteration }) => iteration)));
}

/** Leaves out maps without a value. */
function distinct(values: (string | undefined)[]): string {
  return [...new Set(values.filter((value) => value !== undefined))].join();
}
