/** Questions to Python that only their asker wants answered. */
import type { FromPython, Query } from "../wire/protocol";
import type { Replies, Reply } from "../wire/replies";
import { checkReply } from "../wire/replyChecks";
import type { Channel } from "./channel";

interface Waiting {
  query: Query;
  /** Told while it waits, from 0 to 1. */
  advance(share: number): void;
  resolve(reply: Reply<unknown>): void;
  reject(error: Error): void;
}

const NO_KERNEL = "there is no kernel";

export class Queries {
  private readonly waiting = new Map<number, Waiting>();

  /** `n`: the number of points; `answered`: whether anybody can answer; `asked` is called after each question. */
  constructor(
    private readonly channel: Channel,
    private readonly n: number,
    private readonly answered: () => boolean,
    private readonly asked: () => void,
  ) {}

  /** How many questions have no answer yet. */
  get size(): number {
    return this.waiting.size;
  }

  /** Rejects with Python's reason if it cannot answer, or when the kernel is gone. */
  ask<Q extends Query>(
    query: Q,
    advance: (share: number) => void = () => {},
  ): Promise<Reply<Replies[Q["name"]]>> {
    const answer = new Promise<Reply<unknown>>((resolve, reject) => {
      if (this.answered()) this.send({ query, advance, resolve, reject });
      else reject(new Error(NO_KERNEL));
    });
    return answer as Promise<Reply<Replies[Q["name"]]>>;
  }

  take({ client, id, error, result, buffers }: Extract<FromPython, { type: "reply" }>): void {
    const waiting = client === this.channel.client ? this.waiting.get(id) : undefined;
    if (!waiting) return; // another client's, or one that nobody waits for
    this.waiting.delete(id);
    if (error !== null) {
      waiting.reject(new Error(error));
      return;
    }
    try {
      checkReply(waiting.query.name, result, buffers, this.n);
      waiting.resolve({ result, buffers });
    } catch (wrong) {
      console.warn("tsne_widget: a reply from Python was refused:", wrong);
      waiting.reject(new Error("Python's answer was not understood"));
    }
  }

  takeProgress({ client, id, share }: Extract<FromPython, { type: "progress" }>): void {
    if (client === this.channel.client) this.waiting.get(id)?.advance(share);
  }

  /** Uses new numbers, because Python refuses a number it has seen. */
  askAgain(): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of waiting) this.send(one);
  }

  drop(): void {
    for (const { reject } of this.waiting.values()) reject(new Error(NO_KERNEL));
    this.waiting.clear();
  }

  private send(waiting: Waiting): void {
    const id = this.channel.number();
    this.waiting.set(id, waiting);
    this.channel.send({ type: "query", client: this.channel.client, id, query: waiting.query });
    this.asked();
  }
}
