/** The public names of the drawing layer. */

export { cssToRgb, hexToRgb } from "./color";
export { drawGrey } from "./grey";
export { inside } from "./hover";
export { selectOp } from "./lasso";
export { fitted, font, LETTERING, type Measure, measuring } from "./lettering";
export {
  CATEGORICAL_LIMIT,
  categoricalPalette,
  continuousPalette,
  MISSING_COLOR,
  SQUARE_SIDE,
  squarePalette,
} from "./palette";
export { Scatter } from "./scatter";
export { svgElement } from "./svg";
export type {
  Alignment,
  LineStyle,
  Links,
  Mode,
  Morph,
  NamesOn,
  PanelRect,
  ScatterEvents,
  ScatterOptions,
  SelectOp,
  SquaresOn,
  Theme,
  Trace,
  TracesOn,
} from "./types";
