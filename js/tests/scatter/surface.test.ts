// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Surface } from "../../src/scatter/surface";

const LIMIT = 16;

/** A page that keeps so many contexts: for a further one it takes the one that has drawn nothing for longest. */
class Page {
  /** Those that are held, the one that drew last at the end. */
  readonly held: Context[] = [];
  losses = 0;

  surface(): Surface {
    const canvas = document.body.appendChild(document.createElement("div")).appendChild(this.canvas());
    return new Surface(canvas, () => undefined);
  }

  canvas(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    let context: Context | null = null;
    canvas.getContext = ((kind: string) => {
      if (kind !== "webgl2") return null; // what has one has no other
      if (!context) {
        context = new Context(this, canvas);
        this.grant(context);
      }
      return context.gl;
    }) as HTMLCanvasElement["getContext"];
    return canvas;
  }

  /** Of something else on the page. */
  hold(count: number): Context[] {
    return Array.from({ length: count }, () => {
      const context = new Context(this, document.createElement("canvas"));
      this.grant(context);
      return context;
    });
  }

  grant(context: Context): void {
    if (this.held.length === LIMIT) this.held[0].lose();
    this.held.push(context);
  }

  drew(context: Context): void {
    const place = this.held.indexOf(context);
    if (place >= 0) this.held.push(...this.held.splice(place, 1));
  }
}

class Context {
  readonly gl: WebGL2RenderingContext;
  private restorable = false;

  constructor(
    private readonly page: Page,
    private readonly canvas: HTMLCanvasElement,
  ) {
    const known: Record<string, unknown> = {
      canvas,
      isContextLost: () => this.lost,
      getExtension: () => ({ loseContext: () => this.lose(), restoreContext: () => this.restore() }),
      clear: () => page.drew(this),
    };
    this.gl = new Proxy(known, {
      get: (_, name: string) => known[name] ?? (name === name.toUpperCase() ? 1 : () => ({})),
    }) as unknown as WebGL2RenderingContext;
  }

  get lost(): boolean {
    return !this.page.held.includes(this);
  }

  lose(): void {
    this.page.held.splice(this.page.held.indexOf(this), 1);
    this.page.losses++;
    this.restorable = false;
    setTimeout(() => {
      const event = new Event("webglcontextlost", { cancelable: true });
      this.canvas.dispatchEvent(event);
      this.restorable = event.defaultPrevented;
    });
  }

  restore(): void {
    setTimeout(() => {
      if (!this.lost || !this.restorable) return;
      this.page.grant(this);
      this.canvas.dispatchEvent(new Event("webglcontextrestored"));
    });
  }
}

let page: Page;

