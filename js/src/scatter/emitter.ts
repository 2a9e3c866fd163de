/** Typed events. Subscribing returns how to unsubscribe. */
export class Emitter<Events> {
  private readonly listeners = new Map<keyof Events, Set<(event: never) => void>>();

  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
    // A wrapper makes the same function, subscribed twice, two subscriptions.
    const own = (event: Events[K]) => listener(event);
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(own));
    return () => {
      set.delete(own);
    };
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      (listener as (event: Events[K]) => void)(event);
    }
  }

  get size(): number {
    let total = 0;
    for (const set of this.listeners.values()) total += set.size;
    return total;
  }

  clear(): void {
    for (const set of this.listeners.values()) set.clear();
    this.listeners.clear();
  }
}
