/** A picture of a row: pixels on a canvas, or a file that the browser decodes. Nothing in it ever runs. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PictureCell } from "../../wire/replies";

/** The encoded formats that are shown; SVG, which can hold scripts, is not one of them. */
const MIMES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

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
  if (!MIMES.includes(cell.mime)) return <span class="tw-note">{cell.mime} is not shown</span>;
  return <Encoded mime={cell.mime} bytes={bytes} size={size} label={label} />;
}

type Raw = Extract<PictureCell, { kind: "raw" }>;

interface PartProps {
  bytes: DataView;
  size: number;
  label: string;
}

function Pixels({ cell, bytes, size, label }: PartProps & { cell: Raw }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, channels } = cell;
  const whole = width > 0 && height > 0 && bytes.byteLength === width * height * channels;
  useLayoutEffect(() => {
    const context = whole && canvas.current?.getContext("2d");
    if (context) context.putImageData(new ImageData(rgba(bytes, channels), width, height), 0, 0);
  }, [bytes, width, height, channels]);
  if (!whole) return <span class="tw-note">no picture</span>;
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

function Encoded({ mime, bytes, size, label }: PartProps & { mime: string }) {
  const [url, setUrl] = useState("");
  const [natural, setNatural] = useState<{ width: number; height: number } | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as DataView<ArrayBuffer>], { type: mime }));
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

/** Bytes of 1 (grey), 3 or 4 channels as a canvas wants them. */
export function rgba(bytes: DataView, channels: 1 | 3 | 4): Uint8ClampedArray<ArrayBuffer> {
  const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixels = source.length / channels;
  const target = new Uint8ClampedArray(4 * pixels).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    const to = 4 * pixel;
    target[to] = source[from];
    target[to + 1] = source[channels === 1 ? from : from + 1];
    target[to + 2] = source[channels === 1 ? from : from + 2];
    if (channels === 4) target[to + 3] = source[from + 3];
  }
  return target;
}
