"""How good a map is, by one evaluator for all methods that shares no code with any of them.

KL(P || Q) with P from the nearest neighbours at perplexity 30, in float64; Q's Z over all pairs in float64.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import scipy.sparse
from numba import njit
from scipy.spatial import cKDTree
from sklearn.neighbors import NearestNeighbors

PERPLEXITY, K, NEAR = 30, 90, 10
THREADS = 2
#: Above, neighbours come from an index of faiss, whose recall is said: an exact search takes 20 minutes.
EXACT_NEIGHBORS = 300_000
#: Above, Z is estimated from the sums of that many rows with all others: its log is right to about 0.002.
EXACT_Z, ROWS_FOR_Z = 300_000, 50_000
#: Above, recall is that of a sample of rows, the same for all maps.
EXACT_RECALL, ROWS_FOR_RECALL = 20_000, 2_000

_kernel = njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "arcp", "nsz"})


@dataclass(frozen=True)
class Quality:
    """How good a map is: KL(P || Q), and what part of the 10 nearest neighbours of a row it keeps."""

    kl: float
    recall: float


class Evaluator:
    """The quality of maps of the rows of X.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        The data.

    Attributes
    ----------
    indices : ndarray of shape (n, 90), uint32
        The nearest neighbours, nearest first.
    squared : ndarray of shape (n, 90), float64
        Their squared distances.
    notes : list of str
        What is estimated rather than exact.
    """

    def __init__(self, X: np.ndarray):
        n = len(X)
        self.notes: list[str] = []
        self.indices = nearest(X, K)
        self.squared = np.empty((n, K))
        _each_strip(n, _squared_distances, X, self.indices, self.squared)
        self._rows = np.arange(n)
        if n > EXACT_RECALL:
            self._rows = np.sort(np.random.default_rng(0).choice(n, ROWS_FOR_RECALL, replace=False))
            self.notes.append(f"10-NN recall of {ROWS_FOR_RECALL:,} rows")
        self._near = self._true_neighbors(X)
        self._p = np.empty((n, K))
        _each_strip(n, _conditional, self.squared, np.log(PERPLEXITY), self._p)
        self._p /= n
        self._log_p = self._mean_log_p()
        if n > EXACT_Z:
            self.notes.append(f"Z from {ROWS_FOR_Z:,} rows")

    def __call__(self, Y: np.ndarray) -> Quality:
        """Return the quality of a map, shape (n, 2)."""
        return Quality(self.kl(Y), self._recall(Y))

    def kl(self, Y: np.ndarray) -> float:
        """Return KL(P || Q): the mean of log p - log q = log p + log(1 + d^2) + log Z over P."""
        Y = np.ascontiguousarray(Y, dtype=np.float64)
        log_distances = sum(_each_strip(len(Y), _mean_log_distance, Y, self.indices, self._p))
        return float(self._log_p + log_distances + np.log(normalization(Y)))

    def search_recall(self, indices: np.ndarray) -> float:
        """Return what part of the true neighbours a search has found, shape (n, k)."""
        true = self.indices[self._rows, : indices.shape[1]]
        return _agreement(true, indices[self._rows])

    def _recall(self, Y: np.ndarray) -> float:
        Y = np.asarray(Y, dtype=np.float64)
        found = cKDTree(Y).query(Y[self._rows], NEAR + 1, workers=THREADS)[1]
        return _agreement(self._near, _without(self._rows, found))

    def _true_neighbors(self, X: np.ndarray) -> np.ndarray:
        if len(X) <= EXACT_NEIGHBORS:
            return self.indices[self._rows, :NEAR]
        search = NearestNeighbors(n_neighbors=K + 1, algorithm="brute", n_jobs=THREADS).fit(X)
        true = _without(self._rows, search.kneighbors(X[self._rows], return_distance=False))
        recall = _agreement(true, self.indices[self._rows])
        self.notes.append(f"P from approximate neighbours (recall {recall:.4f})")
        return true[:, :NEAR]

    def _mean_log_p(self) -> float:
        n = len(self._p)
        P = scipy.sparse.csr_array(
            (self._p.ravel(), self.indices.ravel(), np.arange(0, n * K + 1, K)), (n, n)
        )
        p = (P + P.T).data / 2
        return (p * np.log(p)).sum()


def nearest(X: np.ndarray, k: int) -> np.ndarray:
    """Return the nearest neighbours of all rows, shape (n, k), uint32: by faiss, or else scikit-learn."""
    rows = np.arange(len(X))
    if find_spec("faiss") is None:
        search = NearestNeighbors(n_neighbors=k + 1, algorithm="brute", n_jobs=THREADS).fit(X)
        return _without(rows, search.kneighbors(X, return_distance=False)).astype(np.uint32)
    import faiss

    faiss.omp_set_num_threads(THREADS)
    index = faiss.IndexFlatL2(X.shape[1])
    if len(X) > EXACT_NEIGHBORS:
        index = faiss.IndexIVFFlat(index, X.shape[1], 1024)
        index.nprobe = 96
        index.train(X[:: len(X) // 100_000])
    index.add(X)
    return _without(rows, index.search(X, k + 1)[1]).astype(np.uint32)


def _without(rows: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Leave out each row itself, or the last one where equal rows have pushed it out."""
    others = found != rows[:, None]
    others[others.all(axis=1), -1] = False
    return found[others].reshape(len(found), -1)


