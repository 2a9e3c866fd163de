/** What may be read from the map as a whole. */
import { type Costly, isOf, rests } from "../../../view/reading";
import type { View } from "../../../view/view";
import type { Finding, ReadReply } from "../../../wire/replies";
import { Warning } from "../../parts/notes";
import { Asking } from "./Asking";
import { FindingView, Unanswered } from "./FindingView";
import { LineUpOffer } from "./LineUpOffer";

/** Gaps and luck have sections of their own. */
const SHOWN = ["fits", "torn", "noise"];
/** Costly questions, and how they are offered: if nothing is known yet, and beside what is. */
const COSTLY: { question: Costly; offer: string; more: string }[] = [
  { question: "torn", offer: "find out", more: "compare with noise" },
  { question: "noise", offer: "find out", more: "look closer" },
];

export function AboutMap({ view }: { view: View }) {
  const { reading } = view;
  const map = reading.map.value;
  const { latest, reply } = reading.of("map");
  const replies = [reply, ...COSTLY.map(({ question }) => reading.of(question).reply)];
  const found = newestOf(replies);
  return (
    <section class="tw-about" aria-label="This map">
      <h3>This map</h3>
      {rests(map) && <Warning>{latest.error.value}</Warning>}
      {!reply && <p class="tw-note">{rests(map) ? "looking …" : "Told as soon as the map rests."}</p>}
      {reply &&
        SHOWN.map((name) => {
          const known = found.get(name);
          const costly = COSTLY.find(({ question }) => question === name);
          const asks = costly && (reply.seconds[costly.question] !== undefined || !known) && (
            <Asking view={view} question={costly.question}>
              {known ? costly.more : costly.offer}
            </Asking>
          );
          if (known) {
            return (
              <FindingView key={name} view={view} finding={known.finding} stale={!isOf(known.reply, map)}>
                {asks}
              </FindingView>
            );
          }
          return (
            asks && (
              <Unanswered key={name} view={view} question={name}>
                {asks}
              </Unanswered>
            )
          );
        })}
      {reply && <LineUpOffer view={view} />}
    </section>
  );
}

/** Each finding with the reply that it comes from; of two about the same, the later one of the list. */
function newestOf(replies: readonly (ReadReply | null)[]) {
  const found = new Map<string, { finding: Finding; reply: ReadReply }>();
  for (const reply of replies)
    for (const finding of reply?.findings ?? []) if (reply) found.set(finding.question, { finding, reply });
  return found;
}
