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
export { shadeOf } from "./shade";
export { svgElement } from "./svg";
export type {
  Alignment,
  Camera,
  DensityOn,
  LineStyle,
  Links,
  Mode,
  Morph,
  NamesOn,
  PanelRect,
  PicturesOn,
  ScatterEvents,
  ScatterOptions,
  SelectOp,
  Sight,
  SquaresOn,
  Theme,
  Thumbnail,
  TileKey,
  Trace,
  TracesOn,
} from "./types";
