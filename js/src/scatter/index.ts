/** The drawing layer's public face. */

export { inside } from "./hover";
export { CATEGORICAL_LIMIT, categoricalPalette, continuousPalette, MISSING_COLOUR } from "./palette";
export { Scatter } from "./scatter";
export type {
  Alignment,
  Displayed,
  Mode,
  Morph,
  PanelPlace,
  PanelRect,
  ScatterEvents,
  ScatterOptions,
  SelectOp,
  Theme,
  TurnTold,
} from "./types";
