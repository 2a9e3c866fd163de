/** Binds the scatter to the store and the view: signals to the picture, gestures to the store. */
import { effect } from "@preact/signals";
import { inside, type Links, Scatter, type SelectOp, type Sight } from "../scatter";
import type { Store } from "../store/store";
import { coloring, measureChosen, measuredShown } from "./coloring";
import { followLink } from "./link";
import { namesShown } from "./namesShown";
import { nearestTo, placedOn, squaresOf } from "./newRows";
import { showsPictures } from "./pictures";
import { watchPrinting } from "./printing";
import { combine, mask } from "./rows";
import { readTheme, watchTheme } from "./theme";
import { pairsOf, tracesOf } from "./traces";
import type { View } from "./view";
import { takesWheel } from "./wheel";

/** A frame glides for as long as recent frames have been apart, within these bounds. */
const GLIDE = { least: 16, most: 250 };

export function bindScatter(view: View, host: HTMLDivElement): () => void {
  const { root } = view;
  const canvas = host.querySelector("canvas") as HTMLCanvasElement;
  view.theme.value = readTheme(root);
  const scatter = new Scatter(canvas, {
    theme: view.theme.value,
    visible: root.dataset.visible === "true",
    takesWheel: (event) => takesWheel(view, event),
  });
  view.scatter = scatter;
  const reflectRenderer = () => {
    root.dataset.renderer = scatter.renderer ?? "";
    view.undrawable.value = scatter.renderer === "none";
  };
  reflectRenderer();
  const leave = [
    scatter.on("renderer", reflectRenderer),
    measure(view, host),
    watchTheme(root, () => {
      view.theme.value = readTheme(root);
    }),
    watchMotion(scatter),
    watchPrinting(scatter, host),
    ...drawState(view, scatter),
    followLink(view, scatter),
    ...listen(view, scatter, host),
  ];
  return () => {
    for (const each of leave) each();
    view.scatter = null;
    scatter.destroy();
  };
}

function measure(view: View, host: HTMLElement): () => void {
  const read = () => {
    view.size.value = { width: host.clientWidth, height: host.clientHeight };
  };
  read();
  const observer = new ResizeObserver(() => {
    read();
    // The view was created outside the document, where no colours are known.
    if (!view.theme.peek()?.background) view.theme.value = readTheme(view.root);
  });
  observer.observe(host);
  return () => observer.disconnect();
}

/** Follows the system's wish for less motion. */
function watchMotion(scatter: Scatter): () => void {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  const read = () => {
    scatter.reducedMotion = reduced.matches;
  };
  read();
  reduced.addEventListener("change", read);
  return () => reduced.removeEventListener("change", read);
}

function drawState(view: View, scatter: Scatter): (() => void)[] {
  const { store } = view;
  return [
    effect(() => {
      const { codes, palette, own } = coloring(view);
      scatter.setPoints(codes, palette, own);
    }),
    effect(() => scatter.setNames(namesShown(view))),
    effect(() => {
      const { thumbnails } = view;
      thumbnails.version.value; // pictures have come
      scatter.setPictures(
        showsPictures(view) ? { most: store.limits.pictures_shown, of: thumbnails.of } : null,
      );
    }),
    effect(() => {
      if (view.theme.value) scatter.setTheme(view.theme.value);
    }),
    effect(() => scatter.setMode(view.mode.value)),
    effect(() => scatter.setPanels(view.grid.value.cells.map(({ run, map }) => ({ id: run, rect: map })))),
    effect(() => scatter.setAlignment(view.alignment.value)),
    effect(() => scatter.setLinked(view.linked.value)),
    showPictures(view, scatter),
    effect(() => scatter.setDensity(view.density.shown.value)),
    effect(() => scatter.setSquares(squaresOf(view))),
    effect(() => scatter.setTraces(tracesOf(view))),
    effect(() => scatter.setPairs(pairsOf(view))),
    effect(() => scatter.setMorph(view.morphing.value)),
    effect(() => scatter.setOp(view.selectOp.value)),
    effect(() =>
      scatter.setLook({ size: chosen(store.pointSize.value), opacity: chosen(store.opacity.value) }),
    ),
    effect(() => scatter.setLinks(links(view))),
    effect(() => scatter.setOrigin(reference(view))),
    effect(() => scatter.setMuted(mutedRows(view))),
    effect(() => scatter.setRinged(view.ringed.value)),
    effect(() => {
      // A joined or measured-from point gets a ring; selecting it would dim the others and hide their colours.
      const plain = measureChosen(view)?.needs === "row" || view.joined.value !== null;
      const rows = view.marked.value ? view.travelers.value : store.selection.value;
      scatter.setSelection(plain && !view.marked.value ? null : mask(rows, store.points.n));
    }),
  ];
}

function chosen(value: number | "auto"): number | null {
  return value === "auto" ? null : value;
}

function links(view: View): Links | null {
  const neighbors = view.joining.value && view.neighbors.answer.value?.result;
  if (!neighbors) return null;
  const to = neighbors.by_metric.flatMap(({ runs, positions }) =>
    runs.map((run) => [run, positions] as const),
  );
  return { from: neighbors.row, to: new Map(to) };
}

/** The row that distances are measured from. */
function reference(view: View): number | null {
  return measuredShown(view)?.row ?? null;
}

/** Passes on each new picture, past or present, to glide in over the usual interval between that map's pictures. */
function showPictures({ store, playback }: View, scatter: Scatter): () => void {
  const shown = new Map<number, { token: number; at: number }>();
  return effect(() => {
    const now = performance.now();
    for (const { run, picture } of store.maps.value) {
      const next = playback.shown.value.get(run)?.picture ?? picture.value;
      const last = shown.get(run);
      if (!next || next.token === last?.token) continue;
      const apart = Math.min(GLIDE.most, Math.max(GLIDE.least, now - (last?.at ?? now)));
      const anew = next.iteration === 0 || !last;
      scatter.setLayout(run, next.positions, next.token, anew ? 0 : apart);
      shown.set(run, { token: next.token, at: now });
    }
  });
}

