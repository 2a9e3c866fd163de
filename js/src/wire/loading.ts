/** Loads the view's code: from a model that all widgets share, or else from Python itself. */
import type { AnyModel } from "@anywidget/types";
import type { Traits } from "./traits";

type Model = AnyModel<Pick<Traits, "_bundle">>;

/** Milliseconds within which a host hands out a model that it has; after that, the interval of requests to Python. */
const GRACE = 1000;
const AGAIN = 10_000;
const REFERENCE = /^IPY_MODEL_/;

/**
 * Modules evaluated in this page, by hash. The page holds them because modules of different widgets share nothing
 * else.
 */
const PLACE = Symbol.for("tsne_widget");
const page = globalThis as { [PLACE]?: Map<string, Promise<unknown>> };

/** Resolves with the code, which a page evaluates once. Never resolves if `signal` is aborted first. */
export async function load<Bundle>(
  model: Model,
  signal: AbortSignal,
  evaluate: (text: string) => Promise<Bundle> = evaluated<Bundle>,
): Promise<Bundle> {
  page[PLACE] ??= new Map();
  const there = page[PLACE];
  const { hash } = model.get("_bundle");
  const search = new Search(model);
  for (let pause = GRACE; !there.has(hash); pause = AGAIN) {
    const text = await within(pause, search.text);
    if (there.has(hash)) break;
    if (signal.aborted) {
      search.end();
      return new Promise(() => {});
    }
    if (text === null) search.askPython();
    else there.set(hash, evaluate(text));
  }
  search.end();
  return there.get(hash) as Promise<Bundle>;
}

/** Some hosts know no such model, or none that another session has made; then Python hands the code over. */
class Search {
  readonly text: Promise<string>;
  private found: (text: string) => void = () => {};

  constructor(private readonly model: Model) {
    this.text = new Promise((resolve) => {
      this.found = resolve;
    });
    model.on("msg:custom", this.take);
    this.lookUp();
  }

  askPython(): void {
    try {
      this.model.send({ type: "bundle" });
    } catch {
      // The connection is cut; the next attempt may succeed.
    }
  }

  end(): void {
    this.model.off("msg:custom", this.take);
  }

  private readonly take = (content: { type?: unknown; hash?: unknown; text?: unknown } | null) => {
    if (content?.type !== "bundle" || content.hash !== this.model.get("_bundle").hash) return;
    this.found(String(content.text));
  };

  private async lookUp(): Promise<void> {
    const id = this.model.get("_bundle").model.replace(REFERENCE, "");
    try {
      const shared = await this.model.widget_manager.get_model<{ text: string }>(id);
      this.found(shared.get("text"));
    } catch {
      // The host does not have the model.
    }
  }
}

async function evaluated<Bundle>(text: string): Promise<Bundle> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const module = await import(/* @vite-ignore */ url);
  URL.revokeObjectURL(url);
  return module;
}

/** Resolves with the promise's value, or with null after so many milliseconds. */
function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, milliseconds, null));
  return Promise.race([promise, late]);
}
