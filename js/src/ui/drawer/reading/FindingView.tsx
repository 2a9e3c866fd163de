/** One finding: its question, the answer in a sentence, how good the news is, and the numbers on demand. */
import type { ComponentChildren } from "preact";
import { number } from "../../../view/figures";
import type { View } from "../../../view/view";
import type { Finding } from "../../../wire/replies";
import { ToneMark } from "../../parts/Tone";

interface Props {
  view: View;
  finding: Finding;
  /** It was found of an earlier state. */
  stale?: boolean;
  /** Below the sentence. */
  children?: ComponentChildren;
}

export function FindingView({ view, finding, stale = false, children }: Props) {
  const { question, sentence, tone, values } = finding;
  return (
    <div class="tw-finding" data-finding={question} data-tone={tone} data-stale={stale}>
      <ToneMark tone={tone} />
      <h4>{inWords(view, question)}</h4>
      <p class={stale ? "tw-stale" : ""}>{unbroken(sentence)}</p>
      {Object.keys(values).length > 0 && (
        <details>
          <summary>numbers</summary>
          <Values values={values} />
        </details>
      )}
      {children}
    </div>
  );
}

/** No line ends between a number and its percent sign. */
export function unbroken(sentence: string): ComponentChildren {
  return sentence.split(/(\d+ %)/).map((part, i) => (i % 2 ? <span class="tw-unbroken">{part}</span> : part));
}

interface UnansweredProps {
  view: View;
  question: string;
  children: ComponentChildren;
}

/** A question without an answer yet; below it, how to get one. */
export function Unanswered({ view, question, children }: UnansweredProps) {
  return (
    <div class="tw-finding" data-finding={question}>
      <h4>{inWords(view, question)}</h4>
      {children}
    </div>
  );
}

/** A question in Python's words. */
function inWords({ store }: View, question: string): string {
  return store.limits.questions[question] ?? question;
}

export function Values({ values }: { values: Readonly<Record<string, number>> }) {
  return (
    <dl class="tw-values">
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>{number(Number.isInteger(value) ? value : Number(value.toPrecision(3)))}</dd>
        </div>
      ))}
    </dl>
  );
}
