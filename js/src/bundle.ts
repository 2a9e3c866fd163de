/** The view's code, of which a page has one for all widgets (`loading.ts`). */

export { Store } from "./store/store";
export { mount } from "./ui/App";
