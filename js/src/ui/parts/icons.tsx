/** The toolbar's icons, drawn on a 16-pixel grid. */
import type { JSX } from "preact";

function icon(path: string, filled = true): () => JSX.Element {
  const paint = filled
    ? { fill: "currentColor" }
    : ({
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 1.6,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      } as const);
  return () => (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {...paint}>
      <path d={path} />
    </svg>
  );
}

export const PlayIcon = icon("M4 2.5v11l9-5.5z");
export const PauseIcon = icon("M4 2.5h3v11H4zM9 2.5h3v11H9z");
export const StepIcon = icon("M3 2.5v11l7-5.5zM11 2.5h2v11h-2z");
export const RestartIcon = icon("M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3", false);
export const NextIcon = icon("M3 8h9M8.5 4.5 12 8l-3.5 3.5", false);
export const LassoIcon = icon(
  "M8 3c3.3 0 5.5 1.5 5.5 3.6S11.3 10.3 8 10.3 2.5 8.700 2.5 6.6 4.700 3 8 3zM5 10c-1.5.8-1.3 2.3 0 2.5 1.3.2 1 1.4.3 1.800",
  false,
);
export const PanIcon = icon(
  "M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  false,
);
export const FitIcon = icon("M2 8.300 8 3l6 5.300M4 7.500V13h8V7.500", false);
export const FullScreenIcon = icon("M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10", false);
export const WindowIcon = icon("M6 2.5V6H2.5M10 2.5V6h3.5M13.5 10H10v3.5M2.5 10H6v3.5", false);
export const PlusIcon = icon("M8 3v10M3 8h10", false);
export const MinusIcon = icon("M3 8h10", false);
export const ShareIcon = icon("M6.5 3H3v10h10V9.500M9.500 2.500h4v4M13.300 2.700 7.500 8.500", false);
export const LinkIcon = icon(
  "M6.5 9.5l3-3M7.5 4.5l1.3-1.3a2.6 2.6 0 0 1 3.900 3.900L11.200 8.5M8.5 11.5l-1.3 1.3a2.6 2.6 0 0 1-3.900-3.900L4.800 7.5",
  false,
);
export const AlignIcon = icon(
  "M8 1.5v13M2.5 8a5.5 5.5 0 0 1 2.5-4.5M13.5 8a5.5 5.5 0 0 1-2.5 4.5M5 6V3.3H2.4M11 10v2.700h2.6",
  false,
);
export const ReferenceIcon = icon("M8 1.5v13M4 5.5 8 1.5l4 4M3 14.5h10", false);
export const MenuIcon = icon(
  "M8 2.5a1.4 1.4 0 1 1 0 2.800 1.4 1.4 0 0 1 0-2.800zM8 6.6a1.4 1.4 0 1 1 0 2.800 1.4 1.4 0 0 1 0-2.800zM8 10.700a1.4 1.4 0 1 1 0 2.800 1.4 1.4 0 0 1 0-2.800z",
);
export const RectangleIcon = icon("M2.5 4h11v8h-11zM2.5 4h.01M13.5 12h.01", false);
export const SelectIcon = icon(
  "M2.5 5v-2.5h2.5M11 2.5h2.5v2.5M13.5 11v2.5h-2.5M5 13.5h-2.5v-2.5M6 8h4M8 6v4",
  false,
);
export const RowsIcon = icon("M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.700h11M6 3v10", false);
export const EditIcon = icon("M3 13l.6-2.6 7-7 2 2-7 7zM9.5 4.5l2 2", false);
export const DeleteIcon = icon("M4 4l8 8M12 4l-8 8", false);
export const AcceptIcon = icon("M3 8.5 6.5 12 13 4.5", false);
export const SaveIcon = icon("M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11", false);
export const TargetIcon = icon("M8 3.5a4.5 4.5 0 1 0 .01 0M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3", false);
export const IsolateIcon = icon(
  "M1.5 8C4 3.5 12 3.5 14.5 8 12 12.5 4 12.5 1.500 8zM8 6.3a1.7 1.7 0 1 0 .01 0",
  false,
);
export const LookIcon = icon("M2 5h5M11 5h3M2 11h2M8 11h6M9 3.3v3.4M6 9.3v3.4", false);
