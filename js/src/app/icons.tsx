/** The toolbar's icons, drawn on a grid of 16. */
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
  "M8 3c3.3 0 5.5 1.5 5.5 3.6S11.300 10.300 8 10.300 2.500 8.700 2.500 6.600 4.700 3 8 3zM5 10c-1.500.8-1.300 2.300 0 2.500 1.300.2 1 1.400.3 1.800",
  false,
);
export const PanIcon = icon(
  "M8 1.500v13M1.500 8h13M6 3.500l2-2 2 2M6 12.500l2 2 2-2M3.500 6l-2 2 2 2M12.500 6l2 2-2 2",
  false,
);
export const FitIcon = icon("M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10", false);
export const LinkIcon = icon(
  "M6.500 9.500l3-3M7.500 4.500l1.300-1.300a2.600 2.600 0 0 1 3.900 3.900L11.200 8.500M8.500 11.500l-1.300 1.300a2.600 2.600 0 0 1-3.900-3.900L4.800 7.500",
  false,
);
export const AlignIcon = icon(
  "M8 1.500v13M2.500 8a5.500 5.500 0 0 1 2.500-4.500M13.500 8a5.500 5.500 0 0 1-2.500 4.500M5 6V3.300H2.400M11 10v2.700h2.600",
  false,
);
export const ReferenceIcon = icon("M8 1.500v13M4 5.500 8 1.500l4 4M3 14.500h10", false);
export const MenuIcon = icon(
  "M8 2.500a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800zM8 6.600a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800zM8 10.700a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800z",
);
