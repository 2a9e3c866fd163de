/** Is it luck? Makes repetitions of the map, and tells which groups of rows hold together on them. */
import { useEffect, useRef } from "preact/hooks";
import { isOf } from "../../../view/reading";
import type { View } from "../../../view/view";
import { count, named, percent, rowsInWords } from "../../../view/words";
import type { RepeatKind } from "../../../wire/protocol";
import type { Finding, Held, TogetherReply } from "../../../wire/replies";
import { Worded } from "../../parts/Button";
import { Choice } from "../../parts/fields";
import { Warning } from "../../parts/notes";
import type { Repeating } from "../repeating";
import { FindingView, Unanswered } from "./FindingView";

const KINDS: { kind: RepeatKind; text: string; title: string }[] = [
  { kind: "starts", text: "from other random starts", title: "the same rows, each map from another seed" },
  {
    kind: "rows",
    text: "of 80 % of the rows",
    title:
      "each map of other rows, drawn at random, with neighbours of their own; rows left out have no place",
  },
];

interface Props {
  view: View;
  repeating: Repeating;
}

export function AboutLuck({ view, repeating }: Props) {
  const section = useRef<HTMLElement>(null);
  const { reading } = view;
  const sought = reading.sought.value;
  useEffect(() => repeating.watch(), [repeating]);
  useEffect(() => {
    if (sought !== "luck") return;
    reading.sought.value = null;
    section.current?.scrollIntoView?.({ block: "nearest" });
    section.current?.querySelector("button")?.focus({ preventScroll: true });
  }, [sought]);
  const known = reading.of("map").reply;
  const finding = known?.findings.find(({ question }) => question === "luck");
  const { answer, loading, error } = repeating.latest;
  const reply = repeating.shown.value > 0 || answer.value?.result.maps.length ? answer.value?.result : null;
  const more = (
    <>
      <Ask view={view} repeating={repeating} />
      <Warning>{error.value}</Warning>
      {reply && reply.maps.length > 0 ? (
        <Told reply={reply} finding={finding} moving={view.store.playing.value} />
      ) : (
        <p class="tw-note">
          t-SNE makes clumps also where there are none, elsewhere each time. Small maps with the same
          parameters appear beside this one: what stays together on all of them owes little to luck.
        </p>
      )}
    </>
  );
  return (
    <section
      ref={section}
      class={`tw-luck${error.value ? " tw-stale" : ""}`}
      aria-label="Is it luck?"
      aria-busy={loading.value}
      data-repetitions={reply?.maps.length ?? 0}
    >
      {known && finding ? (
        <FindingView view={view} finding={finding} stale={!isOf(known, reading.map.value)}>
          {more}
        </FindingView>
      ) : (
        <Unanswered view={view} question="luck">
          {more}
        </Unanswered>
      )}
    </section>
  );
}

/** What to make, and the button that takes it away again. */
function Ask({ view, repeating }: Props) {
  const { kind, count: wanted, shown, problem } = repeating;
  const disabled = !view.store.reachable.value;
  return (
    <>
      <fieldset class="tw-luck-ask" disabled={disabled}>
        <label class="tw-label">
          <input
            type="number"
            class="tw-number"
            min={1}
            step={1}
            aria-label="how many maps"
            value={wanted.value}
            data-lm-suppress-shortcuts="true"
            onInput={({ currentTarget }) => (wanted.value = Number(currentTarget.value))}
          />
          maps
        </label>
        {KINDS.map((each) => (
          <span key={each.kind} title={each.title}>
            <Choice
              name={`tw-luck-${view.number}`}
              checked={kind.value === each.kind}
              onChange={() => (kind.value = each.kind)}
            >
              {each.text}
            </Choice>
          </span>
        ))}
        <Worded disabled={problem.value !== ""} onClick={() => repeating.repeat()}>
          make the maps
        </Worded>
        {shown.value > 0 && (
          <Worded title="Shows what was shown before" onClick={() => repeating.remove()}>
            remove {shown.value === 1 ? "the small map" : `the ${shown.value} small maps`}
          </Worded>
        )}
      </fieldset>
      <Warning>{problem.value}</Warning>
    </>
  );
}

interface ToldProps {
  reply: TogetherReply;
  /** What is said above of the map's clumps; good news come with the caution. */
  finding: Finding | undefined;
  moving: boolean;
}

function Told({ reply, finding, moving }: ToldProps) {
  const { groups, groups_total, maps } = reply;
  return (
    <>
      {finding?.tone !== "good" && <p class="tw-note">Holding together does not make a group real.</p>}
      {groups.length === 0 ? (
        <p class="tw-note">
          Select rows, save groups or colour by categories: there is nothing to compare yet.
        </p>
      ) : (
        <table class="tw-facts tw-held">
          <thead>
            <tr>
              <th scope="col" class="tw-what">
                group
              </th>
              <th scope="col" class="tw-amount tw-wide-only">
                rows
              </th>
              <th
                scope="col"
                class="tw-drawn"
                title={`${reply.in_words}: the mean, and a line for each; 0 is scattered, 100 % together`}
              >
                together
              </th>
              <th scope="col" class="tw-amount">
                mean
              </th>
              <th scope="col" class="tw-verdict">
                {moving ? "so far" : ""}
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((each) => (
              <HeldRow key={`${each.kind}\0${each.name}`} held={each} maps={maps} />
            ))}
          </tbody>
        </table>
      )}
      {groups.length < groups_total && (
        <p class="tw-note">
          the first {count(groups.length)} of {count(groups_total)}
        </p>
      )}
    </>
  );
}

function HeldRow({ held, maps }: { held: Held; maps: TogetherReply["maps"] }) {
  const { name, kind, rows, here, values, mean, verdict, words } = held;
  const told = here === null ? [] : [`this map: ${percent(here)}`];
  const each = values.map((value, i) => `${maps[i].title}: ${value === null ? "too few" : percent(value)}`);
  return (
    <tr data-held={name} data-kind={kind} data-mean={mean ?? ""} title={[words, ...told, ...each].join("\n")}>
      <th scope="row" class="tw-what">
        {kind === "selected" ? name : named(name)}
      </th>
      <td class="tw-amount tw-wide-only tw-note" title={rowsInWords(rows)}>
        {count(rows)}
      </td>
      <td class="tw-drawn">
        <HeldBar mean={mean} values={values} />
      </td>
      <td class="tw-amount">{mean === null ? "" : percent(mean)}</td>
      <td class="tw-verdict tw-note">{verdict || words}</td>
    </tr>
  );
}

/** The mean as a bar, and a line for each map; below 0 nothing. */
function HeldBar({ mean, values }: Pick<Held, "mean" | "values">) {
  const at = (value: number) => `${100 * Math.max(0, value)}%`;
  return (
    <span class="tw-held-bar" aria-hidden="true">
      {mean !== null && <i style={{ width: at(mean) }} />}
      {values.map((value, i) => value !== null && <b key={i} style={{ left: at(value) }} />)}
    </span>
  );
}