def _agreement(true: np.ndarray, found: np.ndarray) -> float:
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(true, found, strict=True)]))


def normalization(Y: np.ndarray) -> float:
    """Return Z = sum of 1 / (1 + d^2) over ordered pairs, from a sample of rows where there are very many."""
    n = len(Y)
    columns = np.ascontiguousarray(Y.T)
    if n <= EXACT_Z:
        return 2 * sum(_each_strip(n, _weights_with_later, columns))
    rows = np.random.default_rng(0).choice(n, ROWS_FOR_Z, replace=False)
    return n / len(rows) * (sum(_each_strip(len(rows), _weights_with_all, columns, rows)) - len(rows))


def _each_strip(n: int, kernel, *args) -> list:
    strips = [(start, min(n, start + 256)) for start in range(0, n, 256)]
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(lambda strip: kernel(*strip, *args), strips))


@_kernel
def _squared_distances(start, stop, X, indices, squared):
    for i in range(start, stop):
        for c in range(indices.shape[1]):
            total = 0.0
            for d in range(X.shape[1]):
                total += (np.float64(X[i, d]) - np.float64(X[indices[i, c], d])) ** 2
            squared[i, c] = total


@_kernel
def _conditional(start, stop, squared, entropy, p):
    """p_j|i of a given entropy in nats, by bisection (van der Maaten & Hinton 2008, equation 1)."""
    k = squared.shape[1]
    for i in range(start, stop):
        nearest = squared[i].min()
        low, high = 0.0, np.inf
        beta = 1.0 / max(squared[i].mean() - nearest, 1e-300)
        for _ in range(200):
            total, weighted = 0.0, 0.0
            for c in range(k):
                p[i, c] = np.exp(-beta * (squared[i, c] - nearest))
                total += p[i, c]
                weighted += p[i, c] * (squared[i, c] - nearest)
            excess = np.log(total) + beta * weighted / total - entropy
            if abs(excess) < 1e-12:
                break
            if excess > 0:
                low = beta
            else:
                high = beta
            beta = 2 * beta if np.isinf(high) else (low + high) / 2
        for c in range(k):
            p[i, c] /= total


@_kernel
def _mean_log_distance(start, stop, Y, indices, p):
    total = 0.0
    for i in range(start, stop):
        for c in range(indices.shape[1]):
            j = indices[i, c]
            total += p[i, c] * np.log(1.0 + (Y[i, 0] - Y[j, 0]) ** 2 + (Y[i, 1] - Y[j, 1]) ** 2)
    return total


@_kernel
def _weights_with_later(start, stop, columns):
    total = 0.0
    for i in range(start, stop):
        x, y = columns[0, i], columns[1, i]
        for j in range(i + 1, columns.shape[1]):
            total += 1.0 / (1.0 + (x - columns[0, j]) ** 2 + (y - columns[1, j]) ** 2)
    return total


@_kernel
def _weights_with_all(start, stop, columns, rows):
    total = 0.0
    for r in range(start, stop):
        x, y = columns[0, rows[r]], columns[1, rows[r]]
        for j in range(columns.shape[1]):
            total += 1.0 / (1.0 + (x - columns[0, j]) ** 2 + (y - columns[1, j]) ** 2)
    return total
