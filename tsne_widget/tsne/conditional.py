"""The weights that each point gives its neighbours: the probabilities p_j|i at a given perplexity."""

import numpy as np
from numba import boolean, float32, float64, int64, types, uint32, void

from .kernel import kernel
from .nearest import Neighbors
from .pool import Pool

_LEAST_P = np.float64(np.finfo(np.float32).tiny)  # smaller ones lose digits and slow the processor down
_SETTLED = 1e-4  # Halley's method triples the digits: after so small a step, 1e-11 or so is left
_DOUBT = 1e-9
_RUN = 128


@kernel(types.UniTuple(float64, 4)(float64, float64[::1], float64[::1]), reordered=True)
def _weigh(beta, squares, weights):
    """Write the weights exp(-x), x = beta d^2; return their sum, and mean, variance, third moment of x.

    The exponential is a short series of the argument divided by 4096, squared 12 times: within 4e-13, and
    vectorised, which makes it 5 times as fast as the library's. Below exp(-104) nothing is left in float32.
    """
    total, first, second, third = 0.0, 0.0, 0.0, 0.0
    for j in range(len(squares)):
        x = min(beta * squares[j], 104.0)
        t = x * (-1 / 4096)
        weight = 1 + t * (1 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720))))))
        for _ in range(12):
            weight *= weight
        weight = weight if x < 104.0 else 0.0
        weights[j] = weight
        total += weight
        first += weight * x
        second += weight * x * x
        third += weight * x * x * x
    mean, second, third = first / total, second / total, third / total
    return total, mean, second - mean * mean, third - 3.0 * mean * second + 2.0 * mean * mean * mean


@kernel(types.Tuple((float64, boolean))(float64, float64, float64[::1], float64[::1]))
def _fit(beta, entropy, squares, weights):
    """Find the beta that gives the weights the requested entropy; return it, and whether it is certain.

    With S the sum of the weights and E, V, M mean, variance and third moment of x under them, the entropy is
    H = log S + E, and its derivatives by log beta are -V and M - 2 V. Halley's method takes 2 to 4 steps;
    one that leaves the bracket is replaced by bisection.
    """
    low, high = 0.0, np.inf
    for _ in range(100):
        total, mean, variance, moment = _weigh(beta, squares, weights)
        excess = np.log(total) + mean - entropy
        if excess > 0.0:
            low = beta
        else:
            high = beta
        bend = moment - 2.0 * variance
        step = 2.0 * excess * variance / (2.0 * variance * variance - excess * bend)
        nearer = beta * np.exp(min(max(step, -2.0), 2.0)) if np.isfinite(step) else 0.0
        if abs(step) < _SETTLED:
            return nearer, variance > 1e-3
        if low < nearer < high:
            beta = nearer
        elif high == np.inf:
            beta *= 8.0
        else:
            beta = 0.5 * (low + high)
        if beta > 1e15 or high - low < 1e-12 * beta:
            break
    return beta, False


@kernel(int64[::1](int64[::1], int64[::1]))
def _sort(keys, spare):
    """Sort distinct keys; the result is in one of the two arrays.

    It sorts runs by counting the smaller keys for each key. This is vectorised and has no branches that the
    processor could mispredict, so 90 keys take less than half the time of a merge sort.
    """
    count = len(keys)
    for start in range(0, count, _RUN):
        run = keys[start : start + _RUN]
        for j in range(len(run)):
            smaller = 0
            for other in range(len(run)):
                smaller += run[other] < run[j]
            spare[start + smaller] = run[j]
    keys, spare = spare, keys
    width = _RUN
    while width < count:
        for low in range(0, count, 2 * width):
            middle, high = min(low + width, count), min(low + 2 * width, count)
            left, right = low, middle
            for to in range(low, high):
                if right == high or (left < middle and keys[left] < keys[right]):
                    spare[to] = keys[left]
                    left += 1
                else:
                    spare[to] = keys[right]
                    right += 1
        keys, spare = spare, keys
        width *= 2
    return keys


