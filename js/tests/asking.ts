/** A fake Python that is asked, and answers when a test has it do so. */
import { setImmediate as turn } from "node:timers/promises";
import { act } from "preact/test-utils";
import { rowsToWire } from "../src/wire/bytes";
import type { Query } from "../src/wire/protocol";
import type { Replies } from "../src/wire/replies";
import { type FakeModel, threePoints } from "./model";

export class FakePython {
  /** With 120 rows, each with an index label. */
  readonly model: FakeModel = threePoints();
  private answered = 0;

  constructor() {
    this.model.traits._points = { n: 120, features: 2, note: "", weights: "", saved: true, known: "rows" };
    this.model.traits._rows = { index: "id", image: false };
    this.model.traits._groups = [];
    this.model.traits._columns = [
      { name: "width", type: "number", feature: true },
      { name: "height", type: "number", feature: true },
      { name: "species", type: "category", feature: false },
    ];
  }

  /** All that was asked. */
  get asked(): Query[] {
    return this.model.of("query").map(({ query }) => query);
  }

  /** Questions that wait for their answer. */
  get waiting(): number {
    return this.asked.length - this.answered;
  }

  /** Answers the oldest question that waits. */
  async answer<Name extends Query["name"]>(result: Replies[Name], ...buffers: DataView[]): Promise<void> {
    await this.reply({ error: null, result }, buffers);
  }

  async refuse(error: string): Promise<void> {
    await this.reply({ error, result: null }, []);
  }

  /** Answers questions for pages of the selection until none waits. */
  async answerPages(): Promise<void> {
    while (this.waiting > 0) {
      const query = this.asked[this.answered];
      if (query.name !== "rows") throw new Error(`asked for ${query.name}`);
      await this.answer(this.page(query));
    }
  }

  async select(...rows: number[]): Promise<void> {
    await act(() => this.model.set("selection", rowsToWire(Int32Array.from(rows)) as never));
  }

  page({ rows, offset, limit, columns }: Extract<Query, { name: "rows" }>): Replies["rows"] {
    const selection = new Int32Array((this.model.get("selection") as DataView).buffer);
    const all = rows ?? [...selection];
    const positions = all.slice(offset, offset + limit);
    return {
      total: all.length,
      positions,
      index: positions.map((row) => `id ${row}`),
      columns: columns.map((name) => {
        const type = name === "species" ? "category" : "number";
        return {
          name,
          type,
          values: positions.map((row) => (type === "number" ? row / 4 : `species ${row}`)),
        };
      }),
      images: null,
      image_error: null,
    };
  }

  private async reply(
    content: { error: string | null; result: unknown },
    buffers: DataView[],
  ): Promise<void> {
    const { page, id } = this.model.of("query")[this.answered++];
    await act(async () => {
      this.model.say({ type: "reply", page, id, ...content }, ...buffers);
      await turn(); // promises that wait for it
    });
  }
}
