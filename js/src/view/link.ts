/**
 * A saved page links to itself with what is selected and where its cameras are:
 * `#rows=3,17,20-31&view=x,y,zoom`. Cameras that move together are one view, others have one each, in the order of
 * the maps, joined by slashes and empty where a camera follows its map.
 */
import type { Camera, Scatter } from "../scatter";
import type { View } from "./view";
import { count } from "./words";

/** Characters of a fragment: programs that pass links on cut off longer ones. */
const LONGEST = 8000;
/** Digits of a place and of a zoom: finer than a pixel, also far in. */
const DIGITS = 6;

export interface Linked {
  rows: Int32Array;
  /** null: the camera follows its map. */
  views: (Camera | null)[];
}

/** The fragment, without its '#'; throws if it would be too long. */
export function fragmentOf({ rows, views }: Linked): string {
  const parts = [];
  if (rows.length > 0) parts.push(`rows=${ranges(rows)}`);
  if (views.some((view) => view !== null)) parts.push(`view=${views.map(written).join("/")}`);
  const fragment = parts.join("&");
  if (fragment.length > LONGEST)
    throw new Error(`a link cannot hold ${count(rows.length)} rows so far apart: select fewer`);
  return fragment;
}

/** Throws if it is not one of ours. `n`: how many rows there are; `maps`: how many maps. */
export function readFragment(fragment: string, n: number, maps: number): Linked {
  const linked: Linked = { rows: new Int32Array(0), views: [null] };
  for (const part of fragment.split("&")) {
    const [name, value = ""] = part.split("=", 2);
    if (name === "rows") linked.rows = readRows(value, n);
    else if (name === "view") linked.views = value.split("/").map(readCamera);
    else throw new Error("it is none of this page's");
  }
  if (![1, maps].includes(linked.views.length)) throw new Error(`it is of ${linked.views.length} maps`);
  return linked;
}

/** What a view shows now. */
export function linkedOf({ store, linked, scatter }: View): Linked {
  const all = store.maps.peek().map(({ run }) => scatter?.camera(run) ?? null);
  return { rows: store.selection.peek(), views: linked.peek() ? all.slice(0, 1) : all };
}

/** Shows what the page's address says, at first and whenever it changes; returns how to stop. */
export function followLink(view: View, scatter: Scatter): () => void {
  if (view.store.hasPython.peek()) return () => {};
  const show = () => showLinked(view, scatter);
  const waiting = scatter.on("drawn", () => {
    waiting();
    show();
  });
  window.addEventListener("hashchange", show);
  return () => {
    waiting();
    window.removeEventListener("hashchange", show);
  };
}

/** Writes what the view shows into the page's address, and returns that. */
export function linkTo(view: View): string {
  const fragment = fragmentOf(linkedOf(view));
  view.madeLink = fragment; // some browsers tell of a change that is our own
  history.replaceState(null, "", `${location.pathname}${location.search}#${fragment}`);
  return location.href;
}

function showLinked(view: View, scatter: Scatter): void {
  const fragment = decoded(location.hash.slice(1));
  if (fragment === view.madeLink) return;
  view.linkTold.value = null;
  if (fragment === "") return;
  const { store } = view;
  const runs = store.maps.peek().map(({ run }) => run);
  try {
    view.madeLink = null;
    const { rows, views } = readFragment(fragment, store.points.n, runs.length);
    store.select(rows);
    if (runs.length > 1) view.linked.value = views.length === 1;
    runs.forEach((run, i) => {
      if (i < views.length) scatter.setCamera(run, views[i]);
    });
  } catch (wrong) {
    const why = wrong instanceof Error ? wrong.message : String(wrong);
    view.linkTold.value = { words: `The address has a link that this page ignores: ${why}`, wrong: true };
  }
}

/** As it is, if it cannot be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** "3,17,20-31" */
function ranges(rows: Int32Array): string {
  const parts: string[] = [];
  for (let i = 0; i < rows.length; i++) {
    const first = rows[i];
    while (rows[i + 1] === rows[i] + 1) i++;
    parts.push(rows[i] === first ? String(first) : `${first}-${rows[i]}`);
  }
  return parts.join();
}

function readRows(text: string, n: number): Int32Array {
  const rows = new Set<number>();
  for (const part of text === "" ? [] : text.split(",")) {
    const [, from, to = from] = part.match(/^(\d{1,9})(?:-(\d{1,9}))?$/) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last)) throw new Error(`"${shortened(part)}" is no row`);
    if (last >= n) throw new Error(`it names row ${count(last)}, and there are ${count(n)}`);
    for (let row = first; row <= last; row++) rows.add(row);
  }
  return Int32Array.from(rows).sort();
}

function written(camera: Camera | null): string {
  return camera
    ? [camera.x, camera.y, camera.zoom].map((v) => String(Number(v.toPrecision(DIGITS)))).join()
    : "";
}

function readCamera(text: string): Camera | null {
  if (text === "") return null;
  const [x, y, zoom, ...more] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (![x, y, zoom].every(Number.isFinite) || zoom <= 0 || more.length > 0)
    throw new Error(`"${shortened(text)}" is no place on a map`);
  return { x, y, zoom };
}

function shortened(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
