// @vitest-environment happy-dom
/** Squares above the points, for what lies on a map without being one of its points. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { categoricalPalette, type Scatter, type SquaresOn } from "../../src/scatter";
import { uniform } from "./random";
import { heard, Screen } from "./screen";

const N = 300;
/** The places of points 5, 70 and 211. */
const AT = [5, 70, 211];

let screen: Screen;
let scatter: Scatter;

beforeEach(() => {
  screen = new Screen();
  scatter = screen.scatter();
  scatter.setPoints(new Uint16Array(N), categoricalPalette(1, false));
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width: 200, height: 300 } })));
  for (const id of [0, 1]) scatter.setLayout(id, uniform(N, id), 1, 0);
  screen.settle();
});

afterEach(() => {
  scatter.destroy();
  vi.unstubAllGlobals();
});

function squares(panel: number, token = 1): [number, SquaresOn] {
  const all = uniform(N, panel);
  const positions = Float32Array.from(AT.flatMap((row) => [all[2 * row], all[2 * row + 1]]));
  const codes = Uint16Array.of(0, 1, 0);
  return [panel, { positions, codes, fills: [null, "rgb(1 2 3)"], selected: [], token }];
}

/** The middles of the squares in a panel's drawing, on the canvas, and their colours. */
function drawn(pane: Element): { x: number; y: number; fill: string | null }[] {
  const of = (element: Element, name: string) => Number(element.getAttribute(name));
  return [...pane.querySelectorAll("rect")].map((square) => ({
    x: of(pane, "x") + of(square, "x") + of(square, "width") / 2,
    y: of(pane, "y") + of(square, "y") + of(square, "height") / 2,
    fill: square.getAttribute("fill"),
  }));
}

const panes = () => [...scatter.shapes().querySelectorAll(".tw-squares")];
const shown = () => screen.host.querySelector<HTMLElement>("canvas.tw-squares")?.dataset.shown;

function expectAtTheirPoints(): void {
  expect(panes()).toHaveLength(2);
  panes().forEach((pane, panel) => {
    const found = drawn(pane);
    expect(found.map(({ fill }) => fill)).toEqual(["rgb(255,255,255)", "rgb(1 2 3)", "rgb(255,255,255)"]);
    found.forEach(({ x, y }, i) => {
      const [px, py] = scatter.toScreen(panel, AT[i]);
      expect(Math.hypot(x - px, y - py)).toBeLessThan(0.2);
    });
  });
}

it("lie where they are on the map, in their colours, through zoom, turn and morph", () => {
  scatter.setSquares(new Map([squares(0), squares(1)]));
  screen.settle();
  expectAtTheirPoints();
  scatter.zoomBy(0.8, 0);
  screen.settle();
  expectAtTheirPoints();
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  screen.settle();
  expectAtTheirPoints();
  for (const t of [0, 0.4, 1]) {
    scatter.setMorph({ panel: 0, other: 1, t });
    screen.settle();
    expectAtTheirPoints();
  }
});

it("are hidden while a panel shows another layout than theirs", () => {
  scatter.setSquares(new Map([squares(0), squares(1)]));
  scatter.setLayout(0, uniform(N, 9), 2, 100);
  screen.settle();
  expect(panes().map((pane) => pane.getAttribute("x"))).toEqual(["200"]);
  scatter.setSquares(new Map([squares(0, 2), squares(1)]));
  screen.settle();
  expect(shown()).toBe("3,3");
  scatter.setSquares(new Map());
  screen.settle();
  expect(shown()).toBe("");
});

it("hide the points below from the pointer and from clicks", () => {
  scatter.setSquares(new Map([squares(0)]));
  screen.settle();
  const [hovers, hovered] = [heard(scatter, "hover"), heard(scatter, "square")];
  const [clicks, pressed] = [heard(scatter, "click"), heard(scatter, "squareClick")];
  const [x, y] = scatter.toScreen(0, AT[1]);
  screen.pointer("pointermove", x, y);
  screen.settle();
  expect(hovered.at(-1)).toMatchObject({ panel: 0, index: 1 });
  expect(hovers).toEqual([]);
  screen.draw([[x, y]]);
  expect(pressed).toMatchObject([{ panel: 0, index: 1, op: "replace" }]);
  expect(clicks).toEqual([]);
  scatter.setSquares(new Map());
  screen.settle();
  expect(hovered.at(-1)).toBe(null);
  expect(hovers.at(-1)).toMatchObject({ panel: 0, index: AT[1] });
});

it("are circled like points, and those not selected stand back", () => {
  const [panel, given] = squares(0);
  scatter.setSquares(new Map([[panel, given]]));
  scatter.setMode("lasso");
  screen.settle();
  const circled = heard(scatter, "lasso");
  const [x, y] = scatter.toScreen(0, AT[1]);
  screen.draw([
    [x - 9, y - 9],
    [x + 9, y - 9],
    [x + 9, y + 9],
    [x - 9, y + 9],
  ]);
  expect([...circled[0].squares]).toEqual([1]);
  expect([...circled[0].positions]).toContain(AT[1]);
  scatter.setSquares(new Map([[panel, { ...given, selected: [1] }]]));
  screen.settle();
  const opacities = [...panes()[0].querySelectorAll("rect")].map((one) =>
    Number(one.getAttribute("opacity")),
  );
  expect(opacities.map((opacity) => opacity < 1)).toEqual([true, false, true]);
});

it("are in a saved drawing, above the points", () => {
  scatter.setSquares(new Map([squares(0), squares(1)]));
  screen.settle();
  const group = scatter.shapes();
  expect(group.querySelectorAll(".tw-squares")).toHaveLength(2);
  expect(group.lastElementChild?.getAttribute("class")).toBe("tw-squares");
});

it("cost no redraw of the points, and go with the scatter", () => {
  const before = screen.pictures;
  scatter.setSquares(new Map([squares(0)]));
  screen.settle();
  expect(screen.pictures).toBe(before);
  expect(shown()).toBe("3");
  scatter.destroy();
  expect(shown()).toBe(undefined);
});
