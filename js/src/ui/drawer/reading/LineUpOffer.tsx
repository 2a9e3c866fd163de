/** Is it noise? Offers a line-up; while it is made, how far it is and a way to stop it; then what the pick told. */
import { rests } from "../../../view/reading";
import type { View } from "../../../view/view";
import { Link, Worded } from "../../parts/Button";
import { Warning } from "../../parts/notes";
import { Cost } from "./Asking";

export function LineUpOffer({ view }: { view: View }) {
  const { lineUp, reading, store } = view;
  const map = reading.map.value;
  const { loading, progress, error, answer } = lineUp.latest;
  const ours = lineUp.asked.value?.run === map.run;
  const picked = lineUp.picked.value;
  const told = ours && picked !== null && answer.value?.result.picks[picked - 1];
  const others = store.limits.lineup_panels - 1;
  return (
    <div class="tw-finding" data-finding="lineup">
      <h4>Is it noise? Pick your map</h4>
      {told && <p>{told}</p>}
      {loading.value ? (
        <p class="tw-note tw-asking">
          <progress aria-label="maps of noise" value={progress.value ?? 0} />
          <Link onClick={() => lineUp.drop()}>stop</Link>
        </p>
      ) : (
        <>
          <Warning>{ours ? error.value : ""}</Warning>
          <p class="tw-asking">
            <Worded disabled={!rests(map)} onClick={() => lineUp.ask(map)}>
              {told ? "again, with new noise" : `line up with ${others} maps of noise`}
            </Worded>
            <Cost view={view} question="lineup" />
          </p>
        </>
      )}
    </div>
  );
}
