/** The lower edge of the maps. */
import type { View } from "../../view/view";
import { Edge } from "../parts/Edge";

/** CSS pixels; Python's limit is higher, for grids of many rows. */
const LEAST = 120;
const MOST = 3000;

export function MapEdge({ view }: { view: View }) {
  if (view.fills.value) return null;
  return (
    <Edge
      of="map"
      height={view.height.value}
      least={LEAST}
      most={Math.max(MOST, view.height.value)}
      onMove={(height) => (view.dragged.value = height)}
      onEnd={() => {
        const height = view.dragged.peek();
        if (height !== null) view.store.setHeight(height);
      }}
    />
  );
}
