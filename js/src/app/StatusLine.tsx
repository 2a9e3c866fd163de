/** Stage, iteration, KL and its curve; why it stopped; what is outside; whether the kernel is there. */
import type { Store } from "../store";
import { Curve } from "./Curve";
import type { View } from "./view";

export function StatusLine({ view }: { view: View }) {
  const { store } = view;
  const status = store.status.value;
  const outside = view.camera.value?.outside ?? 0;
  return (
    <div class="tw-status">
      {status && (
        <>
          <span class="tw-figure">
            iteration {status.iteration.toLocaleString("en")} of {status.limit.toLocaleString("en")}
          </span>
          {status.kl !== null && <span class="tw-figure">KL {status.kl.toFixed(3)}</span>}
          <Curve points={store.curve.value} />
          <span class="tw-stage">{status.stage}</span>
        </>
      )}
      <Notices store={store} />
      {status?.reason && status.stage !== "failed" && (
        <span class="tw-note" title={status.reason}>
          {status.reason}
        </span>
      )}
      {outside > 0 && (
        <span class="tw-note">
          {outside.toLocaleString("en")} {outside === 1 ? "point lies" : "points lie"} outside the view
        </span>
      )}
    </div>
  );
}

const CONNECTION = {
  live: "",
  silent: "no answer from the kernel: it may be busy; the map stays as it is",
  lost: "the kernel is gone: the map stays as it is, its controls do nothing; run the cell again",
};

function Notices({ store }: { store: Store }) {
  const connection = CONNECTION[store.connection.value];
  const refusal = store.refusal.value;
  return (
    <>
      {refusal && (
        <span class="tw-warning" role="alert" title={refusal}>
          {refusal}
        </span>
      )}
      {connection && (
        <span class="tw-warning" title={connection}>
          {connection}
        </span>
      )}
      {!connection && store.awaiting.value > 0 && (
        <span class="tw-note tw-late">waiting for the kernel …</span>
      )}
    </>
  );
}

/** The stage in words for a screen reader, without the figures that change all the time. */
export function LiveRegion({ view }: { view: View }) {
  const { store } = view;
  const stage = store.status.value?.stage ?? "";
  const selected = store.selection.value.length;
  return (
    <div class="tw-offscreen" aria-live="polite">
      {stage}
      {selected > 0 && `, ${selected} rows selected`}
    </div>
  );
}
