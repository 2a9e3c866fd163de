import { expect, it } from "vitest";
import { Emitter } from "../../src/scatter/emitter";

it("tells every subscriber until they unsubscribe", () => {
  const emitter = new Emitter<{ a: number; b: string }>();
  const heard: number[] = [];
  const listen = (value: number) => heard.push(value);
  const stop = emitter.on("a", listen);
  const stopTwin = emitter.on("a", listen);
  emitter.emit("a", 1);
  emitter.emit("b", "nobody");
  stop();
  stop();
  emitter.emit("a", 2);
  expect(heard).toEqual([1, 1, 2]);
  expect(emitter.size).toBe(1);
  stopTwin();
  expect(emitter.size).toBe(0);
});

it("lets a subscriber unsubscribe while it is told", () => {
  const emitter = new Emitter<{ a: number }>();
  const heard: string[] = [];
  const stop = emitter.on("a", () => {
    heard.push("first");
    stop();
  });
  emitter.on("a", () => heard.push("second"));
  emitter.emit("a", 1);
  emitter.emit("a", 2);
  expect(heard).toEqual(["first", "second", "second"]);
});
