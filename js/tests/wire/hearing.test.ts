import { expect, test, vi } from "vitest";
import { hear } from "../../src/wire/hearing";

/** As ipywidgets has it, as far as it matters here. */
class WidgetModel {
  readonly took: unknown[] = [];
  readonly comm = { callback: (_: object) => {}, sent: [] as object[], on_msg, send };

  async _handle_comm_msg(message: { content: { data: { method: string } } }): Promise<void> {
    if (message.content.data.method === "custom") this.took.push(message);
  }
}

function on_msg(this: { callback: unknown }, callback: unknown): void {
  this.callback = callback;
}

function send(this: { sent: object[] }, data: object): void {
  this.sent.push(data);
}

/** As anywidget has it. */
class AnyModel extends WidgetModel {
  constructor(private readonly ready: Promise<void>) {
    super();
    this.comm.on_msg(this._handle_comm_msg.bind(this));
  }

  override async _handle_comm_msg(message: { content: { data: { method: string } } }): Promise<void> {
    await this.ready;
    return super._handle_comm_msg(message);
  }
}

const NEWS = { content: { data: { method: "custom" } } };

function proxyOf(own: unknown) {
  const get_model = async (id: string) => {
    if (id !== "own" || own === null) throw new Error("widget model not found");
    return own;
  };
  const bundle = { hash: "", model: "", own: "own" };
  return { get: () => bundle, widget_manager: { get_model } } as unknown as Parameters<typeof hear>[0];
}

test("a model that was initialized too late hears again and asks for what it missed", async () => {
  const own = new AnyModel(Promise.reject(new Error("[anywidget] Failed to initialize model.")));
  await expect(own.comm.callback(NEWS)).rejects.toThrow();
  const mended = vi.fn();
  await hear(proxyOf(own), mended);
  expect(mended).toHaveBeenCalledOnce();
  expect(own.comm.sent).toEqual([{ method: "request_state" }]);
  own.comm.callback(NEWS);
  expect(own.took).toEqual([NEWS]);
  // ipywidgets binds the method anew when a kernel comes back.
  await own._handle_comm_msg(NEWS);
  expect(own.took).toHaveLength(2);
});

test("a model that was initialized in time is left as it is", async () => {
  const own = new AnyModel(Promise.resolve());
  const { callback } = own.comm;
  const mended = vi.fn();
  await hear(proxyOf(own), mended);
  expect(mended).not.toHaveBeenCalled();
  expect(own.comm).toMatchObject({ callback, sent: [] });
  expect(Object.hasOwn(own, "_handle_comm_msg")).toBe(false);
});

test.each([
  ["hands out no models", null],
  ["has models of its own", { get: () => "" }],
])("a host that %s is left alone", async (_, own) => {
  const mended = vi.fn();
  await hear(proxyOf(own), mended);
  expect(mended).not.toHaveBeenCalled();
});