/** One byte per point; 1 if it stands back because its label does, or because it does not pass the filter. */
function mutedRows({ isolated, labels, store }: View): Uint8Array | null {
  const shown = isolated.value;
  const passing = store.filter.value?.mask;
  if (shown.size === 0 && !passing) return null;
  const muted = (code: number, row: number) =>
    Number((shown.size > 0 && !shown.has(code)) || passing?.[row] === 0);
  return Uint8Array.from(labels.codes, muted);
}

function listen(view: View, scatter: Scatter, host: HTMLElement): (() => void)[] {
  const { store, root } = view;
  const panel = (run: number) => host.querySelector<HTMLElement>(`.tw-panel[data-run="${run}"]`);
  return [
    pointing(view, host),
    scatter.on("hover", (hover) => {
      view.hover.value = hover;
      root.dataset.hover = String(hover?.index ?? "");
    }),
    scatter.on("camera", (camera) => {
      view.cameras.value = new Map(view.cameras.peek()).set(camera.panel, camera);
      const element = panel(camera.panel);
      if (element) element.dataset.zoom = String(camera.k);
      if (!view.single.peek()) return;
      root.dataset.following = String(camera.following);
      root.dataset.outside = String(camera.outside);
    }),
    scatter.on("lasso", ({ panel, positions, squares, op, vertices, token, muted }) => {
      selectPlaced(store, squares, op);
      const rows = combine(store.selection.peek(), positions, op);
      store.select(rows);
      view.leftOut.value = muted > 0 ? { count: muted, selection: store.selection.peek() } : null;
      const iteration = store.iterationOf(token);
      root.dispatchEvent(
        new CustomEvent("tsne-lasso", { detail: { run: panel, rows: positions, op, vertices, iteration } }),
      );
    }),
    scatter.on("click", ({ index, op }) => {
      const rows = index === null ? new Int32Array(0) : Int32Array.of(index);
      if (index !== null || op === "replace") store.select(combine(store.selection.peek(), rows, op));
      if (op === "replace") store.selectPlaced(new Int32Array(0));
    }),
    scatter.on("square", (square) => {
      view.newRow.value = square;
      root.dataset.newRow = String(square?.index ?? "");
    }),
    scatter.on("squareClick", ({ panel, index, op }) => {
      const map = store.mapOf(panel);
      const placed = map && placedOn(view, map);
      if (!placed) return;
      selectPlaced(store, Int32Array.of(index), op);
      store.select(combine(store.selection.peek(), nearestTo(placed, index).sort(), op));
    }),
    scatter.on("names", (shown) => {
      for (const [run, count] of shown) {
        const element = panel(run);
        if (element) element.dataset.names = String(count);
      }
      root.dataset.names = String([...shown.values()].reduce((sum, count) => sum + count, 0));
    }),
    scatter.on("tiles", (wanted) => view.density.take(wanted)),
    scatter.on("sights", (sights) => {
      view.thumbnails.take(sights);
      for (const { run } of store.maps.peek()) {
        const [element, sight] = [panel(run), sights.get(run)];
        if (element) element.dataset.pictures = sight ? picturesShown(sight) : "";
      }
    }),
    scatter.on("still", (still) => {
      root.dataset.still = String(still);
    }),
    scatter.on("drawn", ({ frames, tokens }) => {
      root.dataset.frames = String(frames);
      const iterations = [...tokens].flatMap(([run, token]) => {
        const iteration = store.iterationOf(token);
        reflectPanel(panel(run), iteration, scatter.alignment(run));
        const counts = store.mapOf(run)?.method.live || iteration === undefined;
        return counts ? [iteration ?? -1] : [];
      });
      const least = iterations.length > 0 ? Math.min(...iterations) : 0;
      root.dataset.drawn = least < 0 ? "" : String(least);
    }),
  ];
}

/** How many points in view have no picture to wait for, or that there are too many. */
function picturesShown({ inView, shown, wanted }: Sight): string {
  return shown ? String(inView - wanted.length) : "too many";
}

function selectPlaced(store: Store, rows: Int32Array, op: SelectOp): void {
  if (store.newRows.peek())
    store.selectPlaced(combine(Int32Array.from(store.selectedPlaced.peek()), rows, op));
}

/** Which panel the pointer is in, which tells what a key refers to. */
function pointing(view: View, host: HTMLElement): () => void {
  const leave = new AbortController();
  const move = ({ clientX, clientY }: PointerEvent) => {
    const { left, top } = host.getBoundingClientRect();
    const { cells } = view.grid.peek();
    view.pointedAt.value = cells.find(({ box }) => inside(box, clientX - left, clientY - top))?.run ?? null;
  };
  host.addEventListener("pointermove", move, { signal: leave.signal });
  host.addEventListener("pointerleave", () => (view.pointedAt.value = null), { signal: leave.signal });
  return () => leave.abort();
}

/** What one panel shows on the screen, as attributes. */
function reflectPanel(
  element: HTMLElement | null,
  iteration: number | undefined,
  turn: ReturnType<Scatter["alignment"]>,
): void {
  if (!element) return;
  element.dataset.drawn = String(iteration ?? "");
  element.dataset.turned = turn ? turn.degrees.toFixed(1) : "";
  element.dataset.mirrored = String(turn?.mirrored ?? "");
  element.dataset.correlation = turn ? turn.correlation.toFixed(4) : "";
}