beforeEach(() => {
  vi.useFakeTimers();
  page = new Page();
  // A stand-in draws without WebGL.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(((kind: string) =>
    kind === "2d" ? {} : null) as unknown as HTMLCanvasElement["getContext"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const seen = (count: number) => {
  const surfaces = Array.from({ length: count }, () => page.surface());
  for (const surface of surfaces) surface.setVisible(true);
  vi.runAllTimers();
  return surfaces;
};
const kinds = (surfaces: Surface[]) => surfaces.map(({ kind }) => kind);
const count = (surfaces: Surface[], wanted: string | null) =>
  kinds(surfaces).filter((kind) => kind === wanted).length;

describe("a page with more canvases than it has contexts", () => {
  it("has no context for canvases that were never visible", () => {
    const surfaces = Array.from({ length: 40 }, () => page.surface());
    expect(page.held).toEqual([]);
    surfaces[39].setVisible(true);
    expect(surfaces[39].kind).toBe("webgl2");
    expect(page.held).toHaveLength(1);
  });

  it("draws the visible ones with WebGL, wherever it is scrolled to", () => {
    const surfaces = Array.from({ length: 20 }, () => page.surface());
    for (const first of [0, 4, 8, 12, 0, 12, 3]) {
      for (const [i, surface] of surfaces.entries()) surface.setVisible(i >= first && i < first + 8);
      vi.runAllTimers();
      expect(kinds(surfaces.slice(first, first + 8))).toEqual(Array(8).fill("webgl2"));
      expect(count(surfaces, null)).toBe(12);
      expect(page.held).toHaveLength(8);
    }
  });

  it("draws as many as it can with WebGL if too many are visible, the others without, and comes to rest", () => {
    const surfaces = seen(20);
    expect(count(surfaces, "webgl2")).toBe(LIMIT);
    expect(count(surfaces, "canvas2d")).toBe(4);
    expect(page.losses).toBeLessThan(60);
    for (const surface of surfaces) surface.setVisible(false);
    vi.runAllTimers();
    for (const surface of surfaces.slice(4)) surface.setVisible(true);
    vi.runAllTimers();
    expect(count(surfaces, "webgl2")).toBe(LIMIT);
    expect(document.querySelectorAll("canvas")).toHaveLength(20); // no stand-in is left
  });
});

describe("a context that is taken away", () => {
  it("by others on the page is restored, and takes an idle one of theirs", () => {
    const [surface] = seen(1);
    const others = page.hold(LIMIT);
    vi.runAllTimers();
    expect(surface.kind).toBe("webgl2");
    expect(others.map(({ lost }) => lost)).toEqual([true, ...Array(LIMIT - 1).fill(false)]);
  });

  it("twice in a row is given up until the canvas is visible again", () => {
    const [surface] = seen(1);
    for (let i = 0; i < 2; i++) {
      page.hold(LIMIT);
      vi.runAllTimers();
    }
    expect(surface.kind).toBe("canvas2d");
    surface.setVisible(false);
    surface.setVisible(true);
    vi.runAllTimers();
    expect(surface.kind).toBe("webgl2");
  });

  it("now and then is restored each time", () => {
    const [surface] = seen(1);
    for (let i = 0; i < 5; i++) {
      page.hold(LIMIT);
      vi.runAllTimers();
      expect(surface.kind).toBe("webgl2");
      vi.advanceTimersByTime(60_000);
    }
  });

  it("for good is given up", () => {
    const [surface] = seen(1);
    vi.spyOn(Context.prototype, "restore").mockImplementation(() => undefined);
    page.hold(LIMIT);
    vi.advanceTimersByTime(1000);
    expect(surface.kind).toBeNull();
    vi.advanceTimersByTime(2000);
    expect(surface.kind).toBe("canvas2d");
  });

  it("and restored too late, when the canvas is no longer visible, is given back", () => {
    const [surface] = seen(1);
    page.hold(LIMIT);
    vi.advanceTimersToNextTimer(); // it is told
    vi.advanceTimersToNextTimer(); // it is asked for
    surface.setVisible(false);
    vi.runAllTimers();
    expect(surface.kind).toBeNull();
    expect(page.held).toHaveLength(LIMIT - 1);
  });
});

it("a canvas that becomes visible before it learns of its loss has its context back", () => {
  const [surface] = seen(1);
  surface.setVisible(false);
  surface.setVisible(true);
  vi.runAllTimers();
  expect(surface.kind).toBe("webgl2");
});

it("a browser without anything to draw with is distinguished from a lost context", () => {
  const canvas = document.createElement("canvas");
  canvas.getContext = () => null;
  const surface = new Surface(canvas, () => undefined);
  expect(surface.kind).toBeNull();
  surface.setVisible(true);
  expect(surface.kind).toBe("none");
});

it("a removed surface leaves nothing: no context, no stand-in, no listener", () => {
  const surfaces = seen(20);
  for (const surface of surfaces) surface.destroy();
  vi.runAllTimers();
  expect(page.held).toEqual([]);
  expect(document.querySelectorAll("canvas")).toHaveLength(20);
  expect(kinds(surfaces)).toEqual(Array(20).fill(null));
});
