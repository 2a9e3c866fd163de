"""Find the rows of the data nearest to new rows through cells, approximately.

A new row x looks into the cells (see `cells`) that may hold one of its nearest rows. A row y of a cell with
centre c, with the angle a between y - c and x - c, is at the squared distance
|x - c|^2 - 2 |x - c| |y - c| cos a + |y - c|^2. With cos a = 1 this is the triangle inequality, which rules
out few cells in many dimensions; but there hardly any row lies straight towards x. So we measure on rows of
the data which cosine suffices for nearly all of their nearest rows, and rule out the cells whose rows would
need a larger one. In few dimensions that cosine is near 1, and few cells remain anyway.

A new row takes the cells in an order of its own and compares itself by direct distances, so that what it
finds depends neither on the rows that come with it nor on the number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from .cell_index_kernels import seek
from .cells import CELL, cut_into_cells
from .exact_query import ProductQuery, squared_distances
from .metrics import center_of, exponent_of, row_lengths, rows_at_once, rows_divided, zeros_apart
from .nearest import SAME, Neighbors
from .pool import Pool, one_blas_thread
from .search import FARTHEST
from .steps import at

#: Rows of the data on which the cosine is measured, and the share of their nearest rows it must suffice for.
_MEASURED, _SUFFICES = 256, 0.999
#: New rows may lie farther out than the data, where noise of many dimensions needs larger cosines.
_STRETCHES = (1.0, 1.5)
_FURTHER = 8  # candidates besides those wanted: float32 may confuse their order
#: Below this share of the square of its length, the squared distance of a row may have lost its digits.
_CANCELLED = 2.0**-28
#: Rows of the data are scaled to 2^60; the squares of longer rows than this overflow.
_LONGEST = 2.0**62
_ROUNDED_UP, _ROUNDING = np.float32(1.0001), 1e-12
_ROWS_PER_STEP = 256  # for each thread: about 50 ms
_ROWS_IN_ORDER, _GROUPS = 2**15, 256
_CELLS_PER_STEP = 64


@dataclass(frozen=True)
class _OnScale:
    """Rows as the cells have them.

    Attributes
    ----------
    points : ndarray of shape (m, columns), float32
        The rows, or zeros if one is too long.
    lengths : ndarray of shape (m,), float64
        Their lengths.
    along : ndarray of shape (m,), float64
        Their positions along the line of the index.
    """

    points: np.ndarray
    lengths: np.ndarray
    along: np.ndarray


@dataclass(frozen=True)
class _Found:
    """What some new rows have found, besides their candidates."""

    indices: np.ndarray
    distances: np.ndarray
    doubtful: np.ndarray


class CellIndex:
    """The rows of the data in cells, for any number of queries; `build` makes it ready.

    It takes about as much memory as the rows in float32. Several threads may ask at once.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The data, finite numbers; they must not change.
    cosine : bool
        Whether the distance is cosine; otherwise it is euclidean.
    """

    def __init__(self, X: np.ndarray, cosine: bool):
        self.X, self._cosine = X, cosine
        self._center, self._exponent = np.zeros(X.shape[1]), 0
        self._lengths = row_lengths(X) if cosine else np.empty(0)
        line = np.random.default_rng(0).normal(size=X.shape[1] + 2 * cosine)
        self._line = line / np.linalg.norm(line)
        self._columns = -(-len(line) // 4) * 4
        self._cosines: dict[int, float] = {}
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """The bytes that it takes besides the data."""
        of_cells = self._centers, self._center_panels, self._panels, self._ids, self._radii
        return sum(array.nbytes for array in (*of_cells, self._lengths, self._by_line, self._along_line))

    def build(self, pool: Pool) -> Generator[float, None, None]:
        """Cut the rows into cells, in steps."""
        n, size = len(self.X), rows_at_once(self.X)
        if not self._cosine:
            self._center, longest = center_of(self.X), 0.0
            for start in range(0, n, size):
                longest = max(longest, float(np.abs(self.X[start : start + size] - self._center).max()))
                yield 0.0
            self._exponent = exponent_of(longest * np.sqrt(self.X.shape[1]))
        points, along = np.empty((n, self._columns), np.float32), np.empty(n)
        for start in range(0, n, size):
            some = self._on_scale(self.X[start : start + size], 1)
            points[start : start + size], along[start : start + size] = some.points, some.along
            yield 0.0
        self._by_line = np.argsort(along, kind="stable").astype(np.uint32)
        self._along_line = along[self._by_line]
        yield 0.0
        cells = yield from cut_into_cells(points, pool)
        self._panels, self._ids, self._centers = cells.panels, cells.ids.astype(np.uint32), cells.centers
        self._radii = np.empty(len(cells.centers), np.float32)
        for start in range(0, len(cells.centers), _CELLS_PER_STEP):
            some_cells = slice(start, start + _CELLS_PER_STEP)
            squares = np.einsum("cfr,cfr->cr", cells.panels[some_cells], cells.panels[some_cells])
            self._radii[some_cells] = _ROUNDED_UP * np.sqrt(squares.max(axis=1))
            yield 1.0
        self._panels[-1, :, n - len(self._ids) * CELL + CELL :] = np.inf  # nobody is near the end of the last
        count = -(-len(cells.centers) // CELL)
        padded = np.zeros((count * CELL, self._columns), np.float32)
        padded[: len(cells.centers)] = cells.centers
        self._center_panels = np.ascontiguousarray(padded.reshape(count, CELL, -1).transpose(0, 2, 1))
        yield 1.0

    def query(self, new: np.ndarray, k: int, pool: Pool) -> Generator[float, None, Neighbors]:
        """Return nearly all of the k rows nearest to each new row, with their true distances.

        A row of the data that equals a new row, to a millionth of the distance of its kth neighbour, is found
        always. New rows whose distances float32 cannot hold, or not tell apart, are searched for exactly.

        Parameters
        ----------
        new : ndarray of shape (m, d)
            The new rows, finite numbers.
        k : int
            The number of nearest rows, well below n.
        pool : Pool
            The threads.

        Yields
        ------
        float
            Progress, from 0 to 1.

        Returns
        -------
        Neighbors
            See `nearest_rows`.
        """
        cosine = self._cosine_for(k, pool)
        m = len(new)
        found = _Found(np.empty((m, k), np.uint32), np.empty((m, k), np.float32), np.zeros(m, bool))
        heaps = np.empty((min(m, _ROWS_IN_ORDER), k + _FURTHER), np.int64)
        for first in range(0, m, _ROWS_IN_ORDER):
            some = slice(first, first + _ROWS_IN_ORDER)
            rows = self._on_scale(new[some], 0)
            part = _Found(found.indices[some], found.distances[some], found.doubtful[some])
            order, size = self._order(rows.points), _ROWS_PER_STEP * pool.n_jobs
            for begin in range(0, len(order), size):
                yield (first + begin) / m
                now = order[begin : begin + size]
                self._seek(now, rows.points, cosine, heaps, pool)
                pool.run(self._rank, len(now), now, new[some], rows, heaps, part, grain=_ROWS_PER_STEP // 2)
        if found.doubtful.any():
            exactly = ProductQuery(new[found.doubtful], self.X, k, self._cosine)
            indices, distances = yield from at(1.0, exactly.run(pool))
            found.indices[found.doubtful], found.distances[found.doubtful] = indices, distances
        yield 1.0
        return Neighbors(found.indices, found.distances)

    def _on_scale(self, rows: np.ndarray, side: int) -> _OnScale:
        if self._cosine:
            lengths = row_lengths(rows)
            x = np.column_stack([rows_divided(rows, lengths), zeros_apart(lengths, side)])
        else:
            x = np.ldexp(rows - self._center, self._exponent)
        lengths = row_lengths(x)
        points = np.zeros((len(x), self._columns), np.float32)
        points[:, : x.shape[1]] = np.where(lengths[:, None] < _LONGEST, x, 0)
        return _OnScale(points, lengths, x @ self._line)

    def _order(self, points: np.ndarray) -> np.ndarray:
        """Return an order of rows in which most look into the same cells as those beside them."""
        centers = self._centers[:: -(-len(self._centers) // _GROUPS)]
        group = np.empty(len(points), np.int64)
        with one_blas_thread():
            squares = np.einsum("ij,ij->i", centers, centers)
            for start in range(0, len(points), _ROWS_PER_STEP):
                some = slice(start, start + _ROWS_PER_STEP)
                group[some] = (squares - 2 * (points[some] @ centers.T)).argmin(axis=1)
        return np.argsort(group, kind="stable")

    def _seek(
        self, rows: np.ndarray, points: np.ndarray, cosine: float, heaps: np.ndarray, pool: Pool
    ) -> None:
        heaps[rows] = FARTHEST
        pool.run(
            seek, len(rows), rows, points, np.float32(cosine), self._centers, self._center_panels,
            self._radii, self._panels, self._ids, heaps, grain=_ROWS_PER_STEP // 2,
        )  # fmt: skip

    def _rank(
        self, start: int, stop: int, rows: np.ndarray, new: np.ndarray, on_scale: _OnScale,
        heaps: np.ndarray, found: _Found,
    ) -> None:  # fmt: skip
        """Rank the candidates of some new rows by distances computed directly, as `ProductQuery` does."""
        rows, k = rows[start:stop], found.indices.shape[1]
        candidates = np.sort(heaps[rows] & 0xFFFFFFFF, axis=1)
        squared = self._directly(new[rows], candidates)
        self._add_equal(new[rows], on_scale.along[rows], on_scale.lengths[rows], candidates, squared)
        order = np.lexsort((candidates, squared), axis=1)
        squared = np.take_along_axis(squared, order, axis=1)
        found.indices[rows] = np.take_along_axis(candidates, order[:, :k], axis=1)
        found.distances[rows] = squared[:, :k] / 2 if self._cosine else np.sqrt(squared[:, :k])
        lengths = on_scale.lengths[rows]
        farthest = np.ldexp(squared[:, -1], 2 * self._exponent)
        lost = (squared[:, k - 1] > 0) & (farthest < _CANCELLED * lengths**2)
        found.doubtful[rows] = lost | ~(lengths < _LONGEST)

    def _add_equal(
        self, new: np.ndarray, along: np.ndarray, lengths: np.ndarray, candidates: np.ndarray,
        squared: np.ndarray,
    ) -> None:  # fmt: skip
        """Put rows of the data that equal new rows in place of their farthest candidates.

        Along a line, rows are no farther from each other than they are in space.
        """
        far = np.ldexp(np.sqrt(squared.max(axis=1)), self._exponent)
        within = SAME * far + _ROUNDING * lengths
        first = np.searchsorted(self._along_line, along - within)
        count = np.searchsorted(self._along_line, along + within, side="right") - first
        row = np.repeat(np.arange(len(new)), count)
        there = self._by_line[np.arange(count.sum()) - np.repeat(count.cumsum() - count - first, count)]
        known = (candidates[row] == there[:, None]).any(axis=1)
        row, there = row[~known], there[~known]
        apart = self._directly(new[row], there[:, None].astype(np.int64))[:, 0]
        equal = apart <= SAME**2 * squared.max(axis=1)[row]
        for r, other, distance in zip(row[equal], there[equal], apart[equal], strict=True):
            farthest = squared[r].argmax()
            if distance < squared[r, farthest]:
                candidates[r, farthest], squared[r, farthest] = other, distance

    def _directly(self, new: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """Return the squared distances of new rows, of length 1 for the cosine, to their candidates."""
        squared = np.empty(candidates.shape)
        if not self._cosine:
            squared_distances(0, len(new), new.astype(np.float64), self.X, candidates, squared)
            return squared
        own, there = row_lengths(new), candidates.ravel()
        apart = rows_divided(self.X[there], self._lengths[there]).reshape(*candidates.shape, new.shape[1])
        apart -= rows_divided(new, own)[:, None]
        np.einsum("ijf,ijf->ij", apart, apart, out=squared)
        # A row of zeros is at distance 1 from all others.
        squared += (own == 0)[:, None].astype(np.float64) + (self._lengths[candidates] == 0)
        return squared

    def _cosine_for(self, k: int, pool: Pool) -> float:
        """Return the cosine that suffices for most of the k nearest rows; it is measured once for each k."""
        with self._lock:
            if k not in self._cosines:
                self._cosines[k] = max(self._measured_cosine(k, by, pool) for by in _STRETCHES)
            return self._cosines[k]

    def _measured_cosine(self, k: int, stretch: float, pool: Pool) -> float:
        n = len(self.X)
        own = np.linspace(0, n - 1, min(_MEASURED, n)).astype(np.int64)
        points = np.float32(stretch) * self._on_scale(self.X[own], 1).points
        heaps = np.empty((len(own), k + 1), np.int64)  # one for the row itself
        self._seek(self._order(points), points, 1.0, heaps, pool)
        farthest = (heaps.max(axis=1, keepdims=True) >> 32).astype(np.int32).view(np.float32)
        cell_of = np.empty(n, np.int64)
        cell_of[self._ids.ravel()[:n]] = np.arange(n) // CELL
        cells = cell_of[heaps & 0xFFFFFFFF]
        apart = points[:, None].astype(np.float64) - self._centers[cells]
        away = np.einsum("ijf,ijf->ij", apart, apart)
        needed = _cosine_needed(farthest.astype(np.float64), away, self._radii[cells])
        return float(np.quantile(needed, _SUFFICES))


def _cosine_needed(squared: np.ndarray, away: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Return the least cosine with which a cell may hold a row at a squared distance; see `seek`.

    `away` are the squared distances from the centres of the cells.
    """
    outside = np.maximum(away - squared, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        at_right_angle = np.sqrt(outside / away)
        at_radius = (outside + radii.astype(np.float64) ** 2) / (2 * np.sqrt(away) * radii)
        needed = np.where(at_right_angle * np.sqrt(away) <= radii, at_right_angle, at_radius)
    return np.where(outside == 0, 0.0, np.minimum(np.nan_to_num(needed, nan=1.0), 1.0))
