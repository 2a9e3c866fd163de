/** What may be read of the selection, a group or a label; whether it is one with another or apart from it. */

import { isOf, namesOf, rests, rowsOf, SELECTION, sameSubject } from "../../../view/reading";
import { LINKS_DRAWN } from "../../../view/traces";
import type { View } from "../../../view/view";
import { count, named, rowsInWords } from "../../../view/words";
import type { Subject } from "../../../wire/protocol";
import { Choice, Select } from "../../parts/fields";
import { Warning } from "../../parts/notes";
import { Asking } from "./Asking";
import { FindingView } from "./FindingView";

/** The question that a verdict answers. */
const VERDICT = "apart";

interface Named {
  subject: Subject | null;
  text: string;
}

export function AboutRows({ view }: { view: View }) {
  const { reading } = view;
  const first = reading.first.value;
  const offered = subjectsOf(view);
  const rows = rowsOf(view.store, first) ?? [];
  return (
    <section class="tw-about" aria-label="Some rows">
      <h3>
        <SubjectSelect
          label="which rows"
          chosen={first}
          offered={offered}
          onChange={(subject) => reading.chooseRows(subject ?? SELECTION, reading.second.value)}
        />
        <span class="tw-note">{rows.length > 0 && rowsInWords(rows.length)}</span>
      </h3>
      {rows.length === 0 ? (
        <p class="tw-note">
          Circle some rows{offered.length > 1 ? ", or choose a group or label" : ""} to see what may be read
          of them.
        </p>
      ) : (
        <>
          <OfGroup view={view} />
          <Verdict view={view} offered={offered} />
        </>
      )}
    </section>
  );
}

function OfGroup({ view }: { view: View }) {
  const { reading } = view;
  const map = reading.map.value;
  const inquiry = reading.of("group");
  const { reply } = inquiry;
  const stale = !inquiry.fits(map, reading.about("group"));
  return (
    <>
      {rests(map) && <Warning>{inquiry.latest.error.value}</Warning>}
      {!reply && !inquiry.latest.error.value && (
        <p class="tw-note">{rests(map) ? "looking …" : "Told as soon as the map rests."}</p>
      )}
      {reply?.findings
        .filter(({ question }) => question !== VERDICT)
        .map((finding) => (
          <FindingView key={finding.question} view={view} finding={finding} stale={stale} />
        ))}
    </>
  );
}

/** Whether the rows are apart from others; from the clump beside them that is known with the rest about them. */
function Verdict({ view, offered }: { view: View; offered: readonly Named[] }) {
  const { reading } = view;
  const [first, second] = [reading.first.value, reading.second.value];
  const { reply } = reading.of("verdict");
  const group = reading.of("group");
  const known = second ? undefined : group.reply?.findings.find(({ question }) => question === VERDICT);
  const finding = reply?.findings[0] ?? known;
  const map = reading.map.value;
  const stale = reply ? !isOf(reply, map) : !group.fits(map, reading.about("group"));
  const beside: Named = { subject: null, text: "the clump beside it" };
  const others = offered.filter(
    ({ subject }) => subject && !sameSubject(first, subject) && has(view, subject),
  );
  return (
    <div class="tw-verdict">
      <p class="tw-against">
        <span class="tw-note">against</span>
        <SubjectSelect
          label="against"
          chosen={second}
          offered={[beside, ...others]}
          onChange={(to) => reading.chooseRows(first, to)}
        />
      </p>
      {finding && <FindingView view={view} finding={finding} stale={stale} />}
      {reply && reply.links > 0 && <DrawLinks view={view} links={reply.links} />}
      <Asking
        view={view}
        question="verdict"
        onAsk={() => {
          reading.drawsLinks.value = known !== undefined;
        }}
      >
        {known ? "draw the links that cross" : "One or two?"}
      </Asking>
    </div>
  );
}

function DrawLinks({ view: { reading }, links }: { view: View; links: number }) {
  return (
    <Choice
      checked={reading.drawsLinks.value}
      onChange={(draws) => {
        reading.drawsLinks.value = draws;
      }}
    >
      draw the {count(links)} links that cross
      {links > LINKS_DRAWN && ` (${count(LINKS_DRAWN)} of them, spread evenly)`}
    </Choice>
  );
}

interface SubjectSelectProps {
  label: string;
  chosen: Subject | null;
  offered: readonly Named[];
  onChange: (subject: Subject | null) => void;
}

function SubjectSelect({ label, chosen, offered, onChange }: SubjectSelectProps) {
  const at = offered.findIndex(({ subject }) => (subject ? sameSubject(subject, chosen) : chosen === null));
  return (
    <Select
      value={at}
      aria-label={label}
      offered={offered.map(({ text }, value) => ({ value, text }))}
      onChange={(to) => onChange(offered[to].subject)}
    />
  );
}

/** All rows that can be asked about: the selection, groups, labels. */
function subjectsOf({ store, labels }: View): Named[] {
  const groups = store.groups.value.map(({ name }): Named => {
    return { subject: { of: "group", name }, text: `group ${named(name)}` };
  });
  const known = namesOf(store.labels.value).map((name): Named => {
    return { subject: { of: "label", name }, text: `${labels.column} ${named(name)}` };
  });
  return [{ subject: SELECTION, text: "the selection" }, ...groups, ...known];
}

function has(view: View, subject: Subject): boolean {
  return (rowsOf(view.store, subject)?.length ?? 0) > 0;
}
