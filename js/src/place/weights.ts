/** The weights of the landmarks nearest to a row, as `tsne_widget/tsne/conditional.py` computes them. */

/** Below exp(-104) nothing is left in float32. */
const NOTHING = 104;

/** Writes weights that sum to 1 and have this perplexity, of distances in ascending order. */
export function weigh(distances: Float64Array, perplexity: number, weights: Float64Array): void {
  const k = distances.length;
  const squares = distances.map((distance) => distance * distance - distances[0] * distances[0]);
  const ties = squares.filter((square) => square === 0).length;
  if (k <= perplexity) weights.fill(1 / k);
  else if (ties >= perplexity) {
    for (let j = 0; j < k; j++) weights[j] = squares[j] === 0 ? 1 / ties : 0;
  } else {
    const middle = squares[Math.floor(perplexity)];
    const relative = squares.map((square) => square / middle);
    const total = exponentials(fitted(relative, Math.log(perplexity), weights), relative, weights).total;
    for (let j = 0; j < k; j++) weights[j] /= total;
  }
}

/** The beta at which weights exp(-beta x) have an entropy: it falls as beta grows. */
function fitted(squares: Float64Array, entropy: number, weights: Float64Array): number {
  let [low, high, beta] = [0, Number.POSITIVE_INFINITY, 3];
  while (high - low > 1e-12 * beta && beta < 1e15) {
    const { total, mean } = exponentials(beta, squares, weights);
    if (Math.log(total) + mean > entropy) low = beta;
    else high = beta;
    beta = high === Number.POSITIVE_INFINITY ? 8 * beta : (low + high) / 2;
  }
  return beta;
}

/** Writes exp(-x), x = beta * square, and returns their sum and the mean of x under them. */
function exponentials(beta: number, squares: Float64Array, weights: Float64Array) {
  let total = 0;
  let first = 0;
  for (let j = 0; j < squares.length; j++) {
    const x = beta * squares[j];
    weights[j] = x < NOTHING ? Math.exp(-x) : 0;
    total += weights[j];
    first += weights[j] > 0 ? weights[j] * x : 0;
  }
  return { total, mean: first / total };
}
