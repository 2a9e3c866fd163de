/**
 * Makes a model hear Python again after anywidget has made it deaf.
 *
 * anywidget 0.9.21 and newer deliver messages to a model once it is initialized. If that takes more than 2 s, as on
 * a busy machine, they drop every message for good without a word. Such a model then takes messages as other
 * widgets do, and asks for those that it has missed.
 */
import type { AnyModel } from "@anywidget/types";
import type { Traits } from "./traits";

type Take = (message: object) => Promise<void>;

/** The part of ipywidgets' models that is needed here. */
interface HostModel {
  _handle_comm_msg: Take;
  comm?: { on_msg(callback: Take): void; send(data: object): void };
}

/** A message that ipywidgets ignores. */
const PROBE = { content: { data: { method: "none" } } };

/** Calls `mended` if the model was deaf, which may take 2 s to show. */
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
  if (typeof own._handle_comm_msg !== "function") return; // not a model of ipywidgets
  try {
    await own._handle_comm_msg(PROBE);
  } catch {
    console.debug("tsne_widget: anywidget made a widget deaf because it started late; it hears again");
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

/** ipywidgets' own way to take messages, before any class overrides it. */
function first(own: HostModel): Take {
  let take = own._handle_comm_msg;
  for (let each = own; each; each = Object.getPrototypeOf(each))
    if (Object.hasOwn(each, "_handle_comm_msg")) take = each._handle_comm_msg;
  return take;
}
