/** Saves what a view shows as files. */
import { cssToRgb } from "../../scatter";
import type { View } from "../../view/view";
import { asImage, asPixels, asSvg, type Inks } from "./drawing";
import { sceneOf } from "./scene";

/** Pixels of a bitmap per CSS pixel. */
const SHARPNESS = 2;
/** Above this many points in all maps together, a drawing holds a bitmap: so many shapes are slow to open. */
const LARGEST_DRAWN = 20_000;

export async function savePng(view: View): Promise<void> {
  const { scatter } = view;
  if (!scatter) return;
  const canvas = asPixels(sceneOf(view), scatter.bitmap(SHARPNESS), inksOf(view), SHARPNESS);
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!file) throw new Error("this browser cannot make a picture of that size");
  download(file, "map.png");
}

export function saveSvg(view: View): void {
  const { scatter } = view;
  if (!scatter) return;
  const points = isDrawn(view) ? scatter.shapes() : asImage(scatter.bitmap(SHARPNESS), SHARPNESS);
  const text = new XMLSerializer().serializeToString(asSvg(sceneOf(view), points, inksOf(view)));
  download(new Blob([text], { type: "image/svg+xml" }), "map.svg");
}

/** Whether each point is a separate shape in a drawing. */
export function isDrawn({ store }: View): boolean {
  return store.points.n * store.maps.value.length <= LARGEST_DRAWN;
}

/** The page without Python, which Python makes. `place`: whether it places new rows; `images`: holds pictures. */
export async function saveHtml({ store }: View, place: boolean, images: boolean): Promise<void> {
  const { buffers } = await store.ask({ name: "html", columns: store.tooltip.peek(), place, images });
  download(new Blob([buffers[0] as DataView<ArrayBuffer>], { type: "text/html" }), "map.html");
}

function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Opaque: not every program that opens a drawing knows transparent colours. */
function inksOf({ root, theme }: View): Inks {
  const style = getComputedStyle(root);
  const body = root.querySelector(".tw-body") as HTMLElement;
  const background = cssToRgb(theme.peek()?.background ?? style.backgroundColor, body);
  const ink = (color: string) => `rgb(${cssToRgb(color, body, background)})`;
  return {
    background: `rgb(${background})`,
    plain: ink(style.color),
    muted: ink("var(--tw-muted)"),
    warning: ink("var(--tw-warn)"),
  };
}
