/** The map: a canvas with the scatter on it, bound to the store. */
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Scatter } from "../scatter";
import { combine, mask } from "./rows";
import { Tooltip } from "./Tooltip";
import { readTheme, watchTheme } from "./theme";
import type { View } from "./view";
import { Waiting } from "./Waiting";

/** A frame glides for as long as frames have been apart lately, within these bounds. */
const GLIDE = { least: 16, most: 250 };

export function MapPanel({ view }: { view: View }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => bindMap(view, host.current as HTMLDivElement), [view]);
  return (
    <div
      class="tw-map"
      ref={host}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved and zoomed by keys
      tabIndex={0}
      aria-label="Map: arrows pan, plus and minus zoom, F fits, L lasso, Space plays or pauses, Escape clears"
      data-lm-suppress-shortcuts="true"
    >
      <canvas class="tw-canvas" />
      <Tooltip view={view} />
      <Waiting view={view} />
    </div>
  );
}

function bindMap(view: View, host: HTMLDivElement): () => void {
  const { root } = view;
  const canvas = host.querySelector("canvas") as HTMLCanvasElement;
  view.theme.value = readTheme(root);
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scatter = new Scatter(canvas, { theme: view.theme.value, reducedMotion });
  view.scatter = scatter;
  root.dataset.renderer = scatter.renderer ?? "";
  const leave = [
    follow(scatter, host),
    watchTheme(root, () => {
      view.theme.value = readTheme(root);
    }),
    ...drawState(view, scatter),
    ...listen(view, scatter),
  ];
  return () => {
    for (const each of leave) each();
    view.scatter = null;
    scatter.destroy();
  };
}

/** Keeps the panel as large as its host. */
function follow(scatter: Scatter, host: HTMLElement): () => void {
  const fill = () => scatter.setPanels([{ x: 0, y: 0, width: host.clientWidth, height: host.clientHeight }]);
  fill();
  const observer = new ResizeObserver(fill);
  observer.observe(host);
  return () => observer.disconnect();
}

/** From signals to the picture. */
function drawState(view: View, scatter: Scatter): (() => void)[] {
  const { store, labels } = view;
  let arrived = 0;
  return [
    effect(() => scatter.setPoints(labels.codes, view.palette.value)),
    effect(() => {
      if (view.theme.value) scatter.setTheme(view.theme.value);
    }),
    effect(() => scatter.setMode(view.mode.value)),
    effect(() => scatter.setSelection(mask(store.selection.value, store.points.n))),
    effect(() => scatter.setMuted(mutedCodes(view))),
    effect(() => {
      const picture = store.picture.value;
      if (!picture) return;
      const now = performance.now();
      const apart = Math.min(GLIDE.most, Math.max(GLIDE.least, now - arrived));
      const anew = picture.iteration === 0 || arrived === 0;
      scatter.setLayout(0, picture.positions, picture.token, anew ? 0 : apart);
      arrived = now;
    }),
  ];
}

function mutedCodes({ isolated, labels }: View): Uint8Array | null {
  const shown = isolated.value;
  if (shown.size === 0) return null;
  return Uint8Array.from(labels.entries, ({ code }) => Number(!shown.has(code)));
}

/** From gestures to the store. */
function listen(view: View, scatter: Scatter): (() => void)[] {
  const { store, root } = view;
  return [
    scatter.on("hover", (hover) => {
      view.hover.value = hover;
    }),
    scatter.on("camera", (camera) => {
      view.camera.value = camera;
      root.dataset.following = String(camera.following);
      root.dataset.outside = String(camera.outside);
    }),
    scatter.on("lasso", ({ positions, op, vertices, token }) => {
      const rows = combine(store.selection.peek(), positions, op);
      store.select(rows);
      const iteration = store.iterationOf(token);
      root.dispatchEvent(
        new CustomEvent("tsne-lasso", { detail: { rows: positions, op, vertices, iteration } }),
      );
    }),
    scatter.on("click", ({ index, op }) => {
      const rows = index === null ? new Int32Array(0) : Int32Array.of(index);
      if (index !== null || op === "replace") store.select(combine(store.selection.peek(), rows, op));
    }),
    scatter.on("still", (still) => {
      root.dataset.still = String(still);
    }),
    scatter.on("drawn", ({ frames, tokens }) => {
      root.dataset.frames = String(frames);
      root.dataset.drawn = String(store.iterationOf(tokens[0]) ?? "");
    }),
    scatter.on("context", () => {
      root.dataset.renderer = scatter.renderer ?? "";
    }),
  ];
}
