/** The pictures of rows as small bitmaps: asked for in batches as the maps need them, and remembered. */
import { signal } from "@preact/signals";
import type { Sight, Thumbnail } from "../scatter";
import type { Question } from "../store/latest";
import type { Store } from "../store/store";
import { encodedIn, pixelsIn } from "../wire/pictures";
import type { PictureCell } from "../wire/replies";

/** How many rows one question is about: soon enough there, also if their pictures are large. */
const BATCH = 24;
/** Pixels of the longer side that are kept: enough for the largest picture on a sharp screen. */
const LONGEST = 144;
/** How many pixels are kept, and for each map as many again as it may have in view: else they would come and go. */
const KEPT = 20_000_000;
const KEPT_IN_VIEW = 10_000_000;

export class Thumbnails {
  /** Rises whenever pictures have come. */
  readonly version = signal(0);
  /** What the maps have in view, by run. */
  readonly sights = signal<ReadonlyMap<number, Sight>>(new Map());
  /** Why a picture is missing; empty if none is. */
  readonly error = signal("");
  /** null: the row has no picture. The oldest come first. */
  private readonly known = new Map<number, Thumbnail | null>();
  private pixels = 0;
  private missing = "";
  private asking = false;

  constructor(private readonly store: Store) {}

  /** undefined: not there yet. */
  of = (row: number): Thumbnail | null | undefined => this.known.get(row);

  /** Asks for what the maps lack now; what they lacked before may have left the view. */
  take(sights: ReadonlyMap<number, Sight>): void {
    this.sights.value = sights;
    void this.ask();
  }

  private async ask(): Promise<void> {
    const rows = this.wanted();
    if (this.asking || rows.length === 0 || !this.store.tellsRows.peek()) return;
    this.asking = true;
    const query: Question<"rows"> = { name: "rows", rows, sort: null, offset: 0, limit: BATCH, columns: [] };
    try {
      const { result, buffers } = await this.store.ask(query);
      const cells = result.images ?? [];
      const made = await Promise.all(rows.map((_, i) => thumbnailOf(cells[i] ?? null, buffers)));
      rows.forEach((row, i) => {
        this.keep(row, made[i]);
      });
      this.missing = result.image_error ?? this.missing;
      this.error.value = this.missing;
      this.forget();
      this.version.value++; // the maps then say what they still lack
    } catch (refused) {
      this.error.value = refused instanceof Error ? refused.message : String(refused);
    }
    this.asking = false;
    if (rows.every((row) => this.known.has(row))) void this.ask();
  }

  /** The maps take turns, each with what is nearest to its middle. */
  private wanted(): number[] {
    const lists = [...this.sights.peek().values()].map(({ wanted }) => wanted);
    const rows = new Set<number>();
    const longest = Math.max(0, ...lists.map(({ length }) => length));
    for (let i = 0; i < longest && rows.size < BATCH; i++)
      for (const list of lists)
        if (i < list.length && rows.size < BATCH && !this.known.has(list[i])) rows.add(list[i]);
    return [...rows];
  }

  private keep(row: number, made: Thumbnail | null): void {
    this.known.set(row, made);
    this.pixels += sizeOf(made);
  }

  /** Drops the oldest. */
  private forget(): void {
    const most = KEPT + KEPT_IN_VIEW * this.sights.peek().size;
    for (const [row, made] of this.known) {
      if (this.pixels <= most) return;
      this.known.delete(row);
      this.pixels -= sizeOf(made);
    }
  }
}

function sizeOf(made: Thumbnail | null): number {
  return made ? made.width * made.height : 0;
}

/** null: there is none, or the browser cannot read it. */
async function thumbnailOf(
  cell: PictureCell | null,
  buffers: readonly DataView[],
): Promise<Thumbnail | null> {
  const bytes = cell && buffers[cell.buffer];
  const source = bytes && (cell.kind === "raw" ? pixelsIn(cell, bytes) : encodedIn(cell, bytes));
  if (!source) return null;
  try {
    const whole = await createImageBitmap(source);
    const longest = Math.max(whole.width, whole.height);
    if (longest <= LONGEST) return whole;
    const size = (pixels: number) => Math.max(1, Math.round((pixels * LONGEST) / longest));
    const [resizeWidth, resizeHeight] = [size(whole.width), size(whole.height)];
    const small = await createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: "high" });
    whole.close();
    return small;
  } catch {
    return null;
  }
}
