/** The function of a parametric map: Python's, to the accuracy of float32. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MapFunction, type PackedFunction, type PlacedRows } from "../../src/place/mapFunction";

interface Sample {
  name: string;
  function: Record<string, unknown>;
  rows: number[][];
  positions: number[][];
  distances: number[];
}

const SAMPLES: Sample[] = JSON.parse(readFileSync("../tests/protocol/functions.json", "utf8"));

function unpacked(fields: Record<string, unknown>): PackedFunction {
  const entries = Object.entries(fields).map(([name, value]) => {
    const bytes = Buffer.from((value as { base64?: string })?.base64 ?? "", "base64");
    return [name, bytes.length > 0 ? new DataView(Uint8Array.from(bytes).buffer) : value];
  });
  return Object.fromEntries(entries);
}

function placed(sample: Sample, rows: number[][]): PlacedRows {
  const work = new MapFunction(unpacked(sample.function)).place(Float64Array.from(rows.flat()));
  const done: number[] = [];
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) {
      expect(done).toEqual(rows.map((_, row) => row + 1));
      return next.value;
    }
    done.push(next.value);
  }
}

test.each(SAMPLES)("rows lie where Python places them: $name", (sample) => {
  const { positions, distances } = placed(sample, sample.rows);
  const wanted = sample.positions.flat();
  expect(positions.length).toBe(wanted.length);
  const size = Math.max(...wanted.map(Math.abs));
  positions.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThan(3e-6 * size);
  });
  distances.forEach((value, i) => {
    expect(Math.abs(value - sample.distances[i])).toBeLessThanOrEqual(3e-6 * sample.distances[i]);
  });
});

test("a row's place does not depend on the rows with it", () => {
  const [sample] = SAMPLES;
  const together = placed(sample, sample.rows).positions;
  sample.rows.forEach((row, i) => {
    expect([...placed(sample, [row]).positions]).toEqual([...together.slice(2 * i, 2 * i + 2)]);
  });
});

test("a row that float32 cannot hold is named", () => {
  const [sample] = SAMPLES;
  for (const huge of [1e300, 1e39])
    expect(() => placed(sample, [sample.rows[0], [huge, huge, huge]])).toThrow(
      "row 1 is too far from the data",
    );
});
