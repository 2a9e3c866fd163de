/** A view of a fake Python, without components: a test renders those it is about. */
import { render } from "preact";
import { act } from "preact/test-utils";
import { onTestFinished } from "vitest";
import { Store } from "../../src/store/store";
import { View } from "../../src/view/view";
import type { Traits } from "../../src/wire/traits";
import { fakePopovers } from "./popovers";
import { FakePython } from "./python";

export type Mounted = ReturnType<typeof mountView>;

/** Lasts until the test has finished. */
export function mountView(traits: Partial<Traits> = {}) {
  fakePopovers();
  const python = new FakePython();
  Object.assign(python.model.traits, traits);
  const store = new Store(python.model.asModel());
  const root = document.body.appendChild(document.createElement("div"));
  const show = (...elements: Parameters<typeof render>[0][]) => act(() => render(elements, root));
  onTestFinished(() => {
    render(null, root);
    root.remove();
    store.destroy();
  });
  return { python, store, root, view: new View(store, root), show };
}
