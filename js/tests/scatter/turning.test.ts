import { describe, expect, it } from "vitest";
import { determinant, type Matrix } from "../../src/scatter/pose";
import { Turning } from "../../src/scatter/turning";

/** Fits of which one hand is as good as given; the other's angle is 1. */
const rotation = (angle: number, correlation = 0.9, other = 0.3) => ({
  rotation: { angle, correlation },
  reflection: { angle: 1, correlation: other },
});
const reflection = (angle: number, correlation = 0.9, other = 0.3) => ({
  rotation: { angle: 1, correlation: other },
  reflection: { angle, correlation },
});
const angleOf = ([a, , c]: Matrix) => Math.atan2(c, a);

function turned(fits: ReturnType<typeof rotation>): Turning {
  const turning = new Turning();
  turning.want(fits, true);
  turning.jump();
  return turning;
}

describe("a turn", () => {
  it("takes about 0.3 seconds, never stretches and never turns back", () => {
    const turning = turned(rotation(0.2));
    turning.want(rotation(2.8), false);
    let before = 0.2;
    let seconds = 0;
    while (turning.moving) {
      turning.ease(1 / 60);
      seconds += 1 / 60;
      expect(determinant(turning.matrix)).toBeCloseTo(1, 12);
      const angle = angleOf(turning.matrix);
      expect(angle).toBeGreaterThan(before);
      expect(angle).toBeLessThanOrEqual(2.8);
      if (seconds > 0.3) expect(angle).toBeGreaterThan(2.8 - 0.05 * 2.6);
      before = angle;
    }
    expect(before).toBeCloseTo(2.8, 12);
    expect(seconds).toBeLessThan(1);
  });

  it("goes the short way round", () => {
    const turning = turned(rotation(3));
    turning.want(rotation(-3), false);
    turning.ease(0.05);
    expect(Math.abs(angleOf(turning.matrix))).toBeGreaterThan(3);
  });

  it("does not depend on the frame rate", () => {
    const [once, often] = [turned(rotation(0)), turned(rotation(0))];
    for (const turning of [once, often]) turning.want(reflection(2), false);
    once.ease(0.1);
    for (let i = 0; i < 10; i++) often.ease(0.01);
    once.matrix.forEach((value, i) => {
      expect(often.matrix[i]).toBeCloseTo(value, 9);
    });
  });

  it("to the mirror image is a flip: nothing else turns, and one axis stays in place", () => {
    const turning = turned(rotation(0.5));
    turning.want(
      { rotation: { angle: 3, correlation: 0.3 }, reflection: { angle: 2, correlation: 0.9 } },
      false,
    );
    // Turned by 0.5, or mirrored and then turned by 2: this direction ends in the same place.
    const axis = (2 + Math.PI - 0.5) / 2;
    let before = 1;
    while (turning.moving) {
      turning.ease(1 / 60);
      const { matrix } = turning;
      const [a, b, c, d] = matrix;
      expect(a * Math.cos(axis) + b * Math.sin(axis)).toBeCloseTo(Math.cos(axis + 0.5), 12);
      expect(c * Math.cos(axis) + d * Math.sin(axis)).toBeCloseTo(Math.sin(axis + 0.5), 12);
      expect(determinant(matrix)).toBeLessThan(before);
      before = determinant(matrix);
    }
    expect(before).toBeCloseTo(-1, 12);
    expect(turning.matrix).toEqual(turning.wanted);
  });

  it("changes handedness only if the other is clearly better, unless it is chosen afresh", () => {
    const turning = turned(rotation(0.5));
    turning.want(reflection(2, 0.92, 0.9), false);
    expect(turning.mirrored).toBe(false);
    turning.want(reflection(2, 0.96, 0.9), false);
    expect(turning.mirrored).toBe(true);
    turning.want(rotation(2, 0.92, 0.9), false);
    expect(turning.mirrored).toBe(true);
    turning.want(rotation(2, 0.92, 0.9), true);
    expect(turning.mirrored).toBe(false);
  });

  it("stays as it is if no turn means anything", () => {
    const turning = turned(rotation(0.5));
    turning.want(reflection(2, 0.09, 0.01), false);
    expect(turning.wanted).toEqual(turning.matrix);
    expect(turning.correlation).toBe(0.09);
    expect(turning.moving).toBe(false);
  });

  it("pauses while it is held, unless the map is seen edge on", () => {
    const turning = turned(rotation(0));
    turning.want(rotation(1), false);
    turning.ease(0.05);
    const { matrix } = turning;
    turning.hold(true);
    expect(turning.ease(1)).toBe(false);
    expect(turning.matrix).toEqual(matrix);
    turning.hold(false);
    expect(turning.moving).toBe(true);

    turning.want(reflection(1), false);
    turning.ease(0.07);
    expect(Math.abs(determinant(turning.matrix))).toBeLessThan(0.2);
    turning.hold(true);
    expect(turning.matrix).toEqual(turning.wanted);
  });
});
