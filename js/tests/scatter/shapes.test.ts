// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { PanelFrame } from "../../src/scatter/renderer";
import { Shapes } from "../../src/scatter/shapes";

const frame: PanelFrame = {
  rect: { x: 10, y: 20, width: 100, height: 50 },
  pose: { x: 1, y: 0, turn: [1, 0, 0, 1] },
  view: { x: 0, y: 0, k: 10 },
  t: 1,
  style: {
    radius: 3,
    opacity: 0.9,
    outline: 1,
    dimmedRadius: 2,
    dimmedOpacity: 0.3,
    dimmedOutline: 0,
    dimmedFade: 0.5,
    outlineWidth: 1,
    background: [255, 255, 255],
  },
};

function drawn(dimmed = 0): SVGGElement {
  const shapes = new Shapes();
  shapes.resize();
  shapes.setPoints(Uint16Array.of(0, 1, 1), Uint8Array.of(255, 0, 0, 0, 0, 255));
  shapes.setOrder(Uint32Array.of(2, 0, 1), dimmed);
  shapes.clear([255, 255, 255]);
  shapes.setPositions(7, new Float32Array(6), Float32Array.of(1, 0, 3, 1, 99, 99));
  shapes.draw(7, frame);
  return shapes.group;
}

const circles = (group: Element) =>
  [...group.querySelectorAll("circle")].map((circle) =>
    ["cx", "cy", "fill"].map((name) => circle.getAttribute(name)).join(" "),
  );

test("points are circles where the camera sees them, y upwards; those outside are left out", () => {
  const group = drawn();
  expect(circles(group)).toEqual(["50.00 25.00 #ff0000", "70.00 15.00 #0000ff"]);
  const panel = group.querySelector("svg");
  expect(["x", "y", "width", "height"].map((name) => panel?.getAttribute(name))).toEqual([
    "10",
    "20",
    "100",
    "50",
  ]);
});

test("points that stand back come first, fainter and smaller", () => {
  const [back, front] = [...drawn(2).querySelectorAll("svg > g")];
  expect(circles(back)).toEqual(["50.00 25.00 #ff8080"]);
  expect(back.getAttribute("fill-opacity")).toBe("0.300");
  expect(back.querySelector("circle")?.getAttribute("r")).toBe("2.00");
  expect(circles(front)).toEqual(["70.00 15.00 #0000ff"]);
});

test("a panel with codes of its own is drawn in them", () => {
  const shapes = new Shapes();
  shapes.setPoints(Uint16Array.of(0), Uint8Array.of(255, 0, 0, 0, 0, 255), new Map([[7, Uint16Array.of(1)]]));
  shapes.setOrder(Uint32Array.of(0), 0);
  for (const panel of [7, 8]) {
    shapes.setPositions(panel, Float32Array.of(0, 0), Float32Array.of(1, 0));
    shapes.draw(panel, frame);
  }
  expect(circles(shapes.group).map((circle) => circle.split(" ")[2])).toEqual(["#0000ff", "#ff0000"]);
});
