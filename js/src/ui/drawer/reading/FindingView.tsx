/** One finding: its question, the answer in a sentence, how good the news is, and the numbers on demand. */
import type { ComponentChildren } from "preact";
import { number } from "../../../view/figures";
import type { Finding } from "../../../wire/replies";
import { ToneMark } from "../../parts/Tone";

/** The question that each finding answers, in plain words. */
const QUESTIONS: Record<string, string> = {
  fits: "Does it fit?",
  torn: "Is it torn?",
  noise: "Is it noise?",
  gaps: "Are its gaps in the data?",
  luck: "Is it luck?",
  apart: "One or two?",
  strong: "Is it strong?",
};

export function questionOf(name: string): string {
  return QUESTIONS[name] ?? name;
}

interface Props {
  finding: Finding;
  /** It was found of an earlier state. */
  stale?: boolean;
  /** Below the sentence. */
  children?: ComponentChildren;
}

export function FindingView({ finding, stale = false, children }: Props) {
  const { question, sentence, tone, values } = finding;
  return (
    <div class="tw-finding" data-finding={question} data-tone={tone} data-stale={stale}>
      <ToneMark tone={tone} />
      <h4>{questionOf(question)}</h4>
      <p class={stale ? "tw-stale" : ""}>{sentence}</p>
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
