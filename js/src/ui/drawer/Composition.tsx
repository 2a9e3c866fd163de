/** Which labels the selected rows have. */
import { useState } from "preact/hooks";
import { count, named } from "../../view/words";
import type { ContrastReply } from "../../wire/replies";
import { Link } from "../parts/Button";
import { share } from "./figures";

/** How many labels are listed at first. */
const LISTED = 20;

export function Composition({ labels }: { labels: NonNullable<ContrastReply["labels"]> }) {
  const [all, setAll] = useState(false);
  const present = labels.filter((label) => label.count > 0).sort((a, b) => b.count - a.count);
  const listed = all ? present : present.slice(0, LISTED);
  return (
    <>
      <table class="tw-facts">
        <thead>
          <tr>
            <th scope="col" class="tw-what">
              label
            </th>
            <th scope="col" class="tw-amount">
              rows
            </th>
            <th scope="col" class="tw-amount" title="Share of the selected rows that have this label">
              of these
            </th>
            <th scope="col" class="tw-amount" title="Share of this label's rows that are selected">
              of label
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((label) => (
            <tr key={label.name} data-label={label.name}>
              <th scope="row" class="tw-what" title={label.name}>
                {named(label.name)}
              </th>
              <td class="tw-amount">{count(label.count)}</td>
              <td class="tw-amount">{share(label.share)}</td>
              <td class="tw-amount">{share(label.of)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {listed.length < present.length && (
        <p class="tw-note">
          and {count(present.length - listed.length)} more <Link onClick={() => setAll(true)}>show all</Link>
        </p>
      )}
    </>
  );
}
