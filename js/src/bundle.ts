/** The view's code, of which a page has one for all widgets (`loading.ts`). */
export { mount } from "./app/App";
export { Store } from "./store/store";
