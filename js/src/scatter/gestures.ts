/** Wheel, drag and touch by d3-zoom; hover, click and lasso by pointer events. Knows a host, but no points. */
import { select } from "d3-selection";
import { type D3ZoomEvent, zoom, zoomIdentity } from "d3-zoom";
import type { Transform } from "./camera";
import { selectOp } from "./lasso";
import type { Mode, SelectOp } from "./types";

/** `P`: the host's type of a panel. */
export interface GestureHost<P> {
  mode(): Mode;
  /** What a gesture does to the selection without modifier keys. */
  op(): SelectOp;
  panelAt(x: number, y: number): P | null;
  transform(panel: P): Transform;
  zoomLimits(panel: P): [number, number];
  /** Whether a turn of the wheel zooms; else the page scrolls. */
  takesWheel(event: WheelEvent): boolean;
  zoomed(panel: P, transform: Transform): void;
  /** While the user holds a panel, its camera must not move by itself. */
  hold(panel: P, held: boolean): void;
  lassoStart(panel: P, x: number, y: number): void;
  lassoMove(x: number, y: number): void;
  lassoEnd(op: SelectOp): LassoEnd;
  lassoCancel(): void;
  click(panel: P, x: number, y: number, op: SelectOp): void;
  /** The pointer rests or moves without pressing; null: it is elsewhere or pressing. */
  pointer(x: number, y: number): void;
  pointerGone(): void;
}

/** What happened to a lasso. */
export interface LassoEnd {
  /** It was so small that it counts as a click. */
  isClick: boolean;
  /** For the log. */
  words: string;
}

const RELEASE_LOST = "its release was lost";
/** How many pixels a pointer may move during a click. */
const CLICK_DISTANCE = 4;
/** Fewer pixels are the pinch of a touchpad, more the turn of a wheel. */
const PINCH = 40;

interface Press<P> {
  id: number;
  panel: P;
  x: number;
  y: number;
  start: PointerEvent;
  moved: boolean;
  lasso: boolean;
}

