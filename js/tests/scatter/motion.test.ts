import { describe, expect, it } from "vitest";
import { Motion } from "../../src/scatter/motion";

const at = (x: number) => Float32Array.of(x, -x);

describe("a layout in time", () => {
  it("is there at once when it is the first, and glides when it follows", () => {
    const motion = new Motion();
    motion.offer(at(0), 1, 100);
    expect(motion.advance(10)).toBe("new");
    expect([...motion.displayed()]).toEqual([0, -0]);
    motion.offer(at(10), 2, 100);
    motion.advance(25);
    expect([...motion.displayed()]).toEqual([2.5, -2.5]);
    expect(motion.advance(50)).toBe("moved");
    expect([...motion.displayed()]).toEqual([7.5, -7.5]);
    motion.advance(50);
    expect([...motion.displayed()]).toEqual([10, -10]);
    expect(motion.waiting).toBe(false);
    expect(motion.advance(50)).toBe("still");
  });

  it("gives way to a newer one from where the points are, without a jump, again and again", () => {
    const motion = new Motion();
    motion.offer(at(0), 0, 0);
    motion.advance(1);
    let shown = 0;
    for (let i = 1; i < 20; i++) {
      motion.offer(at(i), i, 100);
      motion.advance(50);
      shown += (i - shown) / 2;
      expect(motion.displayed()[0]).toBeCloseTo(shown, 5);
    }
  });

  it("is skipped if a newer one arrives before a frame is drawn", () => {
    const motion = new Motion();
    for (let i = 0; i < 1000; i++) motion.offer(at(i), i, 0);
    motion.advance(16);
    expect(motion.token).toBe(999);
    expect(motion.displayed()[0]).toBe(999);
  });

  it("holds still exactly at a layout, keeps newer ones aside and glides to the newest afterwards", () => {
    const motion = new Motion();
    motion.offer(at(0), 1, 0);
    motion.advance(1);
    motion.offer(at(10), 2, 100);
    motion.advance(40);
    motion.hold(true);
    motion.offer(at(50), 3, 100);
    motion.offer(at(100), 4, 100);
    expect(motion.advance(1000)).toBe("still");
    expect(motion.waiting).toBe(false);
    expect(motion.displayed()[0]).toBe(10);
    expect([motion.token, motion.exact]).toEqual([2, true]);
    motion.hold(false);
    expect(motion.advance(50)).toBe("new");
    expect(motion.displayed()[0]).toBe(55);
    expect(motion.token).toBe(4);
  });
});
