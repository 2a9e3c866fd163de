/** In a saved page: copies a link to what it shows, and says what came of it, or of a link that was followed. */
import { useEffect } from "preact/hooks";
import { linkTo } from "../../view/link";
import type { View } from "../../view/view";
import { Button, Plain } from "../parts/Button";
import { ShareIcon } from "../parts/icons";

/** Milliseconds for which it says that a link was copied. */
const SHOWN = 4000;

export function LinkButton({ view }: { view: View }) {
  const copy = async () => {
    try {
      const link = linkTo(view);
      const copied = await navigator.clipboard.writeText(link).then(
        () => true,
        () => false, // the browser forbids it
      );
      const words = copied
        ? "Link copied: it shows this selection, here"
        : "The page's address shows this selection, here";
      view.linkTold.value = { words, wrong: false };
    } catch (refused) {
      view.linkTold.value = {
        words: refused instanceof Error ? refused.message : String(refused),
        wrong: true,
      };
    }
  };
  return (
    <Button label="Copy a link to this page with its selection and its place on the map" onClick={copy}>
      <ShareIcon />
    </Button>
  );
}

export function LinkTold({ view }: { view: View }) {
  const told = view.linkTold.value;
  const forget = () => {
    if (view.linkTold.peek() === told) view.linkTold.value = null;
  };
  useEffect(() => {
    if (!told || told.wrong) return;
    const timer = setTimeout(forget, SHOWN);
    return () => clearTimeout(timer);
  }, [told]);
  if (!told) return null;
  return (
    <p class={`tw-link-told${told.wrong ? " tw-warning" : ""}`} role={told.wrong ? "alert" : "status"}>
      {told.words}
      {told.wrong && (
        <Plain
          class="tw-button tw-small"
          aria-label="Close this note"
          title="Close this note"
          onClick={forget}
        >
          ×
        </Plain>
      )}
    </p>
  );
}
