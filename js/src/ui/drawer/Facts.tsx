/** Numbers, categories and words in which rows differ, strongest first. */

import { count, named } from "../../view/words";
import type { ContrastReply, Difference, Share } from "../../wire/replies";
import { Link } from "../parts/Button";
import { Distribution } from "./Distribution";
import { share } from "./figures";

interface AllFactsProps {
  result: ContrastReply;
  /** What the selected rows are compared with, in words. */
  other: string;
  onMore: () => void;
}

/** All of them. What people can read comes first: features that are only numbered are folded away. */
export function Facts({ result, ...props }: AllFactsProps) {
  const { numbers, numbers_total, numbered, numbered_total } = result;
  const read = numbers.length + result.categories.length + result.words.length > 0;
  const features = <Numbers numbers={numbered} total={numbered_total} {...props} />;
  const words = <Shares kind="word" shares={result.words} total={result.words_total} {...props} />;
  const categories = (
    <Shares kind="category" shares={result.categories} total={result.categories_total} {...props} />
  );
  const columns = <Numbers numbers={numbers} total={numbers_total} {...props} />;
  if (numbered.length === 0)
    return (
      <>
        {columns}
        {categories}
        {words}
      </>
    );
  return (
    <>
      {words}
      {categories}
      {columns}
      {read ? (
        <details class="tw-fold" data-numbered={numbered_total}>
          <summary data-lm-suppress-shortcuts="true">
            {count(numbered_total)} feature{numbered_total === 1 ? "" : "s"} without a name
          </summary>
          {features}
        </details>
      ) : (
        features
      )}
    </>
  );
}

interface FactsProps {
  other: string;
  total: number;
  onMore: () => void;
}

function Numbers({ numbers, total, other, onMore }: FactsProps & { numbers: Difference[] }) {
  if (numbers.length === 0) return null;
  return (
    <>
      <table class="tw-facts">
        <Head kind="number" effect="effect" figure="mean" other={other} />
        <tbody>
          {numbers.map((each) => (
            <NumberFact key={each.feature} difference={each} other={other} />
          ))}
        </tbody>
      </table>
      <More shown={numbers.length} total={total} onMore={onMore} />
    </>
  );
}

/** Categories, or words of texts. */
function Shares({ kind, shares, total, other, onMore }: FactsProps & { kind: string; shares: Share[] }) {
  if (shares.length === 0) return null;
  return (
    <>
      <table class="tw-facts" data-kind={kind}>
        <Head kind={kind} effect="points" figure="share" other={other} />
        <tbody>
          {shares.map((each) => (
            <CategoryFact key={`${each.column}\0${each.category}`} fact={each} other={other} />
          ))}
        </tbody>
      </table>
      <More shown={shares.length} total={total} onMore={onMore} />
    </>
  );
}

interface HeadProps {
  kind: string;
  effect: string;
  figure: string;
  other: string;
}

const EFFECTS: Record<string, string> = {
  effect: "the difference of the means in units of the pooled standard deviation",
  points: "the difference of the shares in percentage points",
};

function Head({ kind, effect, figure, other }: HeadProps) {
  return (
    <thead>
      <tr>
        <th scope="col" class="tw-what">
          {kind}
        </th>
        <th scope="col" class="tw-amount" title={EFFECTS[effect]}>
          {effect}
        </th>
        <th scope="col" class="tw-drawn" title={`filled: the selected rows; line: ${other}`}>
          <span class="tw-key-here">selected</span> <span class="tw-key-there">{other}</span>
        </th>
        <th scope="col" class="tw-amount tw-wide-only" title={`${figure} of the selected rows`}>
          {figure}
        </th>
        <th scope="col" class="tw-amount tw-wide-only" title={`${figure} of ${other}`}>
          of {other}
        </th>
      </tr>
    </thead>
  );
}

function NumberFact({ difference, other }: { difference: Difference; other: string }) {
  const { feature, effect, selected_mean: here, other_mean: there, low, high } = difference;
  const means = `mean ${here} of the selected rows, ${there} of ${other}`;
  return (
    <tr data-feature={feature} title={`${feature}: ${means}; drawn from ${low} to ${high}`}>
      <th scope="row" class="tw-what">
        {named(feature)}
      </th>
      <td class="tw-amount">{effect}</td>
      <td class="tw-drawn">
        <Distribution selected={difference.selected_histogram} other={difference.other_histogram} />
      </td>
      <td class="tw-amount tw-wide-only">{here}</td>
      <td class="tw-amount tw-wide-only tw-note">{there}</td>
    </tr>
  );
}

function CategoryFact({ fact, other }: { fact: Share; other: string }) {
  const { column, category, effect, selected_share: here, other_share: there } = fact;
  const shares = `${share(here)} of the selected rows, ${share(there)} of ${other}`;
  return (
    <tr data-feature={column} data-category={category} title={`${column}: ${category}: ${shares}`}>
      <th scope="row" class="tw-what">
        <span class="tw-note">{column} </span>
        {named(category)}
      </th>
      <td class="tw-amount">{effect}</td>
      <td class="tw-drawn">
        <Bars here={here} there={there} />
      </td>
      <td class="tw-amount tw-wide-only">{share(here)}</td>
      <td class="tw-amount tw-wide-only tw-note">{share(there)}</td>
    </tr>
  );
}

/** Two shares of a whole, one below the other. */
function Bars({ here, there }: { here: number; there: number }) {
  return (
    <span class="tw-bars" aria-hidden="true">
      <i class="tw-here" style={{ width: `${100 * here}%` }} />
      <i class="tw-there" style={{ width: `${100 * there}%` }} />
    </span>
  );
}

function More({ shown, total, onMore }: { shown: number; total: number; onMore: () => void }) {
  if (shown >= total) return null;
  return (
    <p class="tw-note">
      the {count(shown)} strongest of {count(total)} <Link onClick={onMore}>show more</Link>
    </p>
  );
}
