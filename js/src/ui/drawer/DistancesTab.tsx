/** Distances between groups in the original space beside those on a map. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { View } from "../../view/view";
import { count } from "../../view/words";
import type { GroupDistancesReply } from "../../wire/replies";
import { Link } from "../parts/Button";
import { Select } from "../parts/fields";
import { Hint, Warning } from "../parts/notes";
import type { By, Distancing } from "./distancing";
import { pairInWords } from "./figures";
import { PairPlot } from "./PairPlot";
import { namedPairs, type RankedPair } from "./ranks";

/** How many pairs are listed at first, and added by each 'show more'. */
const STEP = 20;

interface Props {
  view: View;
  distancing: Distancing;
}

export function DistancesTab({ view, distancing }: Props) {
  useEffect(() => distancing.watch(), [distancing]);
  const { answer, loading, error } = distancing.latest;
  if (distancing.needed.value) return <Hint>{distancing.needed.value}</Hint>;
  if (!distancing.map.value) return <AllMaps view={view} distancing={distancing} />;
  const stale = loading.value || error.value !== "";
  return (
    <>
      <Warning hint>{error.value}</Warning>
      {answer.value && <OneMap reply={answer.value.result} stale={stale} />}
      {!answer.value && loading.value && <p class="tw-hint tw-note tw-late">measuring …</p>}
    </>
  );
}

function OneMap({ reply, stale }: { reply: GroupDistancesReply; stale: boolean }) {
  const pairs = useMemo(() => namedPairs(reply), [reply]);
  const [marked, setMarked] = useState<RankedPair | null>(null);
  return (
    <section
      class={`tw-scroll tw-distances${stale ? " tw-stale" : ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the arrows scroll it
      tabIndex={0}
      aria-label="Distances between groups"
      data-rho={reply.rho ?? ""}
      data-lm-suppress-shortcuts="true"
    >
      <p class="tw-sentence">
        {reply.rho !== null && <strong class="tw-rho">{reply.rho.toFixed(2)}</strong>}
        <span>{reply.sentence}</span>
      </p>
      <PairPlot pairs={pairs} total={reply.pairs_total} marked={marked} onMark={setMarked} />
      <div class="tw-said">
        <PairList pairs={pairs} total={reply.pairs_total} marked={marked} onMark={setMarked} />
      </div>
    </section>
  );
}

interface PairListProps {
  pairs: readonly RankedPair[];
  /** All pairs, including those that were not sent. */
  total: number;
  marked: RankedPair | null;
  onMark: (pair: RankedPair | null) => void;
}

function PairList({ pairs, total, marked, onMark }: PairListProps) {
  const [limit, setLimit] = useState(STEP);
  const wrong = pairs.filter(({ originalRank, mapRank }) => originalRank !== mapRank);
  if (wrong.length === 0) return <p class="tw-note">all pairs are in the same order</p>;
  return (
    <>
      <p class="tw-note">pairs that the map shows most wrongly</p>
      <ol class="tw-pairs" onPointerLeave={() => onMark(null)}>
        {wrong.slice(0, limit).map((pair) => (
          <li
            key={`${pair.a}\0${pair.b}`}
            class={pair === marked ? "tw-marked" : ""}
            data-pair={`${pair.a}|${pair.b}`}
            onPointerEnter={() => onMark(pair)}
          >
            <span class="tw-pair">
              {pair.a} – {pair.b}
            </span>{" "}
            <span class="tw-note">{pairInWords(pair, total)}</span>
          </li>
        ))}
      </ol>
      {wrong.length > limit && (
        <p class="tw-note">
          {count(limit)} of {count(wrong.length)}{" "}
          <Link onClick={() => setLimit(limit + STEP)}>show more</Link>
        </p>
      )}
    </>
  );
}

/** A sentence for each map; a click shows its pairs. */
function AllMaps({ view, distancing }: Props) {
  const told = distancing.told.value;
  return (
    <div class="tw-scroll">
      <table class="tw-facts tw-sentences">
        <tbody>
          {distancing.maps.value.map(({ run }) => {
            const said = told.get(run);
            const reply = said && "reply" in said ? said.reply : null;
            return (
              <tr key={run} data-run={run} data-told={said !== undefined}>
                <th scope="row" class="tw-what">
                  <Link title="Shows its pairs" onClick={() => distancing.choose(run)}>
                    {view.title(run)}
                  </Link>
                </th>
                <td class="tw-amount tw-rho">{reply?.rho?.toFixed(2) ?? ""}</td>
                <td class={said && !reply ? "tw-warning" : "tw-note"}>
                  {said ? (reply?.sentence ?? ("error" in said ? said.error : "")) : "measuring …"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const BETWEEN: { value: By; text: string }[] = [
  { value: "labels", text: "labels" },
  { value: "groups", text: "groups" },
];

/** The drawer's head: the groups to measure between, and the map. */
export function DistancesControls({ view, distancing }: Props) {
  const maps = view.store.maps.value;
  const map = distancing.map.value;
  const moving = distancing.maps.value.some(({ playing }) => playing.value);
  return (
    <>
      <label class="tw-label">
        between
        <Select value={distancing.by.value} offered={BETWEEN} onChange={(by) => distancing.measureBy(by)} />
      </label>
      {maps.length > 1 && (
        <label class="tw-label">
          on
          <Select
            value={map?.run ?? "all"}
            offered={[
              ...maps.map(({ run }) => ({ value: run, text: view.shortTitle(run) })),
              { value: "all" as const, text: "all maps" },
            ]}
            onChange={(run) => distancing.choose(run)}
          />
        </label>
      )}
      {moving && !distancing.needed.value && (
        <span class="tw-note">
          the map moves: <Link onClick={() => distancing.measureAgain()}>measure again</Link>
        </span>
      )}
    </>
  );
}
