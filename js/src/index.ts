/** The anywidget module: initialize makes the store of a model, render shows it. */
import type { AnyModel } from "@anywidget/types";
import { mount } from "./app/App";
import type { Traits } from "./protocol";
import { Store } from "./store";

// anywidget hands a different proxy of the model to each function: the closure is what they share.
export default () => {
  let store: Store;
  return {
    initialize({ model }: { model: AnyModel<Traits> }) {
      store = new Store(model);
      return () => store.destroy();
    },
    render({ el }: { el: HTMLElement }) {
      return mount(store, el);
    },
  };
};
