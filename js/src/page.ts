/** Runs in a saved page: the same view as in a notebook, without Python behind it. */

import { SavedModel } from "./store/saved";
import { Store } from "./store/store";
import { mount } from "./ui/App";

const element = (id: string) => document.getElementById(id) as HTMLElement;

const saved = new SavedModel(JSON.parse(element("saved").textContent ?? ""));
mount(new Store(saved.asModel(), "saved", saved.placer), element("view"));
