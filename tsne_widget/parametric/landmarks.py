r"""A map as a function of a row: the weighted mean of the places of its nearest landmarks.

.. math:: y(x) = \sum_j w_j(x) W_j, \qquad w_j \propto \exp(-\beta |x - c_j|^2)

Landmarks :math:`c_j` are centres of k-means. Only the 16 nearest have weight, and :math:`\beta` is such that
the weights are those of 1.5 landmarks in effect: a perplexity, as in t-SNE itself. Places :math:`W_j` are the
parameters, and as the map is linear in them, the gradient by them is :math:`w^T \partial KL / \partial Y`.

The share of new rows' 10 nearest rows that are nearest on the map, and the share whose nearest on the map has
their label, on digits (1,437 + 360 rows) and MNIST (8,000 + 2,000, 50 components):

=====================================  =================  ==================
weights; landmarks                     digits             MNIST
=====================================  =================  ==================
0.2 x distance to the 5th; n / 2       .467  .967         .262  .866
perplexity 2.5; n / 2                  .511  .972         .311  .896
perplexity 2; n / 2                    .505  .975         .328  .905
**perplexity 1.5; n / 2**              .495  .981         .349  .926
perplexity 1.5; n                      .509  .981         .356  .931
`TSNE.transform`                       .534  .983         .369  .934
=====================================  =================  ==================

With n / 2, random rows as landmarks lose .04, the row nearest to each centre .02; 8 or 32 landmarks instead
of 16 change less than .01. A second layer of n / 8 landmarks with a fifth of the weight loses .01 on digits
and .04 on MNIST; fewer landmarks or more weight there lose more.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from ..tsne.conditional import probabilities_of_new_rows
from ..tsne.nearest import Neighbors
from ..tsne.pool import Pool, one_blas_thread
from ..tsne.query import nearest_rows
from ..tsne.state import State
from .adam import Adam

_NEAREST, _PERPLEXITY = 16, 1.5
#: How many landmarks "auto" means: half the rows, at most this many.
MOST_AUTO = 4_000
_EPOCHS, _ROWS_AT_ONCE = 3, 1024
_ROWS_PER_LANDMARK = 5  # from which k-means learns
_LEAST_MASS = 1e-6
_RATE = 0.5  # of Adam; with 1 the map jumps at first, and with 10 it falls into fragments


def landmarks_for(n: int) -> int:
    """Return how many landmarks suit n rows."""
    return min(-(-n // 2), MOST_AUTO)


def find_landmarks(rows: np.ndarray, count: int, seed: int) -> Generator[float, None, np.ndarray]:
    """Return at most `count` landmarks: k-means centres without repetitions, or all rows if asked for.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        The scaled rows.
    count : int
        How many, from 1 to n.
    seed : int
        Draws the rows where centres begin, and the order of rows.

    Yields
    ------
    float
        Progress, from 0 to 1.
    """
    if count == len(rows):
        return np.unique(rows, axis=0)
    from sklearn.cluster import MiniBatchKMeans  # only here: it takes a second to load

    random = np.random.default_rng(seed)
    seen = rows[random.permutation(len(rows))[: _ROWS_PER_LANDMARK * count]]
    size = min(max(_ROWS_AT_ONCE, count), len(seen))
    search = MiniBatchKMeans(count, init=seen[:count], n_init=1, reassignment_ratio=0, random_state=seed)
    batches = range(0, len(seen), size)
    for epoch in range(_EPOCHS):
        order = random.permutation(len(seen))
        for number, first in enumerate(batches):
            yield (epoch + number / len(batches)) / _EPOCHS
            # A batch is never shorter, because scikit-learn wants at least one row for each centre.
            first = min(first, len(seen) - size)
            # OpenMP's threads would not survive a fork.
            with threadpool_limits(1, "openmp"), one_blas_thread():
                search.partial_fit(seen[order[first : first + size]])
    return np.unique(search.cluster_centers_.astype(np.float32), axis=0)


def weights_of(rows: np.ndarray, landmarks: np.ndarray, pool: Pool) -> Generator[float, None, csr_array]:
    """Return the weights of the landmarks in each row, which sum to 1, as a generator of the progress made.

    A row's weights depend on that row and the landmarks alone.

    Raises
    ------
    ValueError
        A row is too far away for float32 to hold its distances.
    """
    nearest = yield from _nearest_landmarks(rows, landmarks, pool)
    return _weights_by(nearest, len(landmarks), pool)


def _nearest_landmarks(
    rows: np.ndarray, landmarks: np.ndarray, pool: Pool
) -> Generator[float, None, Neighbors]:
    k = min(_NEAREST, len(landmarks))
    nearest = yield from nearest_rows(rows, landmarks, k, pool=pool)
    lost = ~np.isfinite(nearest.distances).all(axis=1)
    if lost.any():
        raise ValueError(f"row {lost.argmax()} lies too far from all landmarks")
    return nearest


def _weights_by(nearest: Neighbors, count: int, pool: Pool) -> csr_array:
    m, k = nearest.indices.shape
    perplexity = min(_PERPLEXITY, (1 + k) / 2)
    columns, shares = probabilities_of_new_rows(nearest, count, perplexity, k, pool)
    ends = np.arange(0, m * k + 1, k, dtype=np.int64)
    return csr_array((shares.ravel(), columns.astype(np.int64).ravel(), ends), shape=(m, count))


class Landmarks:
    """The trainable model: places of landmarks, for rows given by their weights.

    Attributes
    ----------
    points : ndarray of shape (m, d), float32
        The landmarks among the scaled rows.
    places : ndarray of shape (m, 2), float32
        Their places on the map.
    reach : float
        How far the rows reach: the largest distance of one from its nearest landmark, or of a landmark from
        its nearest other one, if that is larger.
    """

    def __init__(self, points: np.ndarray, weights: csr_array, reach: float):
        self.points, self.reach = points, reach
        self.places = np.zeros((len(points), 2), np.float32)
        self._weights, self._transposed = weights, weights.T.tocsr()
        self._mass = np.asarray(weights.sum(axis=0)).reshape(-1, 1)
        self._adam: Adam | None = None

    @classmethod
    def among(cls, rows: np.ndarray, points: np.ndarray, pool: Pool) -> Generator[float, None, Landmarks]:
        """Make the model for some rows; landmarks that no row needs are left out."""
        while True:
            nearest = yield from _nearest_landmarks(rows, points, pool)
            weights = _weights_by(nearest, len(points), pool)
            needed = weights.sum(axis=0) > _LEAST_MASS
            if needed.all():
                # Rows that landmarks were fitted to lie nearer to them than others like them.
                apart = yield from nearest_rows(points, points, min(2, len(points)), pool=pool)
                return cls(points, weights, float(max(nearest.distances[:, 0].max(), apart.distances.max())))
            points = points[needed]

    @property
    def state(self) -> State:
        """A copy of the places, and of how far they have learned."""
        own = State({"places": self.places.copy()}, {"learns": self._adam is not None})
        return own if self._adam is None else own.joined_by(adam=self._adam.state)

    def restore(self, state: State) -> None:
        """Go on from the state of the same landmarks."""
        places = np.array(state.arrays["places"])
        if places.shape != self.places.shape:
            raise ValueError("the state is that of other landmarks")
        self.places = places
        learns = state.numbers["learns"]
        self._adam = Adam.resume([self.places], _RATE, state.part("adam")) if learns else None

    def follow(self, Y: np.ndarray) -> None:
        """Put each landmark at the mean of the rows that give it weight."""
        self.places = ((self._transposed @ Y) / self._mass).astype(np.float32)

    def begin(self, steps: int) -> None:
        """Begin to learn anew from the present places, in so many steps."""
        self.places = self.places.copy()
        self._adam = Adam([self.places], _RATE, steps)

    def forward(self) -> np.ndarray:
        """Return the map of the rows."""
        return self._weights @ self.places

    placed = forward

    def backward(self, gradient: np.ndarray) -> None:
        """Learn from the gradient of the loss by the map of the rows."""
        assert self._adam is not None
        self._adam.step([self._transposed @ gradient])
