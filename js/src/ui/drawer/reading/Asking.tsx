/** Asks a costly question: a button that says what it costs; while it runs, a way to stop it; why it failed. */
import type { Costly } from "../../../view/reading";
import { rests } from "../../../view/reading";
import type { View } from "../../../view/view";
import { secondsInWords } from "../../../view/words";
import { Link, Worded } from "../../parts/Button";
import { Warning } from "../../parts/notes";

interface Props {
  view: View;
  question: Costly;
  /** What the button says. */
  children: string;
  onAsk?: () => void;
}

/** Nothing once it is answered. */
export function Asking({ view, question, children, onAsk }: Props) {
  const { reading } = view;
  const inquiry = reading.of(question);
  const { loading, error } = inquiry.latest;
  const still = rests(reading.map.value);
  if (loading.value || (inquiry.wanted.value && !still)) {
    return (
      <p class="tw-note tw-asking" role="status">
        {loading.value ? "looking …" : "waits until the map rests"}{" "}
        <Link onClick={() => inquiry.cancel()}>stop</Link>
      </p>
    );
  }
  if (inquiry.reply && !error.value) return null;
  const ask = () => {
    reading.want(question);
    onAsk?.();
  };
  return (
    <>
      {inquiry.wanted.value && <Warning>{error.value}</Warning>}
      <p class="tw-asking">
        <Worded disabled={!still} onClick={ask}>
          {children}
        </Worded>
        <Cost view={view} question={question} />
      </p>
    </>
  );
}

export function Cost({ view, question }: { view: View; question: Costly | "lineup" }) {
  const seconds = view.reading.of("map").reply?.seconds[question];
  return seconds === undefined ? null : <span class="tw-note">{secondsInWords(seconds)}</span>;
}
