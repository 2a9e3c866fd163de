/** Actions on the selection, and what a lasso or a click does to it. */
import type { SelectOp } from "../../scatter";
import { rowsLike } from "../../view/labels";
import type { View } from "../../view/view";
import { Item } from "../parts/Button";
import { Choice } from "../parts/fields";
import { SelectIcon } from "../parts/icons";
import { Popover } from "../parts/Popover";

const OPS: { op: SelectOp; name: string; key: string }[] = [
  { op: "replace", name: "new selection", key: "" },
  { op: "add", name: "add to it", key: "Shift" },
  { op: "remove", name: "remove from it", key: "Alt" },
  { op: "intersect", name: "keep what is in both", key: "Shift + Alt" },
];

export function SelectMenu({ view }: { view: View }) {
  return (
    <Popover
      label={`Selection: all, none, invert${view.store.hasPython.value ? ", undo" : ""}, set operations`}
      face={<SelectIcon />}
    >
      {(close) => <Items view={view} close={close} />}
    </Popover>
  );
}

function Items({ view, close }: { view: View; close: () => void }) {
  const { store } = view;
  const selected = store.selection.value;
  const { undo, redo } = store.undo.value;
  const lost = !store.reachable.value;
  const act = (action: () => void) => () => {
    action();
    close();
    view.focusMap();
  };
  return (
    <div class="tw-menu">
      <fieldset class="tw-choices">
        <legend>what the next lasso or click does</legend>
        {OPS.map(({ op, name, key }) => (
          <Choice
            key={op}
            name="operation"
            checked={view.selectOp.value === op}
            onChange={() => (view.selectOp.value = op)}
          >
            {name}
            <kbd>{key}</kbd>
          </Choice>
        ))}
      </fieldset>
      <Item shortcut="Ctrl A" onClick={act(() => view.selectAll())}>
        select all
      </Item>
      <Item
        shortcut="Esc"
        disabled={selected.length === 0}
        onClick={act(() => view.select(new Int32Array(0)))}
      >
        select none
      </Item>
      <Item shortcut="I" onClick={act(() => view.invert())}>
        invert
      </Item>
      {view.labels.kind === "categories" && (
        <Item
          disabled={selected.length === 0}
          onClick={act(() => view.select(rowsLike(view.labels, selected)))}
        >
          everything with these labels
        </Item>
      )}
      <Item shortcut="Z" disabled={selected.length === 0} onClick={act(() => view.zoomToSelection())}>
        zoom to the selection
      </Item>
      {store.hasPython.value && (
        <>
          <Item
            shortcut="Ctrl Z"
            disabled={lost || undo === 0}
            onClick={() => store.command({ name: "undo" })}
          >
            undo
          </Item>
          <Item
            shortcut="Ctrl Shift Z"
            disabled={lost || redo === 0}
            onClick={() => store.command({ name: "redo" })}
          >
            redo
          </Item>
        </>
      )}
    </div>
  );
}
