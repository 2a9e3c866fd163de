/** A name on one line whose middle is left out if there is no room: names may differ in their ends only. */

/** How many letters of the end are always shown, of a name that is much longer. */
const TAIL = 9;

export function Name({ children: name }: { children: string }) {
  const letters = [...name];
  if (letters.length < 2 * TAIL) return <span class="tw-name">{name}</span>;
  return (
    <span class="tw-name tw-split">
      <span class="tw-front">{letters.slice(0, -TAIL).join("")}</span>
      <span class="tw-tail">{letters.slice(-TAIL).join("")}</span>
    </span>
  );
}
