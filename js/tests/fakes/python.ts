/** A fake Python that is asked, and answers when a test has it do so. */
import { setImmediate as turn } from "node:timers/promises";
import { act } from "preact/test-utils";
import { rowsToWire } from "../../src/wire/bytes";
import type { Query } from "../../src/wire/protocol";
import type { Replies } from "../../src/wire/replies";
import type { FilterTrait } from "../../src/wire/traits";
import { type FakeModel, threePoints } from "./model";

export class FakePython {
  /** With 120 rows, each with an index label. */
  readonly model: FakeModel = threePoints();
  private readonly answered = new Set<number>();

  constructor() {
    this.model.traits._points = {
      n: 120,
      features: 2,
      note: "",
      doubt: "",
      weights: "",
      saved: true,
      known: "rows",
    };
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

  /** How many questions wait for their answer. */
  get waiting(): number {
    return this.unanswered().length;
  }

  isAsked(name: Query["name"]): boolean {
    return this.unanswered().some(({ query }) => query.name === name);
  }

  /** Answers the oldest question that waits. */
  async answer<Name extends Query["name"]>(result: Replies[Name], ...buffers: DataView[]): Promise<void> {
    await this.reply(this.unanswered()[0], { error: null, result }, buffers);
  }

  /** Answers the oldest question of a name. */
  async answerTo<Name extends Query["name"]>(
    name: Name,
    result: Replies[Name],
    ...buffers: DataView[]
  ): Promise<void> {
    const question = this.unanswered().find(({ query }) => query.name === name);
    if (!question) throw new Error(`nobody asks for ${name}`);
    await this.reply(question, { error: null, result }, buffers);
  }

  /** Refuses the oldest question, or the oldest of a name. */
  async refuse(error: string, name?: Query["name"]): Promise<void> {
    const [question] = this.unanswered().filter(({ query }) => !name || query.name === name);
    await this.reply(question, { error, result: null }, []);
  }

  /** Answers questions for batches of the selection until none waits. */
  async answerBatches(): Promise<void> {
    for (;;) {
      const query = this.unanswered().find(({ query }) => query.name === "rows")?.query;
      if (query?.name !== "rows") return;
      await this.answerTo("rows", this.batch(query));
    }
  }

  async select(...rows: number[]): Promise<void> {
    await act(() => this.model.set("selection", rowsToWire(Int32Array.from(rows)) as never));
  }

  batch({ rows, offset, limit, columns }: Extract<Query, { name: "rows" }>): Replies["rows"] {
    const selection = new Int32Array((this.model.get("selection") as DataView).buffer);
    const { n } = this.model.get("_points") as { n: number };
    const everything = Array.from({ length: n }, (_, row) => row);
    const bits = (this.model.get("_filter") as FilterTrait | null)?.bits;
    const passing = everything.filter((row) => !bits || (bits.getUint8(row >> 3) >> (row & 7)) & 1);
    const all = rows ?? (selection.length > 0 ? [...selection] : passing);
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

  private unanswered() {
    return this.model.of("query").filter(({ id }) => !this.answered.has(id));
  }

  private async reply(
    { client, id }: { client: string; id: number },
    content: { error: string | null; result: unknown },
    buffers: DataView[],
  ): Promise<void> {
    this.answered.add(id);
    await act(async () => {
      this.model.say({ type: "reply", client, id, ...content }, ...buffers);
      await turn(); // promises that wait for it
    });
  }
}
