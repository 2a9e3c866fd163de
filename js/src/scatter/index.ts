/** The drawing layer's public face. */
export { CATEGORICAL_LIMIT, categoricalPalette, continuousPalette, MISSING_COLOUR } from "./palette";
export { Scatter } from "./scatter";
export type {
  Displayed,
  Mode,
  PanelRect,
  ScatterEvents,
  ScatterOptions,
  SelectOp,
  Theme,
} from "./types";
