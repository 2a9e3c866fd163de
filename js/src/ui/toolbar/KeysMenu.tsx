/** The list of keys, behind a button and the key `?`. */
import { KEYS, KEYS_BUTTON, type Key, RULE } from "../../view/keys";
import type { View } from "../../view/view";
import { Popover } from "../parts/Popover";

export function KeysMenu({ view }: { view: View }) {
  const { store, playback } = view;
  const works = ({ needs }: Key) =>
    (needs !== "Python" || store.hasPython.value) && (needs !== "history" || playback.possible.value);
  return (
    <Popover label="Keys (?)" class={KEYS_BUTTON} face="?">
      {() => (
        <div class="tw-menu tw-keys">
          <p class="tw-rule">{RULE}</p>
          {KEYS.map(({ about, keys }) => (
            <section key={about} aria-label={about}>
              <p class="tw-note">{about}</p>
              <dl>
                {keys.filter(works).map(({ keys, does }) => (
                  <div key={keys}>
                    <dt>
                      <kbd>{keys}</kbd>
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
    </Popover>
  );
}
