"""An epoch: rows step along their edges, in passes.

umap-learn walks along the edges one by one. An edge that is drawn moves both of its ends; then rows drawn
at random push its first end away. Each edge is drawn once from either end. Here all rows step at the same
time, each against the places of the others before the pass, so that threads do not matter. With all edges in
one pass, steps are too long, and the map is blurred; so edges are dealt out to several passes.

This table gives the share of the 10 nearest neighbours that a map keeps, the share of its own that it has in
common with maps of umap-learn, and CPU seconds, for the same weights and start (means over 2 seeds of digits,
1 of MNIST, and 3 maps of umap-learn):

=============== ============== ===============
passes          digits         MNIST 10,000
=============== ============== ===============
2               .495 .653 2.0  .278 .497 10.7
4               .491 .697 2.2  .279 .566 10.7
**8**           .495 .702 2.1  .280 .553 10.4
16              .495 .703 2.6
two umap-learn  .494 .717      .273 .549
=============== ============== ===============
"""

from typing import NamedTuple

import numpy as np
from numba import boolean, float32, float64, int32, int64, njit, uint32, uint64, void
from scipy.sparse import csr_array

from ..tsne.kernel import kernel

#: Passes in an epoch, an even number.
PASSES = 8
#: Other rows that push the first end of an edge away when the edge is drawn.
NEGATIVES = 5

_CLIP = 4.0
_LEAST = 0.001  # keeps the push between rows at the same place finite
_GOLDEN, _MIX, _LAST = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@njit(inline="always")
def _drawn(rate, epoch):
    return np.floor((epoch + 1) * rate) != np.floor(epoch * rate)


@njit(inline="always")
def _pulled(x, y, to_x, to_y, a, b, rate):
    dx, dy = x - to_x, y - to_y
    squared = dx * dx + dy * dy
    if squared > 0.0:
        power = squared**b
        pull = -2.0 * a * b * power / (squared * (1.0 + a * power))
        x += rate * min(_CLIP, max(-_CLIP, pull * dx))
        y += rate * min(_CLIP, max(-_CLIP, pull * dy))
    return x, y


@njit(inline="always")
def _pushed(x, y, from_x, from_y, a, b, rate):
    dx, dy = x - from_x, y - from_y
    squared = dx * dx + dy * dy
    if squared > 0.0:
        push = 2.0 * b / ((_LEAST + squared) * (1.0 + a * squared**b))
        x += rate * min(_CLIP, max(-_CLIP, push * dx))
        y += rate * min(_CLIP, max(-_CLIP, push * dy))
    return x, y


@njit(inline="always")
def _row_at_random(state, n):
    # SplitMix64 (Steele, Lea & Flood 2014); the caller adds _GOLDEN to the state.
    mixed = (state ^ (state >> uint64(30))) * uint64(_MIX)
    mixed = (mixed ^ (mixed >> uint64(27))) * uint64(_LAST)
    return int64((mixed ^ (mixed >> uint64(31))) % uint64(n))


@kernel(
    void(
        int64, int64, float32[:, ::1], int64[::1], int32[::1], float32[::1], boolean[::1],
        int64, float64, float64, float64, uint64, float32[:, ::1],
    ),
    reordered=True,
)  # fmt: skip
def step_along(start, stop, Y, indptr, columns, rates, first, epoch, a, b, rate, seed, Y_next):
    """Move the rows along the edges of a pass, by the gradients of McInnes, Healy & Melville (2018, sect. 4).

    An edge is drawn at a steady pace, `rates` times an epoch. `first` says of which edges a row is the first
    end.
    """
    n = len(Y)
    for i in range(start, stop):
        x, y = float64(Y[i, 0]), float64(Y[i, 1])
        state = seed + uint64(i) * uint64(_MIX)
        for e in range(indptr[i], indptr[i + 1]):
            if not _drawn(float64(rates[e]), epoch):
                continue
            x, y = _pulled(x, y, Y[columns[e], 0], Y[columns[e], 1], a, b, rate)
            if not first[e]:
                continue
            for _ in range(NEGATIVES):
                state += uint64(_GOLDEN)
                other = _row_at_random(state, n)
                if other != i:
                    x, y = _pushed(x, y, Y[other, 0], Y[other, 1], a, b, rate)
        Y_next[i, 0], Y_next[i, 1] = x, y


@kernel(
    void(
        int64, int64, float32[:, ::1], float32[:, ::1], uint32[:, ::1], float32[:, ::1],
        int64, float64, float64, float64, uint64,
    ),
    reordered=True,
)  # fmt: skip
def descend_alone(start, stop, points, Y, columns, rates, epochs, a, b, rate, seed):
    """Move new rows along their edges for so many epochs, each by itself; the rows of the map stay.

    What is drawn for a new row depends on its nearest row, not on its own number: a place then depends on
    nothing but the row and the map.
    """
    n = len(Y)
    for i in range(start, stop):
        x, y = float64(points[i, 0]), float64(points[i, 1])
        state = seed + uint64(columns[i, 0]) * uint64(_MIX)
        for epoch in range(epochs):
            falling = rate * (1.0 - epoch / epochs)
            for e in range(columns.shape[1]):
                if not _drawn(float64(rates[i, e]), epoch):
                    continue
                x, y = _pulled(x, y, Y[columns[i, e], 0], Y[columns[i, e], 1], a, b, falling)
                for _ in range(NEGATIVES):
                    state += uint64(_GOLDEN)
                    other = _row_at_random(state, n)
                    x, y = _pushed(x, y, Y[other, 0], Y[other, 1], a, b, falling)
        points[i, 0], points[i, 1] = x, y


class Edges(NamedTuple):
    """The edges of a pass, by row, as the kernel takes them."""

    indptr: np.ndarray
    columns: np.ndarray
    rates: np.ndarray
    first: np.ndarray


def dealt(weights: csr_array, passes: int = PASSES) -> list[Edges]:
    """Deal the edges out to passes; each occurs once from either end, half of the passes apart."""
    n = weights.shape[0]
    rows = np.repeat(np.arange(n), np.diff(weights.indptr))
    columns = weights.indices.astype(np.int64)
    rates = (weights.data / weights.data.max()).astype(np.float32)
    from_here = _pass_of(rows, columns, passes)
    from_there = (from_here + passes // 2) % passes
    edges = []
    for number in range(passes):
        first = from_here == number
        taken = first | (from_there == number)
        indptr = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(rows[taken], minlength=n), out=indptr[1:])
        edges.append(Edges(indptr, weights.indices[taken].astype(np.int32), rates[taken], first[taken]))
    return edges


def _pass_of(rows: np.ndarray, columns: np.ndarray, passes: int) -> np.ndarray:
    """Return in which pass a row draws an edge: in another one than the other end does."""
    low, high = np.minimum(rows, columns).astype(np.uint64), np.maximum(rows, columns).astype(np.uint64)
    mixed = low * np.uint64(_GOLDEN) + high * np.uint64(_MIX)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(_LAST)
    dealt = ((mixed >> np.uint64(32)) % np.uint64(passes)).astype(np.int64)
    return (dealt + np.where(rows < columns, 0, passes // 2)) % passes
