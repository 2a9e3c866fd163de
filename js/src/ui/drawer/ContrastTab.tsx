/** What sets the selected rows apart: numbers and categories, strongest first, and their labels. */
import { useEffect } from "preact/hooks";
import type { View } from "../../view/view";
import { rowsInWords } from "../../view/words";
import { Select } from "../parts/fields";
import { Hint, Warning } from "../parts/notes";
import { Composition } from "./Composition";
import type { Contrasting } from "./contrasting";
import { Facts } from "./Facts";

interface Props {
  view: View;
  contrasting: Contrasting;
}

const WHY =
  "The difference of the means in units of the pooled standard deviation; for categories and words, of their " +
  "shares. Words are those with the highest class-based tf-idf. " +
  "A p-value would be circular: the rows were chosen by looking at these very data, so they differ " +
  "anyway.";

export function ContrastTab({ contrasting }: Props) {
  useEffect(() => contrasting.watch(), [contrasting]);
  const { answer, loading, error } = contrasting.latest;
  if (contrasting.needed.value) return <Hint>{contrasting.needed.value}</Hint>;
  if (!answer.value) return <Warning hint>{error.value}</Warning>;
  const { result, query } = answer.value;
  const other = query.against ?? "the rest";
  const more = () => contrasting.showMore();
  return (
    <>
      <Warning hint>{error.value}</Warning>
      <section
        class={`tw-scroll tw-contrast${loading.value || error.value ? " tw-stale" : ""}`}
        data-contrast={query.against ?? ""}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the arrows scroll it
        tabIndex={0}
        aria-label="What sets the selected rows apart"
        data-lm-suppress-shortcuts="true"
      >
        <Circular />
        <div class="tw-column">
          <Facts result={result} other={other} onMore={more} />
        </div>
        {result.labels && result.labels.length > 0 && (
          <div class="tw-column">
            <Composition labels={result.labels} />
          </div>
        )}
      </section>
    </>
  );
}

/** The drawer's head: what the rows are compared with. */
export function ContrastControls({ view, contrasting }: Props) {
  const groups = view.store.groups.value;
  const answer = contrasting.latest.answer.value;
  const at = groups.findIndex(({ name }) => name === contrasting.against.value);
  const selected = view.store.selection.value.length;
  return (
    <>
      <label class="tw-label">
        {selected > 0 ? rowsInWords(selected) : ""} against
        <Select
          value={at}
          aria-label="compared with"
          offered={[
            { value: -1, text: "the rest" },
            ...groups.map(({ name }, value) => ({ value, text: name })),
          ]}
          onChange={(to) => contrasting.compareWith(groups[to]?.name ?? null)}
        />
        {answer && <span class="tw-figure">{rowsInWords(answer.result.other)}</span>}
      </label>
      <Circular />
    </>
  );
}

/** In the head if it has room, else above the figures, where it is also read. */
function Circular() {
  return (
    <p class="tw-note tw-circular" title={WHY}>
      standardised mean differences; no p-values: the rows were chosen by looking
    </p>
  );
}
