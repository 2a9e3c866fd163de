/**
 * A map as a function of a row: the weighted mean of the places of its nearest landmarks. It equals
 * `MapFunction.transform` in `tsne_widget/parametric/model.py` to the accuracy of float32.
 */
import { RowsError } from "./rows";
import { weigh } from "./weights";

/** As `tsne_widget/export/functions.py` writes it. */
export interface PackedFunction {
  run: number;
  /** How many landmarks. */
  count: number;
  /** By which rows are standardised first, float64; null: they are not. */
  means: DataView | null;
  deviations: DataView | null;
  /** What is subtracted from a row before it is divided by `scale`: float64. */
  origin: DataView;
  scale: number;
  /** Whether a row is first divided by its length. */
  unit: boolean;
  /** Rows farther from the nearest landmark lie beyond the data; in scaled units. */
  reach: number;
  /** The landmarks among scaled rows, and their places on the map: float32. */
  landmarks: DataView;
  places: DataView;
}

export interface PlacedRows {
  /** x and y of each row in turn. */
  positions: Float32Array;
  /** From each row to its nearest landmark, in scaled units. */
  distances: Float32Array;
}

const NEAREST = 16;
const PERPLEXITY = 1.5;
/** After so many columns a landmark is given up if it is already too far away. */
const COLUMNS = 16;

export class MapFunction {
  readonly run: number;
  readonly reach: number;
  private readonly origin: Float64Array;
  private readonly means: Float64Array;
  private readonly deviations: Float64Array;
  private readonly landmarks: Float32Array;
  private readonly places: Float32Array;
  private readonly scaled: Float32Array;
  private readonly nearest: Nearest;

  constructor(private readonly packed: PackedFunction) {
    const { run, reach, origin, landmarks, places, count, means, deviations } = packed;
    this.run = run;
    this.reach = reach;
    this.origin = new Float64Array(origin.buffer as ArrayBuffer);
    const width = this.origin.length;
    this.means = means ? new Float64Array(means.buffer as ArrayBuffer) : new Float64Array(width);
    this.deviations = deviations
      ? new Float64Array(deviations.buffer as ArrayBuffer)
      : new Float64Array(width).fill(1);
    this.landmarks = new Float32Array(landmarks.buffer as ArrayBuffer);
    this.places = new Float32Array(places.buffer as ArrayBuffer);
    this.scaled = new Float32Array(this.origin.length);
    this.nearest = new Nearest(Math.min(NEAREST, count));
  }

  /** Places rows, which follow each other in `numbers`; yields after each row how many are done. */
  *place(numbers: Float64Array): Generator<number, PlacedRows> {
    const width = this.origin.length;
    const count = numbers.length / width;
    const positions = new Float32Array(2 * count);
    const distances = new Float32Array(count);
    const { nearest, places } = this;
    const weights = new Float64Array(nearest.k);
    const perplexity = Math.min(PERPLEXITY, (1 + nearest.k) / 2);
    for (let row = 0; row < count; row++) {
      this.scale(numbers.subarray(row * width, (row + 1) * width));
      nearest.search(this.scaled, this.landmarks);
      if (!this.scaled.every(Number.isFinite) || !nearest.distances.every(Number.isFinite))
        throw new RowsError(`row ${row} is too far from the data for float32 to hold it: leave it out`);
      weigh(nearest.distances, perplexity, weights);
      let [x, y] = [0, 0];
      for (let j = 0; j < weights.length; j++) {
        x += weights[j] * places[2 * nearest.indices[j]];
        y += weights[j] * places[2 * nearest.indices[j] + 1];
      }
      positions[2 * row] = x;
      positions[2 * row + 1] = y;
      distances[row] = nearest.distances[0];
      yield row + 1;
    }
    return { positions, distances };
  }

  private scale(given: Float64Array): void {
    const row = given.map((value, i) => (value - this.means[i]) / this.deviations[i]);
    const length = this.packed.unit ? lengthOf(row) || 1 : 1;
    for (let i = 0; i < row.length; i++)
      this.scaled[i] = (row[i] / length - this.origin[i]) / this.packed.scale;
  }
}

/** The length of a row, even if its squares would overflow. */
function lengthOf(row: Float64Array): number {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  return largest * Math.sqrt(row.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/** The k landmarks nearest to a row, nearest first. */
class Nearest {
  readonly indices: Int32Array;
  readonly distances: Float64Array;

  constructor(readonly k: number) {
    this.indices = new Int32Array(k);
    this.distances = new Float64Array(k);
  }

  search(row: Float32Array, landmarks: Float32Array): void {
    const { k, indices, distances } = this;
    const width = row.length;
    distances.fill(Number.POSITIVE_INFINITY); // they are squares until the end
    for (let at = 0, landmark = 0; at < landmarks.length; at += width, landmark++) {
      const square = squareBelow(distances[k - 1], row, landmarks, at);
      if (square >= distances[k - 1]) continue;
      let j = k - 1;
      for (; j > 0 && distances[j - 1] > square; j--) {
        distances[j] = distances[j - 1];
        indices[j] = indices[j - 1];
      }
      distances[j] = square;
      indices[j] = landmark;
    }
    for (let j = 0; j < k; j++) distances[j] = Math.fround(Math.sqrt(distances[j]));
  }
}

/** The squared distance between a row and the landmark at an offset; or, once it is not below `limit`, a part of it. */
function squareBelow(limit: number, row: Float32Array, landmarks: Float32Array, at: number): number {
  const width = row.length;
  let sum = 0;
  for (let start = 0; start < width; start += COLUMNS) {
    const end = Math.min(start + COLUMNS, width);
    for (let i = start; i < end; i++) {
      const difference = row[i] - landmarks[at + i];
      sum += difference * difference;
    }
    if (sum >= limit) return sum;
  }
  return sum;
}
