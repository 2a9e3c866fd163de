/** The view's code, which a page loads once for all widgets (`loading.ts`). */

export { Store } from "./store/store";
export { mount } from "./ui/App";
