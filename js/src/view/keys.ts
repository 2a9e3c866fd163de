/** The keys of the map in words, for the list behind `?`. */

/** One or more keys, and what they do. */
export interface Key {
  keys: string;
  does: string;
  /** Without it they do nothing, and are not listed. */
  needs?: "Python" | "history";
}

/** The class of the button that shows the list, which lets its key find it. */
export const KEYS_BUTTON = "tw-keys-button";

/** What isolating, filtering and selecting each do. */
export const RULE =
  "Isolating a label and filtering by values change what stands out; selecting changes w.selection, the rows in Python.";

export const KEYS: { about: string; keys: Key[] }[] = [
  {
    about: "with the focus on the map",
    keys: [
      { keys: "← → ↑ ↓", does: "move it" },
      { keys: "+ −", does: "zoom" },
      { keys: "Space", does: "play, pause", needs: "Python" },
      { keys: "hold D, point", does: "distances in the original space", needs: "Python" },
    ],
  },
  {
    about: "anywhere in the widget",
    keys: [
      { keys: "F", does: "fit the map to the view, and follow it" },
      { keys: "Z", does: "zoom to the selection" },
      { keys: "L, R", does: "lasso, rectangle; again: pan" },
      { keys: "I", does: "invert the selection" },
      { keys: "Ctrl A", does: "select all" },
      { keys: "Ctrl Z, Ctrl Y", does: "undo, redo: selection, filter", needs: "Python" },
      { keys: "Escape", does: "cancel: lasso, selection, isolation, enlarged map" },
      { keys: "[ ]", does: "go back and forward through the history", needs: "history" },
      { keys: "?", does: "this list" },
    ],
  },
  {
    about: "with a lasso, rectangle or click",
    keys: [
      { keys: "Shift", does: "add to the selection" },
      { keys: "Alt", does: "remove from it" },
      { keys: "Shift Alt", does: "keep what is in both" },
    ],
  },
];
