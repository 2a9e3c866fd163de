/** All gaps of the map: which of them the data have. A gap in the list stands out on the map. */
import { isOf } from "../../../view/reading";
import { GAPS } from "../../../view/traces";
import type { View } from "../../../view/view";
import { count } from "../../../view/words";
import type { Gap, ReadReply } from "../../../wire/replies";
import { Choice } from "../../parts/fields";
import { LineSample } from "../../parts/LineSample";
import { Asking } from "./Asking";
import { FindingView, Unanswered, unbroken, Values } from "./FindingView";

/** So many gaps that are in the data are listed at once. */
const FOLDED = 4;

export function AboutGaps({ view }: { view: View }) {
  const { reading } = view;
  const map = reading.map.value;
  const { reply } = reading.of("gaps");
  const stale = reply !== null && !isOf(reply, map);
  const finding = reply?.findings.find(({ question }) => question === "gaps");
  const more = (
    <>
      {reply && reply.gaps.length > 0 && <Gaps view={view} reply={reply} stale={stale} />}
      <Asking view={view} question="gaps" onAsk={() => (reading.drawsGaps.value = true)}>
        draw all gaps
      </Asking>
    </>
  );
  return (
    <section aria-label="All gaps">
      {finding ? (
        <FindingView view={view} finding={finding} stale={stale}>
          {more}
        </FindingView>
      ) : (
        <Unanswered view={view} question="gaps">
          {more}
        </Unanswered>
      )}
    </section>
  );
}

/** Those that are not in the data come first; many of the others are folded. */
function Gaps({ view, reply, stale }: { view: View; reply: ReadReply; stale: boolean }) {
  const { reading } = view;
  const entries = reply.gaps.map((gap, at) => ({ gap, at }));
  const real = entries.filter(({ gap }) => gap.answer === "apart");
  const list = (some: typeof entries) => (
    <ol class={`tw-gaps${stale ? " tw-stale" : ""}`} onPointerLeave={() => mark(view, null)}>
      {some.map(({ gap, at }) => (
        <GapEntry key={gap.lines.join()} view={view} gap={gap} at={at} />
      ))}
    </ol>
  );
  return (
    <>
      <Choice
        checked={reading.drawsGaps.value}
        onChange={(draws) => {
          reading.drawsGaps.value = draws;
        }}
      >
        draw them on the map
      </Choice>
      {stale && <p class="tw-note">They belong to iteration {count(reply.iteration)}: not drawn now.</p>}
      {list(entries.filter(({ gap }) => gap.answer !== "apart"))}
      {real.length > FOLDED ? (
        <details>
          <summary>the {count(real.length)} in the data</summary>
          {list(real)}
        </details>
      ) : (
        list(real)
      )}
    </>
  );
}

/** The sentence and the numbers are folded behind a line, which marks the gap on the map when it has the focus. */
function GapEntry({ view, gap, at }: { view: View; gap: Gap; at: number }) {
  const kind = GAPS.find(({ answer }) => answer === gap.answer);
  return (
    <li
      class={view.reading.marked.value === at ? "tw-marked" : ""}
      data-answer={gap.answer ?? ""}
      onPointerEnter={() => mark(view, at)}
      onFocusIn={() => mark(view, at)}
      onFocusOut={() => mark(view, null)}
    >
      {kind && <LineSample style={kind.style} />}
      <details>
        <summary>
          {kind?.words}, between {count(gap.first)} and {count(gap.second)} rows
        </summary>
        <p>{unbroken(gap.sentence)}</p>
        <Values values={gap.values} />
      </details>
    </li>
  );
}

function mark({ reading }: View, at: number | null): void {
  reading.marked.value = at;
}
