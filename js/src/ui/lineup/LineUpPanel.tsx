/** One panel of a line-up: grey points without anything that names them, and after the pick what it is. */
import { useEffect, useRef } from "preact/hooks";
import { drawGrey } from "../../scatter";
import { Plain } from "../parts/Button";

interface Props {
  places: Float32Array;
  number: number;
  /** CSS pixels. */
  side: number;
  /** Whether Tab leads here. */
  reached: boolean;
  /** Known after the pick. */
  told: { map: boolean; picked: boolean } | null;
  background: string;
  onPick: () => void;
}

export function LineUpPanel({ places, number, side, reached, told, background, onPick }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.current && side > 0) drawGrey(canvas.current, places, { side, ratio, background });
  }, [places, side, background]);
  const words = told && `${told.map ? "your map" : "noise"}${told.picked ? ", your pick" : ""}`;
  return (
    <Plain
      class="tw-lineup-panel"
      tabIndex={reached ? 0 : -1}
      aria-label={`Panel ${number}${words ? `, ${words}` : ""}`}
      aria-disabled={told !== null}
      data-mark={told?.map ? "map" : told?.picked ? "wrong" : ""}
      onClick={onPick}
    >
      <canvas ref={canvas} style={{ width: `${side}px`, height: `${side}px` }} />
      <span>
        {number}
        {words && `: ${words}`}
      </span>
    </Plain>
  );
}
