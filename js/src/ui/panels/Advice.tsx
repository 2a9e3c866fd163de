/** One line under the map at rest: what matters most about reading this very map. Its place is always kept. */
import { isAdvised, isLarge } from "../../view/reading";
import type { View } from "../../view/view";
import { secondsInWords } from "../../view/words";
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
      {advice ? (
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
      ) : (
        isLarge(store) && store.reachable.value && isAdvised(store, map) && <OnRequest view={view} />
      )}
    </div>
  );
}

/** Of so many rows it is told only if somebody asks. */
function OnRequest({ view }: { view: View }) {
  const { store, reading } = view;
  const map = store.reference.value;
  const inquiry = reading.of("map", map.run);
  if (inquiry.latest.loading.value) return <span class="tw-note">looking …</span>;
  if (inquiry.fits(map)) return null;
  const { n } = store.points;
  return (
    <>
      <Link onClick={() => inquiry.ask(null, null, [], view.rest.value)}>may I read this map?</Link>
      <span class="tw-note">{secondsInWords(n * store.limits.reading_seconds_per_row)}</span>
    </>
  );
}
