"""Search for neighbours of dense rows: the rows of each cell look into the cells that are near enough.

The rows of a cell (see `cells`) look into other cells, nearest first. A row skips a cell if the triangle
inequality says that all its rows are farther than the neighbours found so far. Otherwise it compares itself
with all rows of the cell at once, in float32, and pushes the near ones into its heap. Euclidean distances
(for rows of length 1, the cosine) come from products, |x - y|^2 = |x|^2 + |y|^2 - 2 xy, with x and y relative
to the cell's centre, so that little cancels; manhattan distances are summed directly.

Each row then ranks its candidates, a few more than requested, by distances computed directly, and checks that
rounding cannot have hidden a nearer row. If it can, mostly when rows are equally far up to rounding, the row
looks again, with direct distances to all rows that could be as near. So the neighbours depend neither on the
cells nor on how many more are requested: P of a perplexity is the same after any search.

The approximate search differs only in that each row looks only into the cells with the nearest centres.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np

from .approximate import cells_of_a_row, choice_of, reach
from .cell_kernels import compare, compute_directly, keep_near, look_into, near_enough
from .cells import CELL, cut_into_cells
from .metrics import center_of, exponent_of, is_manhattan, rows_at_once, unit_rows
from .pool import Pool
from .search import FARTHEST
from .steps import next_size

_WORK_AT_FIRST = 4e7  # multiplications for the rows of one cell: 1 to 5 ms
_DIRECT = 16  # direct distances take this many times longer
_CELLS_PER_THREAD = 4
_PROVIDED = 2**20  # numbers
_PREPARING = 0.1  # of the progress
_ROUNDED_UP = np.float32(1.0001)


class _Seeker:
    """Rows of a cell that look for neighbours.

    Attributes
    ----------
    places : ndarray of shape (rows,), int64
        Their positions in the order of cells.
    visits : ndarray, int64
        The cells to look into, nearest first.
    reach : ndarray of shape (rows,), float32
        The row skips cells whose centre has a larger key.
    heaps : ndarray of shape (rows, candidates), int64
        The nearest rows of the data so far; see `search.keep_nearest`.
    farthest, scale : ndarray of shape (rows,), float32
        The key at the root of a full heap, or infinity; and the greatest key to a centre, which scales the
        rounding error.
    """

    def __init__(self, places: np.ndarray, visits: np.ndarray, reach: np.ndarray, candidates: int):
        self.places, self.visits, self.reach = places, visits, reach
        self.heaps = np.full((len(places), candidates), FARTHEST)
        self.farthest = np.full(len(places), np.inf, np.float32)
        self.scale = np.zeros(len(places), np.float32)

    def again(self, some: np.ndarray) -> _Seeker:
        """Return some of the rows, as they were before looking."""
        return _Seeker(self.places[some], self.visits, self.reach[some], self.heaps.shape[1])


class CellSearch:
    """Euclidean, cosine, correlation, or manhattan distance of dense rows.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The data.
    k : int
        How many neighbours.
    metric : str
        A metric for which `metrics.has_own_search`.
    approximate : bool
        Whether each row looks only into the cells whose centres are nearest to it.
    """

    def __init__(self, X: np.ndarray, k: int, metric: str, approximate: bool):
        self.X, self.metric, self.approximate = X, metric, approximate
        self.n = X.shape[0]
        self.candidates = min(self.n - 1, k + max(8, k // 8))
        self.manhattan = is_manhattan(metric)
        self.angular = metric in ("cosine", "correlation")
        self.exponent = 0
        self.indices = np.empty((self.n, k), np.uint32)
        self.distances = np.empty((self.n, k), np.float32)

    def run(self, pool: Pool) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
        """Search for all rows, a few cells of them at a time."""
        for done in self._prepare(pool):
            yield _PREPARING * done
        count, together = len(self.cells.centers), _CELLS_PER_THREAD * pool.n_jobs
        for first in range(0, count, together):
            progress = _PREPARING + (1 - _PREPARING) * first / count
            some = range(first, min(first + together, count))
            parts = pool.run(_each(self._seeker), len(some), some, grain=1)
            seekers = [each for part in parts for each in part]
            for _ in self._seek(seekers, pool):
                yield progress
        yield 1.0
        return self.indices, self.distances

    def _prepare(self, pool: Pool) -> Generator[float, None, None]:
        """Scale the rows, cut them into cells, and compute what every look into a cell needs."""
        points, excess = yield from self._points()
        self.exact = yield from self._are_small_integers(points)
        cells = self.cells = yield from cut_into_cells(points, pool)
        self.excess = excess[cells.order]
        self.place_of = np.empty(self.n, np.int64)
        self.place_of[cells.order] = np.arange(self.n)
        yield 1.0
        self.lengths = np.empty(cells.ids.shape, np.float32)
        step = max(1, 2**19 // cells.panels[0].size)
        for start in range(0, len(cells.panels), step):
            some = cells.panels[start : start + step]
            self.lengths[start : start + step] = (
                np.abs(some).sum(axis=1) if self.manhattan else np.einsum("cfr,cfr->cr", some, some)
            )
            yield 1.0
        longest = self.lengths.max(axis=1)
        self.radii = _ROUNDED_UP * (longest if self.manhattan else np.sqrt(longest))
        if self.manhattan:
            self.lengths[:] = 0
        self.lengths.reshape(-1)[: self.n] += self.excess
        self.lengths.reshape(-1)[self.n :] = np.inf
        # Rows come in the order of cells: the first rows would make the system provide all memory for the
        # results at once, which takes most of a second for a million rows.
        size = max(1, _PROVIDED // self.indices.shape[1])
        for start in range(0, self.n, size):
            self.indices[start : start + size] = 0
            self.distances[start : start + size] = 0
            yield 1.0

    def _points(self) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
        """Return the rows, centred and scaled, with columns of zeros to a multiple of 4, and their excess.

        The excess is added to the squared distances of a row from all others: under the cosine a row of zeros
        is at distance 1 from them.
        """
        n, d = self.X.shape
        points, excess = np.zeros((n, -(-d // 4) * 4), np.float32), np.zeros(n, np.float32)
        size = rows_at_once(self.X)
        center = np.zeros(d) if self.angular else center_of(self.X)
        if not self.angular:
            self.exponent = yield from _exponent(self.X, center, size)
        for start in range(0, n, size):
            x = self.X[start : start + size].astype(np.float64)
            if not np.isfinite(x).all():
                raise ValueError("X must be finite, but it holds NaN or infinity")
            if self.angular:
                x = unit_rows(x, centered=self.metric == "correlation")
                excess[start : start + size] = ~x.any(axis=1)
            points[start : start + size, :d] = np.ldexp(x - center, self.exponent)
            yield 0.0
        return points, excess

    def _are_small_integers(self, points: np.ndarray) -> Generator[float, None, bool]:
        """Tell whether the rows are integers or halves so small that float32 computes without error.

        In such data many rows are equally far, and keep their order. A square relative to the centre of a
        cell is at most 4 times that relative to the centre of all, and a sum of products 4 times that: 2^24
        squared halves.
        """
        if self.angular:
            return False
        size = rows_at_once(points)
        for start in range(0, self.n, size):
            doubled = np.ldexp(points[start : start + size], 1 - self.exponent)
            squared = np.einsum("ij,ij->i", doubled, doubled)
            if (squared >= 2**20).any() or (doubled != np.rint(doubled)).any():
                return False
            yield 0.0
        return True

    def _seeker(self, cell: int) -> _Seeker:
        places, centers = self.cells.rows(cell), self.cells.centers
        apart = centers - centers[cell]
        away = np.abs(apart).sum(axis=1) if self.manhattan else np.einsum("cf,cf->c", apart, apart)
        if not self.approximate:
            anywhere = np.full(len(places), np.inf, np.float32)
            return _Seeker(places, np.argsort(away, kind="stable"), anywhere, self.candidates)
        wanted = cells_of_a_row(self.indices.shape[1])
        choice = min(choice_of(wanted), len(away))
        nearest = np.flatnonzero(away <= np.partition(away, choice - 1)[choice - 1])
        visits = nearest[np.argsort(away[nearest], kind="stable")]
        return _Seeker(places, visits, reach(self._to_centers(cell, visits), wanted), self.candidates)

    def _to_centers(self, cell: int, others: np.ndarray) -> np.ndarray:
        """Return the keys of the rows of a cell and the centres of others, of shape (rows, others)."""
        center, places = self.cells.centers[cell], self.cells.rows(cell)
        shifted = np.zeros((len(places) + 1, len(center)), np.float32)
        shifted[:-1] = self.cells.points[places] - center
        keys = np.empty((len(places) + 1, CELL), np.float32)
        found = np.empty((len(places), len(others)), np.float32)
        for first in range(0, len(others), CELL):
            some = self.cells.centers[others[first : first + CELL]] - center
            panel = np.zeros((len(center), CELL), np.float32)
            panel[:, : len(some)] = some.T
            compare(shifted, len(places), panel, self.manhattan, keys)
            found[:, first : first + CELL] = keys[:-1, : len(some)]
            if not self.manhattan:
                squares = np.einsum("ij,ij->i", shifted[:-1], shifted[:-1])[:, None]
                found[:, first : first + CELL] *= -2
                found[:, first : first + CELL] += squares + np.einsum("ij,ij->i", some, some)
        return found

    def _seek(self, seekers: Sequence[_Seeker], pool: Pool) -> Generator[None, None, None]:
        """Let rows look into cells; rows left in doubt look once more, directly."""
        work = CELL * self.cells.panels[0].size
        for directly in (False, True):
            cells = max(1, int(_WORK_AT_FIRST / work / (_DIRECT if directly else 1)))
            look = _each(self._look_directly if directly else self._look)
            first, end = 0, max((len(each.visits) for each in seekers), default=0)
            while first < end:
                began = time.perf_counter()
                pool.run(look, len(seekers), seekers, slice(first, first + cells), grain=1)
                first, cells = first + cells, next_size(cells, time.perf_counter() - began)
                yield
            settled = pool.run(_each(self._settle), len(seekers), seekers, directly, grain=1)
            seekers = [each for part in settled for each in part if each is not None]

    def _look(self, seeker: _Seeker, some: slice) -> None:
        places, cells = seeker.places, self.cells
        look_into(
            cells.points[places],
            cells.order[places],
            seeker.visits[some],
            self.excess[places],
            self.manhattan,
            seeker.reach,
            seeker.farthest,
            seeker.heaps,
            seeker.scale,
            cells.centers,
            self.radii,
            cells.panels,
            self.lengths,
            cells.ids,
        )

    def _look_directly(self, seeker: _Seeker, some: slice) -> None:
        """Look with the direct distances that rank candidates, which leave no doubt."""
        places, cells = seeker.places, self.cells
        here, own = cells.points[places], cells.order[places]
        shifted, nothing = np.empty((len(places) + 1, here.shape[1]), np.float32), np.zeros(CELL, np.float32)
        lengths, active = np.empty(len(places), np.float32), np.empty(len(places), np.int64)
        for cell in seeker.visits[some]:
            count = near_enough(
                here,
                cells.centers[cell],
                self.radii[cell],
                cells.ids[cell, 0],
                self.manhattan,
                seeker.reach,
                seeker.farthest,
                seeker.heaps,
                shifted,
                lengths,
                active,
                seeker.scale,
            )
            there = np.tile(cells.rows(cell), (count, 1))
            keys = np.full((count, CELL), np.inf, np.float32)
            keys[:, : there.shape[1]] = self._directly(places[active[:count]], there)
            ids, farthest, heaps = cells.ids[cell], seeker.farthest, seeker.heaps
            keep_near(keys, count, active, 1.0, nothing, nothing, ids, own, farthest, heaps)

    def _directly(self, places: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        keys = np.empty(candidates.shape, np.float32)
        compute_directly(self.cells.points, self.excess, places, candidates, self.manhattan, keys)
        return keys

    def _settle(self, seeker: _Seeker, directly: bool) -> _Seeker | None:
        """Rank the candidates by direct distances and store the nearest; return the rows in doubt."""
        rows, k = self.cells.order[seeker.places], self.indices.shape[1]
        candidates = seeker.heaps & 0xFFFFFFFF
        keys = self._directly(seeker.places, self.place_of[candidates])
        entries = (keys.view(np.int32).astype(np.int64) << 32) | candidates
        entries.sort(axis=1)
        nearest = (entries[:, :k] >> 32).astype(np.int32).view(np.float32)
        self.indices[rows] = entries[:, :k] & 0xFFFFFFFF
        self.distances[rows] = self._in_units(nearest)
        if directly or self.exact or self.candidates == self.n - 1:
            return None
        doubtful = seeker.farthest - self._error(seeker) < nearest[:, -1]
        return seeker.again(doubtful) if doubtful.any() else None

    def _error(self, seeker: _Seeker) -> np.ndarray:
        """Bound the error of the keys that rows compared, relative to keys computed directly.

        The error of a sum of d products grows with sqrt(d) (Higham & Mary 2019, theorem 2.4). The factor 40
        covers the constant, and rows of a cell up to 4 times as far from its centre as the row that looks;
        rows beyond are far away anyway. Direct distances have an error in proportion to themselves.
        """
        unit = 2.0**-24 * (4 + np.sqrt(self.X.shape[1]))
        scale = seeker.scale.astype(np.float64) + self.excess[seeker.places]
        return unit * (40 * scale + 4 * seeker.farthest)

    def _in_units(self, keys: np.ndarray) -> np.ndarray:
        if self.angular:
            return keys / 2
        return np.ldexp(keys if self.manhattan else np.sqrt(keys), -self.exponent)


def _each(work: Callable[..., Any]) -> Callable[..., list[Any]]:
    """Turn a function of one thing into a kernel over a range of things, for `Pool.run`."""

    def on_each(start: int, stop: int, things: Sequence[Any], *args: Any) -> list[Any]:
        return [work(thing, *args) for thing in things[start:stop]]

    return on_each


def _exponent(X: np.ndarray, center: np.ndarray, size: int) -> Generator[float, None, int]:
    """Return the power of 2 that the rows are scaled by, in steps; see `exponent_of`."""
    longest = 0.0
    for start in range(0, X.shape[0], size):
        longest = np.maximum(longest, np.abs(X[start : start + size] - center).max())
        yield 0.0
    return exponent_of(longest * np.sqrt(X.shape[1]))
