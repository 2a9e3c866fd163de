/** The view on the whole screen. */
import type { View } from "./view";

/** VS Code and some embedded pages forbid it. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled === true;
}

export function toggleFullScreen({ root, fullScreen }: View): void {
  const done = fullScreen.peek() ? document.exitFullscreen() : root.requestFullscreen();
  done.catch(() => {}); // the browser says why
}

/** Keeps `view.fullScreen` up to date; returns how to stop. */
export function watchFullScreen({ root, fullScreen }: View): () => void {
  const leave = new AbortController();
  document.addEventListener(
    "fullscreenchange",
    () => {
      const owner = root.getRootNode() as Document | ShadowRoot;
      fullScreen.value = owner.fullscreenElement === root;
    },
    { signal: leave.signal },
  );
  return () => leave.abort();
}