@kernel(
    void(
        int64, int64, float64[::1], int64[::1], uint32[::1], uint32[:, ::1], float32[:, ::1], float32[::1],
        uint32[:, ::1], float32[:, ::1], float64[::1], float32[::1],
    )
)  # fmt: skip
def conditional(
    start, stop, perplexities, order, rank, indices, distances, warm, columns, p, sums, bandwidths
):
    """Write the columns of the first k neighbours of each row r, ascending, and their probabilities.

    Row r is the point order[r], and rank is the inverse of order. indices, distances, warm and bandwidths are
    in point order; columns, p and sums in row order. With several perplexities, p is their mean. If the
    perplexity is not below the number of neighbours, they get equal shares. If more neighbours than the
    perplexity tie as nearest, they share equally and the others get nothing.

    Beta is rounded to float32 before p is computed, so p does not depend on where the search for beta began.
    If two candidates are close, the entropy halfway between them decides.
    """
    k = p.shape[1]
    squares, weights, mixed = np.empty(k), np.empty(k), np.empty(k)
    shares, keys, spare = np.empty(k, np.float32), np.empty(k, np.int64), np.empty(k, np.int64)
    for r in range(start, stop):
        i = order[r]
        for j in range(k):
            mixed[j] = 0.0
        for scale in range(len(perplexities)):
            perplexity = perplexities[scale]
            ties = 0
            for j in range(k):
                distance, nearest = float64(distances[i, j]), float64(distances[i, 0])
                squares[j] = distance * distance - nearest * nearest
                ties += squares[j] == 0.0
            bandwidth = np.inf
            if k <= perplexity:
                for j in range(k):
                    weights[j] = 1.0
                total = float64(k)
            elif ties >= perplexity:
                for j in range(k):
                    weights[j] = squares[j] == 0.0
                total = float64(ties)
                bandwidth = 0.0
            else:
                middle = squares[int64(perplexity)]
                for j in range(k):
                    squares[j] /= middle
                entropy = np.log(perplexity)
                beta = 3.0
                began_warm = scale == 0 and 0.0 < warm[i] < np.inf
                if began_warm:
                    beta = middle / (2.0 * float64(warm[i]) * float64(warm[i]))
                for _ in range(2):  # a loop, as numba compiles each call separately
                    beta, sure = _fit(beta, entropy, squares, weights)
                    if sure or not began_warm:
                        break
                    beta, began_warm = 3.0, False
                below, above = float32(beta * (1 - _DOUBT)), float32(beta * (1 + _DOUBT))
                if below < above:
                    halfway = 0.5 * (float64(below) + float64(above))
                    total, mean, _, _ = _weigh(halfway, squares, weights)
                    if np.log(total) + mean < entropy:
                        above = below
                beta = float64(above)
                total = _weigh(beta, squares, weights)[0]
                bandwidth = np.sqrt(middle / (2.0 * beta))
            if scale == 0:
                bandwidths[i] = bandwidth
            for j in range(k):
                mixed[j] += weights[j] / total
        sums[r] = 0.0
        for j in range(k):
            shares[j] = mixed[j] / len(perplexities)
            if shares[j] < _LEAST_P:
                shares[j] = 0.0
            sums[r] += shares[j]
            keys[j] = int64(rank[indices[i, j]]) << 32 | j
        ascending = _sort(keys, spare)
        for j in range(k):
            columns[r, j] = ascending[j] >> 32
            p[r, j] = shares[ascending[j] & 0xFFFFFFFF]


def probabilities_of_new_rows(
    nearest: Neighbors, n: int, perplexity: float, k: int, pool: Pool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k of n rows that each new row uses, ascending, and their p, which sums to 1.

    A new row's probabilities depend on that row and the others alone.
    """
    m = len(nearest.indices)
    columns, p = np.empty((m, k), np.uint32), np.empty((m, k), np.float32)
    sums, bandwidths = np.empty(m), np.empty(m, np.float32)
    pool.run(
        conditional, m, np.array([float(perplexity)]), np.arange(m), np.arange(n, dtype=np.uint32),
        nearest.indices, nearest.distances, np.zeros(m, np.float32), columns, p, sums, bandwidths, grain=64,
    )  # fmt: skip
    return columns, (p / sums[:, None]).astype(np.float32)
