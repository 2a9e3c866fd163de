/** Calls back when the number of device pixels per CSS pixel changes; returns how to stop. */
export function watchPixelRatio(changed: () => void): () => void {
  const query = () => matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  let watched = query();
  const onChange = () => {
    watched = query();
    watched.addEventListener("change", onChange, { once: true });
    changed();
  };
  watched.addEventListener("change", onChange, { once: true });
  return () => watched.removeEventListener("change", onChange);
}
