/** The drawer's tabs: a click or the arrow keys show another one. */
import type { DrawerTab } from "../../view/view";
import { Plain } from "../parts/Button";

/** Those that need Python are not in a saved page. */
const ALL: { tab: DrawerTab; name: string; title: string }[] = [
  { tab: "rows", name: "rows", title: "The selected rows; if nothing is selected, all" },
  { tab: "contrast", name: "what sets them apart", title: "How the selected rows differ from others" },
  { tab: "distances", name: "distances", title: "Distances between groups, in the data and on the map" },
  { tab: "reading", name: "may I read this?", title: "What may be read from the map, and what not" },
];

interface TabsProps {
  shown: DrawerTab;
  /** Whether only the rows can be shown. */
  rowsOnly: boolean;
  onShow: (tab: DrawerTab) => void;
}

export function Tabs({ shown, rowsOnly, onShow }: TabsProps) {
  const tabs = rowsOnly ? ALL.slice(0, 1) : ALL;
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const now = tabs.findIndex(({ tab }) => tab === shown);
    const last = tabs.length - 1;
    const next = {
      ArrowLeft: (now + last) % tabs.length,
      ArrowRight: (now + 1) % tabs.length,
      Home: 0,
      End: last,
    };
    const to = next[event.key as keyof typeof next];
    if (to === undefined) return;
    event.preventDefault();
    onShow(tabs[to].tab);
    (event.currentTarget.children[to] as HTMLElement).focus();
  };
  return (
    <div class="tw-tabs" role="tablist" aria-label="What the drawer shows" onKeyDown={onKey}>
      {tabs.map(({ tab, name, title }) => (
        <Plain
          key={tab}
          class="tw-tab"
          role="tab"
          title={title}
          aria-selected={tab === shown}
          tabIndex={tab === shown ? 0 : -1}
          data-tab={tab}
          onClick={() => onShow(tab)}
        >
          {name}
        </Plain>
      ))}
    </div>
  );
}
