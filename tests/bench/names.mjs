/**
 * What names on a map cost: finding their anchors on a new layout, and placing them in a frame.
 *
 * node tests/bench/names.mjs
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../js/", import.meta.url));
const { build } = createRequire(`${root}package.json`)("esbuild");
const parts = ["anchors", "importance", "spots"].map((name) => `export * from "./${name}";`).join("");
const { outputFiles } = await build({
  stdin: { contents: parts, resolveDir: `${root}src/scatter`, loader: "ts" },
  bundle: true,
  format: "esm",
  write: false,
});
const { AnchorFinder, Importance, Spots } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

const RECT = { x: 0, y: 0, width: 800, height: 560 };
const ROUNDS = 100;

/** A normal number. */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** n points in `count` clumps, in random order of rows as in real data, which move a little with each layout. */
function moving(n, count) {
  const codes = Uint16Array.from({ length: n }, () => Math.floor(Math.random() * count));
  if (n === count) codes.forEach((_, i) => { codes[i] = i; });
  const middles = Float32Array.from({ length: 2 * count }, () => Math.random());
  const home = Float32Array.from({ length: 2 * n }, (_, i) => middles[2 * codes[i >> 1] + (i & 1)] + 0.02 * normal());
  const drift = Float32Array.from({ length: 2 * n }, () => 0.005 * normal());
  return { codes, at: (step) => home.map((v, i) => v + Math.sin(step / 10) * drift[i]) };
}

function told(times) {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(2);
  return `${at(0.5)} (${at(0.95)})`;
}

console.log("milliseconds, median (95th percentile): anchors for each new layout, places for each frame");
for (const [n, count] of [[2_000, 100], [100_000, 100], [1_000_000, 100], [5_000, 5_000], [60_000, 60_000]]) {
  const { codes, at } = moving(n, count);
  const [finder, importance, spots] = [new AnchorFinder(codes, count), new Importance(), new Spots()];
  const widths = Float32Array.from({ length: count }, () => 30 + 60 * Math.random());
  const [finding, placing] = [[], []];
  let anchors = null;
  let order = null;
  for (let step = 0; step < ROUNDS; step++) {
    const positions = at(step);
    const began = performance.now();
    anchors = finder.find(positions, anchors);
    order = importance.order(anchors, (label) => spots.shows(label));
    const found = performance.now();
    const zoom = 1 + 0.2 * Math.sin(step / 15);
    const screen = anchors.places.map((v, p) => (p % 2 ? 280 : 400) + (v - 0.5) * 500 * zoom);
    spots.place({ rect: RECT, order, anchors: screen, sizes: anchors.sizes, width: (label) => widths[label], radius: 3 });
    placing.push(performance.now() - found);
    finding.push(found - began);
  }
  console.log(
    `${n.toLocaleString("en")} points, ${count.toLocaleString("en")} names: anchors ${told(finding)}, places ${told(placing)}, ${spots.shown.length} shown`,
  );
}
