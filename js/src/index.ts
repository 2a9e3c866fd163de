/**
 * The anywidget module; each widget loads its own. It is as small as possible, and `initialize` returns at once:
 * anywidget 0.9.21 and newer allow 2 s for both, too little for 24 widgets in one cell if each brings all of the
 * view's code. That code is `bundle.ts`, which `loading.ts` fetches.
 */
import type { AnyModel } from "@anywidget/types";
import type * as bundle from "./bundle";
import type { Store } from "./store/store";
import { hear } from "./wire/hearing";
import { load } from "./wire/loading";
import type { Traits } from "./wire/traits";

type Bundle = typeof bundle;

/** Milliseconds after which an empty place says why it is empty. */
const PATIENCE = 10_000;
const MISSING = "The map is waiting for its code from Python. If nothing appears, run the cell again.";

// anywidget hands each function a different proxy of the model, so they share a closure.
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
