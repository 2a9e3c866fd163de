/** The parameters of the t-SNE maps that have no place in the toolbar. */
import { offering } from "../../view/axes";
import type { View } from "../../view/view";
import { MenuIcon } from "../parts/icons";
import { Warning } from "../parts/notes";
import { Popover } from "../parts/Popover";
import { SharedAxis } from "./SharedAxis";

export function MoreMenu({ view }: { view: View }) {
  const { store } = view;
  const axes = offering(store.axes.value).filter((axis) => !axis.in_toolbar);
  if (axes.length === 0) return null;
  const labels = axes.map(({ label }) => label).join(", ");
  return (
    <Popover label={`More parameters: ${labels}`} face={<MenuIcon />}>
      {() => (
        <div class="tw-menu">
          {axes.map((axis) => (
            <fieldset key={axis.name} class="tw-group" disabled={!store.reachable.value}>
              <SharedAxis view={view} axis={axis} />
            </fieldset>
          ))}
          <Warning>{store.refusal.value}</Warning>
        </div>
      )}
    </Popover>
  );
}
