// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { StatusLine } from "../../../src/ui/panels/StatusLine";
import { run, threePoints } from "../../fakes/model";
import { mountView } from "../../fakes/view";

const TOLD = { words: "KL cannot be compared between colours", why: "it is blue" };

test("the status line says which figures cannot be compared, and why, in Python's words", async () => {
  const { python, store, view, root, show } = mountView({
    _points: threePoints().traits._points,
    _runs: [run(0), run(1, { perplexity: 5 })],
    _incomparable: [TOLD],
  });
  const notes = () => [...root.querySelectorAll(".tw-note")];
  store.connection.value = "live";
  await show(h(StatusLine, { view }));
  expect(notes().map(({ textContent }) => textContent)).toEqual([TOLD.words]);
  expect(notes()[0].getAttribute("title")).toBe(`${TOLD.words}: ${TOLD.why}`);

  // The words about a lost kernel take its place.
  await act(() => {
    store.connection.value = "lost";
  });
  expect(notes()).toEqual([]);

  await act(() => {
    store.connection.value = "live";
    python.model.set("_incomparable", [] as never);
  });
  expect(notes()).toEqual([]);
});
