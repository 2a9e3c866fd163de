/** A panel as a renderer is asked to draw it. */
import { PLAIN } from "../../src/scatter/pose";
import type { PanelFrame } from "../../src/scatter/renderer";

export const WHITE = [255, 255, 255] as const;

export const frame: PanelFrame = {
  rect: { x: 0, y: 0, width: 40, height: 20 },
  pose: PLAIN,
  view: { x: 0, y: 0, k: 10 },
  t: 0.5,
  style: {
    radius: 3,
    opacity: 1,
    outline: 1,
    dimmedRadius: 3,
    dimmedOpacity: 0.5,
    dimmedOutline: 1,
    dimmedFade: 0.5,
    outlineWidth: 1,
    background: WHITE,
  },
};
