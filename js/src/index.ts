/**
 * The anywidget module, of which each widget has its own. It is as small as can be, and `initialize` returns at
 * once: anywidget 0.9.21 and newer give a widget 2 s for both, which 24 widgets in one cell do not have if each
 * brings all of the view's code. That is `bundle.ts`, and comes by `loading.ts`.
 */
import type { AnyModel } from "@anywidget/types";
import type * as bundle from "./bundle";
import type { Store } from "./store/store";
import { hear } from "./wire/hearing";
import { load } from "./wire/loading";
import type { Traits } from "./wire/traits";

type Bundle = typeof bundle;

/** Milliseconds after which a place that is still empty says why. */
const PATIENCE = 10_000;
const MISSING = "The map waits for its code, which Python sends: if nothing comes, run the cell again.";

// anywidget hands a different proxy of the model to each function: the closure is what they share.
export default () => {
  let opened: Promise<[Bundle, Store]>;
  return {
    initialize({ model }: { model: AnyModel<Traits> }) {
      const ended = new AbortController();
      opened = load<Bundle>(model, ended.signal).then((bundle) => [bundle, new bundle.Store(model)]);
      hear(model, async () => (await opened)[1].startOver());
      return () => {
        ended.abort();
        opened.then(([, store]) => store.destroy());
      };
    },
    async render({ el }: { el: HTMLElement }) {
      const impatience = setTimeout(() => {
        el.textContent = MISSING;
      }, PATIENCE);
      const [{ mount }, store] = await opened;
      clearTimeout(impatience);
      el.textContent = "";
      return mount(store, el);
    },
  };
};
