/**
 * Has a model hear Python that anywidget has made deaf.
 *
 * anywidget 0.9.21 and newer hand on what comes for a model once it is initialized. If that has taken more than
 * 2 s since the model was made, as on a busy machine, they drop everything, for good and without a word. A model
 * that finds itself so takes its messages as those of other widgets do, and asks for what it has missed.
 */
import type { AnyModel } from "@anywidget/types";
import type { Traits } from "./traits";

type Take = (message: object) => Promise<void>;

/** What of ipywidgets' models is needed here. */
interface HostModel {
  _handle_comm_msg: Take;
  comm?: { on_msg(callback: Take): void; send(data: object): void };
}

/** A message that means nothing to ipywidgets. */
const PROBE = { content: { data: { method: "none" } } };

/** Calls `mended` if the model was deaf, which may be known 2 s later only. */
export async function hear(
  model: Pick<AnyModel<Pick<Traits, "_bundle">>, "get" | "widget_manager">,
  mended: () => void,
): Promise<void> {
  let own: HostModel;
  try {
    own = (await model.widget_manager.get_model(model.get("_bundle").own)) as unknown as HostModel;
  } catch {
    return; // a host that hands out no models
  }
  if (typeof own._handle_comm_msg !== "function") return; // one that is not made of ipywidgets
  try {
    await own._handle_comm_msg(PROBE);
  } catch {
    console.debug("tsne_widget: a widget began too late for anywidget, was deaf and hears again");
    mend(own);
    mended();
  }
}

function mend(own: HostModel): void {
  const take = first(own).bind(own);
  own._handle_comm_msg = take;
  own.comm?.on_msg(take);
  own.comm?.send({ method: "request_state" });
}

/** How messages are taken before any class overrides it: ipywidgets' own way. */
function first(own: HostModel): Take {
  let take = own._handle_comm_msg;
  for (let each = own; each; each = Object.getPrototypeOf(each))
    if (Object.hasOwn(each, "_handle_comm_msg")) take = each._handle_comm_msg;
  return take;
}
