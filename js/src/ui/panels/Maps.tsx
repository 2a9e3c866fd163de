/** The maps: one canvas with the scatter, and the elements of each panel above it. */
import { useEffect, useRef } from "preact/hooks";
import type { PanelRect } from "../../scatter";
import type { MapState } from "../../store/map";
import { bindScatter } from "../../view/bind";
import { described } from "../../view/described";
import type { Cell } from "../../view/grid";
import { whyPoints } from "../../view/pictures";
import type { View } from "../../view/view";
import { LinkTold } from "../toolbar/LinkButton";
import { DensityKey } from "./DensityKey";
import { DropZone } from "./DropZone";
import { GapsKey } from "./GapsKey";
import { MapButtons } from "./MapButtons";
import { MorphBar } from "./MorphBar";
import { PanelBar } from "./PanelBar";
import { NewRowTooltip, Tooltip } from "./Tooltip";
import { Undrawable, Waiting } from "./Waiting";

export function Maps({ view }: { view: View }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => bindScatter(view, host.current as HTMLDivElement), [view]);
  const words = described(view);
  return (
    <div
      class="tw-map"
      ref={host}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved and zoomed by keys
      tabIndex={0}
      aria-label={`Map of ${words}. ? lists its keys`}
      data-lm-suppress-shortcuts="true"
    >
      <canvas class="tw-canvas" role="img" aria-label={words} />
      <Headers view={view} />
      <Panels view={view} />
      <Tooltip view={view} />
      <NewRowTooltip view={view} />
      <Undrawable view={view} />
      <MapButtons view={view} />
      <WheelTold view={view} />
      <LinkTold view={view} />
      <DropZone view={view} host={host} />
    </div>
  );
}

function Headers({ view }: { view: View }) {
  return view.grid.value.headers.map(({ text, box, upright }) => (
    <div class={`tw-header${upright ? " tw-upright" : ""}`} style={place(box)} key={text}>
      {text}
    </div>
  ));
}

function Panels({ view }: { view: View }) {
  return view.grid.value.cells.map((cell) => {
    const map = view.store.mapOf(cell.run);
    return map && <Panel key={cell.run} view={view} map={map} cell={cell} />;
  });
}

/** The state as attributes, for tests and for a page's own styles. */
function Panel({ view, map, cell }: { view: View; map: MapState; cell: Cell }) {
  const { run } = map;
  return (
    <section
      class={`tw-panel${cell.bar === "none" ? " tw-alone" : ""}`}
      style={place(cell.box)}
      aria-label={view.title(run)}
      data-run={run}
      data-stage={map.stage.value}
      data-epoch={map.status.value?.epoch}
    >
      {cell.bar !== "none" && <PanelBar view={view} map={map} bar={cell.bar} />}
      {run === view.focus.value && map.possible.value && <MorphBar view={view} map={map} />}
      <Waiting view={view} map={map} />
      <GapsKey view={view} map={map} />
      <DensityKey view={view} map={map} width={cell.map.width} />
      <Placing map={map} />
      <Pictured view={view} run={run} />
    </section>
  );
}

/** How the wheel zooms, for a moment. */
function WheelTold({ view }: { view: View }) {
  if (!view.wheelHint.shown.value) return null;
  const key = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
  return (
    <p class="tw-wheel-told">{key} and the wheel zoom; after a click on the map, the wheel alone does</p>
  );
}

/** What new rows wait for on this map, or why it shows none. */
function Placing({ map }: { map: MapState }) {
  const told = map.status.value?.placing;
  return told ? <p class="tw-note tw-placing">{told}</p> : null;
}

/** Why the map shows points and no pictures. */
function Pictured({ view, run }: { view: View; run: number }) {
  const why = whyPoints(view, run);
  return why ? <p class="tw-note tw-pictured">{why}</p> : null;
}

function place({ x, y, width, height }: PanelRect) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}
