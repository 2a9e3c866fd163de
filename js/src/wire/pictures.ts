/** Pictures of rows as the browser takes them: pixels, or a file that it decodes. Nothing in them ever runs. */
import type { PictureCell } from "./replies";

/** The encoded formats that are shown; SVG, which can hold scripts, is not one of them. */
const MIMES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

type Raw = Extract<PictureCell, { kind: "raw" }>;
type Encoded = Extract<PictureCell, { kind: "encoded" }>;

export function isShown({ mime }: Encoded): boolean {
  return MIMES.includes(mime);
}

/** null: the bytes are not as many as its size says. */
export function pixelsIn({ width, height, channels }: Raw, bytes: DataView): ImageData | null {
  const whole = width > 0 && height > 0 && bytes.byteLength === width * height * channels;
  return whole ? new ImageData(rgba(bytes, channels), width, height) : null;
}

/** null: the format is not shown. */
export function encodedIn(cell: Encoded, bytes: DataView): Blob | null {
  return isShown(cell) ? new Blob([bytes as DataView<ArrayBuffer>], { type: cell.mime }) : null;
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
