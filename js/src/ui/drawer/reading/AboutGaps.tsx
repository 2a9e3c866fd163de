/** All gaps of the map: which of them the data have. A gap in the list stands out on the map. */
import { isOf } from "../../../view/reading";
import { GAPS } from "../../../view/traces";
import type { View } from "../../../view/view";
import { count } from "../../../view/words";
import type { Gap } from "../../../wire/replies";
import { Choice } from "../../parts/fields";
import { LineSample } from "../../parts/LineSample";
import { Asking } from "./Asking";
import { FindingView, questionOf, Values } from "./FindingView";

export function AboutGaps({ view }: { view: View }) {
  const { reading } = view;
  const map = reading.map.value;
  const { reply } = reading.of("gaps");
  const stale = reply !== null && !isOf(reply, map);
  const finding = reply?.findings.find(({ question }) => question === "gaps");
  return (
    <section class="tw-about" aria-label="All gaps">
      <h3>All gaps</h3>
      {finding ? (
        <FindingView view={view} finding={finding} stale={stale} />
      ) : (
        <h4>{questionOf(view, "gaps")}</h4>
      )}
      {reply && reply.gaps.length > 0 && (
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
          <ol class={`tw-gaps${stale ? " tw-stale" : ""}`} onPointerLeave={() => mark(view, null)}>
            {reply.gaps.map((gap, i) => (
              <GapEntry key={gap.lines.join()} view={view} gap={gap} at={i} />
            ))}
          </ol>
        </>
      )}
      <Asking view={view} question="gaps" onAsk={() => (reading.drawsGaps.value = true)}>
        draw all gaps
      </Asking>
    </section>
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
        <p>{gap.sentence}</p>
        <Values values={gap.values} />
      </details>
    </li>
  );
}

function mark({ reading }: View, at: number | null): void {
  reading.marked.value = at;
}
