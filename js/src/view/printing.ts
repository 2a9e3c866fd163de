/** Prints the maps: browsers print no canvas of WebGL, so a bitmap stands in for it meanwhile. */
import type { Scatter } from "../scatter";

const SHARPNESS = 2;

/** Returns how to stop. */
export function watchPrinting(scatter: Scatter, host: HTMLElement): () => void {
  const leave = new AbortController();
  let shown: HTMLCanvasElement | null = null;
  const drop = () => {
    shown?.remove();
    shown = null;
  };
  const draw = () => {
    drop();
    shown = scatter.bitmap(SHARPNESS);
    shown.className = "tw-printed";
    host.append(shown);
  };
  window.addEventListener("beforeprint", draw, { signal: leave.signal });
  window.addEventListener("afterprint", drop, { signal: leave.signal });
  return () => {
    leave.abort();
    drop();
  };
}
