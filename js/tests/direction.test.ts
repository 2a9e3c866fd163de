/** Imports point down only, and never in a circle: also those of types. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** What each room may import from, besides itself. */
const BELOW: Record<string, string[]> = {
  "": ["ui", "view", "store", "place", "wire", "scatter"],
  ui: ["view", "store", "wire", "scatter"],
  view: ["store", "wire", "scatter"],
  store: ["place", "wire"],
  place: [],
  wire: [],
  scatter: [],
};

const SOURCES = "src";
const IMPORT = /\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);
const imports = new Map(files.map((file) => [file, importedBy(file)]));

/** The sources that a file imports; palettes and styles are none. */
function importedBy(file: string): string[] {
  const paths = [...readFileSync(join(SOURCES, file), "utf8").matchAll(IMPORT)].map(([, path]) => path);
  return paths.filter((path) => !/\.(css|json)$/.test(path)).map((path) => sourceOf(file, path));
}

function sourceOf(file: string, path: string): string {
  const base = normalize(join(dirname(file), path));
  const found = [`${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((name) =>
    existsSync(join(SOURCES, name)),
  );
  if (found === undefined) throw new Error(`${file} imports ${path}, which is not there`);
  return found;
}

const arrows = [...imports].flatMap(([file, paths]) => paths.map((path) => [file, path] as const));
const shown = ([from, to]: readonly [string, string]) => `${from} -> ${to}`;
const mayImport = (from: string, to: string) => from === to || BELOW[from].includes(to);
const roomOf = (file: string) => (file.includes("/") ? file.split("/")[0] : "");

/** All that a file imports, and what that imports, and so on. */
function reachable(file: string): Set<string> {
  const found = new Set<string>();
  const open = [...(imports.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(imports.get(next) ?? []));
  }
  return found;
}

test("every source lies in a room or is an entry point", () => {
  expect(files.length).toBeGreaterThan(100);
  expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(BELOW).sort());
});

test("imports point down only", () => {
  expect(
    arrows
      .filter(([from, to]) => !mayImport(roomOf(from), roomOf(to)))
      .map(shown)
      .sort(),
  ).toEqual([]);
});

test("no imports form a circle", () => {
  expect(
    arrows
      .filter(([from, to]) => reachable(to).has(from))
      .map(shown)
      .sort(),
  ).toEqual([]);
});
