/** How dark a density is; `tsne_widget/export/shade.py` has the same formula. */

/** The opacity in full, and the fewest rows that are drawn so: single rows stay quiet where bins are small. */
const MOST = 0.42;
const FULL_LEAST = 4;

/**
 * The opacity of each bin of a tile, 0 to 255, from the top left. `bins` and `counts`: those that hold rows, from the
 * bottom left. `full`: how many rows a bin holds that is drawn in full.
 */
export function shadeOf(bins: Uint16Array, counts: Uint32Array, full: number, side: number): Uint8Array {
  const opacities = new Uint8Array(side * side);
  const most = Math.log1p(Math.max(full, FULL_LEAST));
  for (let i = 0; i < bins.length; i++) {
    const row = side - 1 - Math.floor(bins[i] / side);
    const opacity = MOST * Math.min(1, Math.log1p(counts[i]) / most);
    opacities[row * side + (bins[i] % side)] = Math.round(255 * opacity);
  }
  return opacities;
}
