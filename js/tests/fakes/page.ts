/** The whole view as a user has it, in happy-dom and with a fake Python behind it; maps are not drawn. */
import { act } from "preact/test-utils";
import { vi } from "vitest";
import { Store } from "../../src/store/store";
import { mount } from "../../src/ui/App";
import type { DrawerTab, View } from "../../src/view/view";
import type { Traits } from "../../src/wire/traits";
import { layoutOf, news } from "./model";
import { fakePopovers } from "./popovers";
import { FakePython } from "./python";

export class FakePage {
  readonly root: HTMLElement;
  readonly store: Store;
  readonly view: View;
  private readonly leave: () => void;

  private constructor(readonly python: FakePython) {
    fakePopovers();
    this.store = new Store(python.model.asModel());
    const added = vi.spyOn(this.store, "addView");
    const host = document.body.appendChild(document.createElement("div"));
    this.leave = mount(this.store, host);
    this.view = added.mock.calls[0][0] as View;
    this.root = this.view.root;
  }

  /** Shows a map that stands still, of 120 rows but for other traits. */
  static async open(traits: Partial<Traits> = {}): Promise<FakePage> {
    const python = new FakePython();
    Object.assign(python.model.traits, traits);
    let page: FakePage | undefined;
    await act(() => {
      page = new FakePage(python);
    });
    const { n } = python.model.traits._points ?? { n: 0 };
    const stands = { iteration: 1000, playing: false };
    const runs = (python.model.traits._runs ?? []).map(({ run }) => ({ ...stands, run }));
    const layouts = runs.map(() => layoutOf(...Array.from({ length: 2 * n }, (_, i) => i % 7)));
    await act(() => python.model.say(news(1, ...runs), ...layouts));
    return page as FakePage;
  }

  close(): void {
    this.leave();
    this.store.destroy();
    document.body.replaceChildren();
  }

  find = (selector: string): HTMLElement => this.root.querySelector<HTMLElement>(selector) as HTMLElement;
  all = (selector: string): HTMLElement[] => [...this.root.querySelectorAll<HTMLElement>(selector)];
  texts = (selector: string): (string | null)[] => this.all(selector).map((each) => each.textContent);
  /** What begins with a label, or a button with these words. */
  named = (label: string): HTMLElement =>
    this.find(`[aria-label^=${JSON.stringify(label)}]`) ??
    this.all("button").find((button) => button.textContent?.trim().startsWith(label));

  click = (target: string | HTMLElement, keys: MouseEventInit = {}): Promise<void> =>
    act(() => {
      const element = typeof target === "string" ? this.named(target) : target;
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, ...keys }));
    });

  key = (target: HTMLElement, key: string, keys: KeyboardEventInit = {}): Promise<void> =>
    act(
      () =>
        void target.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...keys }),
        ),
    );

  /** Puts a value into a field, or picks it, as typing or a click on it would. */
  fill = (field: HTMLElement, value: string): Promise<void> =>
    act(() => {
      (field as HTMLInputElement).value = value;
      for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
    });

  set = <Name extends keyof Traits>(name: Name, value: Traits[Name]): Promise<void> =>
    act(() => this.python.model.set(name, value as never));

  /** Puts the pointer on a row's point, or on none. */
  pointAt = (index: number | null): Promise<void> =>
    act(() => {
      this.view.hover.value = index === null ? null : { panel: 0, index, x: 9, y: 9 };
    });

  /** What the view has told Python to do, but for the numbers of its messages. */
  commands = (): object[] =>
    this.python.model.of("command").map(({ id, type, client, ...command }) => command);

  async openMenu(label: string): Promise<HTMLElement> {
    await this.click(label);
    return this.all(".tw-popover")
      .filter((each) => each.childElementCount > 0)
      .at(-1) as HTMLElement;
  }

  async openDrawer(tab: DrawerTab): Promise<HTMLElement> {
    if (!this.find(".tw-drawer"))
      await act(() => {
        this.view.drawer.value = tab;
      });
    await this.click(this.find(`[role=tab][data-tab=${tab}]`));
    return this.find(".tw-drawer");
  }

  /** What of markup became elements: nothing should. */
  made = (): number => this.all("img[src=x], script, b").length;
}
