/** A picture of a row: pixels on a canvas, or a file that the browser decodes. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { encodedIn, isShown, pixelsIn } from "../../wire/pictures";
import type { PictureCell } from "../../wire/replies";

interface PictureProps {
  cell: PictureCell;
  /** The reply's buffers, one of which holds its bytes. */
  buffers: readonly DataView[];
  /** The longer side in CSS pixels. */
  size: number;
  /** For screen readers; empty if the text beside it says the same. */
  label?: string;
}

export function Picture({ cell, buffers, size, label = "" }: PictureProps) {
  const bytes = buffers[cell.buffer];
  if (!bytes) return <span class="tw-note">no picture</span>;
  if (cell.kind === "raw") return <Pixels cell={cell} bytes={bytes} size={size} label={label} />;
  if (!isShown(cell)) return <span class="tw-note">{cell.mime} is not shown</span>;
  return <File cell={cell} bytes={bytes} size={size} label={label} />;
}

type Raw = Extract<PictureCell, { kind: "raw" }>;
type Encoded = Extract<PictureCell, { kind: "encoded" }>;

interface PartProps {
  bytes: DataView;
  size: number;
  label: string;
}

function Pixels({ cell, bytes, size, label }: PartProps & { cell: Raw }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, channels } = cell;
  const pixels = useMemo(() => pixelsIn(cell, bytes), [bytes, width, height, channels]);
  useLayoutEffect(() => {
    if (pixels) canvas.current?.getContext("2d")?.putImageData(pixels, 0, 0);
  }, [pixels]);
  if (!pixels) return <span class="tw-note">no picture</span>;
  return (
    <canvas
      class="tw-picture"
      ref={canvas}
      width={width}
      height={height}
      style={shown(width, height, size)}
      role={label ? "img" : undefined}
      aria-label={label || undefined}
      aria-hidden={!label}
    />
  );
}

function File({ cell, bytes, size, label }: PartProps & { cell: Encoded }) {
  const { mime } = cell;
  const [url, setUrl] = useState("");
  const [natural, setNatural] = useState<{ width: number; height: number } | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(encodedIn(cell, bytes) as Blob);
    setUrl(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [bytes, mime]);
  if (broken) return <span class="tw-note">no picture</span>;
  // Keeps the place free while the browser decodes it.
  if (!url) return <span class="tw-picture" style={{ width: `${size}px`, height: `${size}px` }} />;
  return (
    <img
      class="tw-picture"
      src={url}
      alt={label}
      style={
        natural ? shown(natural.width, natural.height, size) : { width: `${size}px`, height: `${size}px` }
      }
      onLoad={({ currentTarget: image }) =>
        setNatural({ width: image.naturalWidth, height: image.naturalHeight })
      }
      onError={() => setBroken(true)}
    />
  );
}

/** Its longer side fills `size`; small ones grow by whole numbers to keep pixels square. */
function shown(width: number, height: number, size: number) {
  const ratio = size / Math.max(width, height);
  const scale = ratio > 1 ? Math.floor(ratio) : ratio;
  return {
    width: `${Math.max(1, width * scale)}px`,
    height: `${Math.max(1, height * scale)}px`,
    imageRendering: scale > 1 ? "pixelated" : "auto",
  };
}