export class Gestures<P> {
  private readonly behaviour = zoom<HTMLCanvasElement, unknown>();
  private readonly listening = new AbortController();
  /** The pressed pointers and their types, as far as events have told. */
  private readonly down = new Map<number, string>();
  private press: Press<P> | null = null;
  /** The panel of d3-zoom's gesture. */
  private zoomPanel: P | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly host: GestureHost<P>,
  ) {
    this.behaviour
      .filter((event: Event) => this.startsZoom(event))
      .clickDistance(CLICK_DISTANCE)
      .wheelDelta(wheelDelta)
      .on("start", (event) => this.onZoom(event, (panel) => host.hold(panel, true)))
      .on("zoom", (event) => this.onZoom(event, (panel) => host.zoomed(panel, event.transform)))
      .on("end", (event) => this.onZoom(event, (panel) => host.hold(panel, false)));
    select(canvas).call(this.behaviour).on("dblclick.zoom", null);
    const { signal } = this.listening;
    canvas.addEventListener("pointerdown", this.onDown, { signal });
    canvas.addEventListener("pointermove", this.onMove, { signal });
    canvas.addEventListener("pointerup", this.onUp, { signal });
    canvas.addEventListener("pointercancel", this.onLost, { signal });
    canvas.addEventListener("lostpointercapture", this.onLost, { signal });
    canvas.addEventListener("pointerleave", () => host.pointerGone(), { signal });
    canvas.style.touchAction = "none";
    this.showMode();
  }

  showMode(): void {
    this.canvas.style.cursor = this.host.mode() === "pan" ? "default" : "crosshair";
  }

  /** `why` is for the log. */
  cancelPress(why: string): void {
    const { press } = this;
    if (!press) return;
    this.press = null;
    if (press.lasso) this.host.lassoCancel();
    tell(press.start, press, `given up: ${why}`);
  }

  destroy(): void {
    this.listening.abort();
    this.behaviour.on("start zoom end", null);
    select(this.canvas).on(".zoom", null);
    this.canvas.style.touchAction = this.canvas.style.cursor = "";
  }

  /** Whether d3-zoom takes this event; if so, gives it the transform of the panel under the pointer. */
  private startsZoom(event: Event): boolean {
    const lassoMode = this.host.mode() !== "pan";
    if (event instanceof MouseEvent && event.type === "mousedown") {
      // The middle button pans in every mode.
      if (event.button !== 1 && (event.button !== 0 || event.ctrlKey || lassoMode)) return false;
    }
    if (event.type === "wheel" && (this.press?.lasso || !this.host.takesWheel(event as WheelEvent)))
      return false;
    const touches = "touches" in event ? (event as TouchEvent).touches : null;
    if (touches && lassoMode && touches.length < 2) return false;
    const [x, y] = this.place(touches ? touches[0] : (event as MouseEvent));
    const panel = this.host.panelAt(x, y);
    if (panel === null) return false;
    if (this.zoomPanel !== null && this.zoomPanel !== panel) this.host.hold(this.zoomPanel, false);
    this.zoomPanel = panel;
    const { k, x: tx, y: ty } = this.host.transform(panel);
    this.behaviour.scaleExtent(this.host.zoomLimits(panel));
    this.behaviour.transform(select(this.canvas), zoomIdentity.translate(tx, ty).scale(k));
    return true;
  }

  private onZoom(event: D3ZoomEvent<HTMLCanvasElement, unknown>, act: (panel: P) => void): void {
    // A zoom without a source event is our own call in startsZoom.
    if (event.sourceEvent && this.zoomPanel !== null) act(this.zoomPanel);
  }

  private readonly onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const [x, y] = this.place(event);
    this.forgetLost(event);
    this.down.set(event.pointerId, event.pointerType);
    if (this.down.size > 1) {
      this.cancelPress("another pointer presses");
      return tell(event, { x, y }, `ignored: one of ${this.down.size} pointers that press`);
    }
    const panel = this.host.panelAt(x, y);
    if (panel === null) return tell(event, { x, y }, "ignored: outside of all maps");
    capture(this.canvas, event.pointerId);
    const lasso = this.host.mode() !== "pan";
    this.press = { id: event.pointerId, panel, x, y, start: event, moved: false, lasso };
    if (lasso) this.host.lassoStart(panel, x, y);
  };

  private readonly onMove = (event: PointerEvent) => {
    const [x, y] = this.place(event);
    if (event.buttons === 0) this.forget(event.pointerId, RELEASE_LOST);
    const { press } = this;
    if (!press) {
      if (event.buttons === 0 && event.pointerType !== "touch") this.host.pointer(x, y);
      return;
    }
    if (press.id !== event.pointerId) return;
    if (!press.moved && Math.hypot(x - press.x, y - press.y) > CLICK_DISTANCE) {
      press.moved = true;
      this.host.pointerGone();
    }
    if (press.lasso) {
      for (const part of event.getCoalescedEvents?.() ?? []) this.host.lassoMove(...this.place(part));
      this.host.lassoMove(x, y);
    }
  };

  private readonly onUp = (event: PointerEvent) => {
    this.down.delete(event.pointerId);
    const { press } = this;
    if (!press || press.id !== event.pointerId) return;
    this.press = null;
    const op = selectOp(press.start, event, this.host.op());
    const lasso = press.lasso ? this.host.lassoEnd(op) : null;
    const isClick = lasso?.isClick ?? !press.moved;
    if (isClick) this.host.click(press.panel, press.x, press.y, op);
    const what = isClick ? "a click" : lasso ? "a lasso" : "a drag";
    tell(press.start, press, [what, op, lasso?.words].filter(Boolean).join(", "));
  };

  /** Also runs after a release, when there may be nothing to cancel. */
  private readonly onLost = (event: PointerEvent) => this.forget(event.pointerId, event.type);

  /** If a pointer is the first of its type to press, all earlier ones have ended. */
  private forgetLost({ pointerType, isPrimary }: PointerEvent): void {
    for (const [id, type] of this.down) {
      const lost = type === pointerType ? isPrimary : !this.canvas.hasPointerCapture(id);
      if (lost) this.forget(id, RELEASE_LOST);
    }
  }

  private forget(pointer: number, why: string): void {
    this.down.delete(pointer);
    if (this.press?.id === pointer) this.cancelPress(why);
  }

  private place(event: { clientX: number; clientY: number }): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [
      event.clientX - box.left - this.canvas.clientLeft,
      event.clientY - box.top - this.canvas.clientTop,
    ];
  }
}

/**
 * By how many powers of two a turn of the wheel zooms. d3 takes every turn with Ctrl for the pinch of a touchpad, which
 * browsers report as one of a few pixels, and makes it ten times as strong; a wheel turns by about 100.
 */
function wheelDelta({ deltaY, deltaMode, ctrlKey }: WheelEvent): number {
  const perUnit = deltaMode === 1 ? 0.05 : deltaMode ? 1 : 0.002;
  const pinch = ctrlKey && deltaMode === 0 && Math.abs(deltaY) < PINCH;
  return -deltaY * perUnit * (pinch ? 10 : 1);
}

/** Logs the fate of a press for anyone who makes the browser show debug messages. */
function tell({ pointerType }: PointerEvent, { x, y }: { x: number; y: number }, fate: string): void {
  console.debug(
    `tsne_widget: ${pointerType || "a pointer"} pressed at ${Math.round(x)}, ${Math.round(y)}: ${fate}`,
  );
}

/** Captures the pointer to hear its release outside the canvas. */
function capture(canvas: HTMLCanvasElement, pointer: number): void {
  try {
    canvas.setPointerCapture(pointer);
  } catch {
    // The pointer is gone already, or a script made it.
  }
}
