// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { categoricalPalette } from "../../src/scatter";
import { uniform } from "./random";
import { Screen } from "./screen";

let restore = () => {};

afterEach(() => {
  restore();
  vi.unstubAllGlobals();
});

function targetPrototype(element: EventTarget): EventTarget {
  let prototype = element;
  while (!Object.hasOwn(prototype, "addEventListener")) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}

/** Counts the listeners on every target of the DOM; those whose signal is aborted are gone. */
function countListeners(): () => number {
  const alive: { on: EventTarget; type: string; listener: unknown; signal?: AbortSignal }[] = [];
  // The test's DOM has another EventTarget than Node.
  const target = targetPrototype(document.body);
  const { addEventListener, removeEventListener } = target;
  target.addEventListener = function (type, listener, options) {
    // "abort" listeners are how the test's DOM itself listens to signals.
    if (type !== "abort")
      alive.push({
        on: this,
        type,
        listener,
        signal: typeof options === "object" ? options.signal : undefined,
      });
    addEventListener.call(this, type, listener, options);
  };
  target.removeEventListener = function (type, listener, options) {
    const i = alive.findIndex((each) => each.on === this && each.type === type && each.listener === listener);
    if (i >= 0) alive.splice(i, 1);
    removeEventListener.call(this, type, listener, options);
  };
  restore = () => Object.assign(target, { addEventListener, removeEventListener });
  return () => alive.filter(({ signal }) => !signal?.aborted).length;
}

it("destroy leaves no listener, no frame and no element", () => {
  const screen = new Screen();
  const before = screen.host.innerHTML;
  const listeners = countListeners();
  const scatter = screen.scatter();
  expect(listeners()).toBeGreaterThan(10);
  scatter.setPoints(new Uint16Array(50), categoricalPalette(1, false));
  scatter.setPanels([{ id: 0, rect: { x: 0, y: 0, width: 400, height: 300 } }]);
  scatter.setLayout(0, uniform(50, 1), 1, 0);
  screen.settle();
  scatter.setPanels([0, 1].map((id) => ({ id, rect: { x: 200 * id, y: 0, width: 200, height: 300 } })));
  scatter.setLayout(1, uniform(50, 3), 1, 0);
  scatter.setAlignment({ reference: 0, turn: true, rows: null });
  scatter.setLinked(true);
  scatter.setMorph({ panel: 0, other: 1, t: 0.5 });
  screen.settle();
  scatter.setLayout(0, uniform(50, 2), 2, 1000);
  screen.frame();
  scatter.setLinks({ from: 0, to: new Map([[0, [1, 2]]]) });
  scatter.setHover(3);
  scatter.zoomTo(Int32Array.of(1, 2));
  scatter.setMode("lasso");
  screen.pointer("pointerdown", 10, 10);
  scatter.on("drawn", () => undefined);
  expect(screen.framesWanted).toBe(1);

  scatter.destroy();

  expect(() => scatter.displayed(0)).toThrow(RangeError);
  expect(screen.framesWanted).toBe(0);
  expect(listeners()).toBe(0);
  expect(screen.host.querySelector("svg")).toBeNull();
  expect(screen.host.innerHTML.replace(/ (style|width|height)="[^"]*"/g, "")).toBe(before);
});
