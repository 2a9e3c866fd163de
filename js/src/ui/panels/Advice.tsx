/** One line under the map at rest: what matters most about reading this very map. Its place is always kept. */
import type { View } from "../../view/view";
import { Link } from "../parts/Button";
import { ToneMark } from "../parts/Tone";

export function Advice({ view }: { view: View }) {
  const { store, reading } = view;
  if (!store.advice.value) return null;
  const advice = reading.advice.value;
  const map = store.reference.value;
  const show = () => {
    reading.choose(map.run);
    view.drawer.value = "reading";
  };
  return (
    <div class="tw-advice" role="status" data-advice={advice?.question ?? ""}>
      {advice && (
        <>
          <ToneMark tone={advice.tone} />
          <span class="tw-advised" title={advice.sentence}>
            {!view.single.value && <strong>{view.shortTitle(map.run)}: </strong>}
            {advice.sentence}
          </span>
          <Link title="What else may be read from this map" onClick={show}>
            more
          </Link>
        </>
      )}
    </div>
  );
}
