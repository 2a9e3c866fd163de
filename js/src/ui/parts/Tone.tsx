/** How good the news is: a mark with a shape and a colour of its own, and a word for screen readers. */
import type { Tone } from "../../wire/replies";

const MARKS: Record<Tone, { word: string; path: string }> = {
  good: { word: "good", path: "M3 8.5l3.5 3.5L13 4.5" },
  caution: { word: "careful", path: "M8 2.5L14.5 13.5H1.5zM8 6.5v3M8 11.4v.2" },
  bad: { word: "bad", path: "M4 4l8 8M12 4l-8 8" },
  plain: { word: "", path: "M5 8h6" },
};

export function ToneMark({ tone }: { tone: Tone }) {
  const { word, path } = MARKS[tone];
  return (
    <span class={`tw-tone tw-${tone}`} title={word}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
      {word && <span class="tw-offscreen">{word}: </span>}
    </span>
  );
}
