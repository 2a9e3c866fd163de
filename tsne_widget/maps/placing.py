"""Place new rows on maps: what a method gets, and the thread in which it places them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..data.nearest_rows import nearest_by_distances, nearest_by_metric
from ..failure import error_in_words
from ..parameters.constants import NEAREST_SEARCHED, NEAREST_TOLD
from .status import Layout
from .work import GLANCE_SECONDS

if TYPE_CHECKING:
    from ..tsne.nearest import Neighbors
    from ..tsne.query_index import QueryIndex
    from .in_metric import InMetric


def no_new_rows(why: str) -> str:
    """Say that a map shows no new rows, and why."""
    return f"no new rows: {why}"


class NewRows:
    """New rows in the metric of a map; immutable to all who ask, in whatever thread.

    Attributes
    ----------
    matrix : ndarray or CSR array of shape (n_new, n_features)
        The checked rows, with the features of the data and standardised if these are; with precomputed
        distances, the distances of the new rows to all rows of the data.
    as_given : ndarray or CSR array of shape (n_new, n_features)
        The same rows in the user's own units.
    """

    def __init__(self, matrix: Any, find: Callable[[int], Neighbors], as_given: Any = None):
        self.matrix = matrix
        self.as_given = matrix if as_given is None else as_given
        self._find = find
        self._found: Neighbors | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def nearest(self, k: int) -> Neighbors:
        """Return the k rows of the data nearest to each new row; found once, and again only for more.

        Raises
        ------
        DataError
            A row is too far away for float32 to hold its distances.
        """
        from ..tsne.nearest import Neighbors

        with self._lock:
            if self._found is None or self._found.indices.shape[1] < k:
                self._found = self._find(k)
            return Neighbors(self._found.indices[:, :k].copy(), self._found.distances[:, :k].copy())


class Placer(Protocol):
    """Places new rows on one layout of a map; immutable, as another thread calls it."""

    def __call__(self, rows: NewRows) -> np.ndarray:
        """Return the positions, float32 of shape (n_new, 2), in the units of the layout."""
        ...


class GivenRows:
    """The new rows that a user has given, for maps in any metric.

    Parameters
    ----------
    number : int
        Tells them from those given before and after.
    matrix, as_given : ndarray or CSR array of shape (n_new, n_features)
        See `NewRows`.
    data : callable
        Returns the matrix of the data; raises if the user has changed it.
    distances : bool
        Whether both hold distances.
    params : mapping or None
        The parameters of the metric.
    search : str or Neighbors
        How to search the data, see `nearest_by_metric`.
    index : QueryIndex
        Keeps the index of the data for all new rows.
    pool : Pool
        Runs the kernels.
    """

    def __init__(
        self,
        number: int,
        matrix: Any,
        as_given: Any,
        data: Callable[[], Any],
        *,
        distances: bool,
        params: Any,
        search: Any,
        index: QueryIndex,
        pool: Any,
    ):
        self.number, self.matrix, self._as_given = number, matrix, as_given
        self._data, self._distances, self._params, self._pool = data, distances, params, pool
        self._search, self._index = search, index
        self._by_metric: dict[Any, NewRows] = {}
        self._lock = threading.Lock()
        #: Held while a map places them: kernels share the processors anyway.
        self.turn = threading.Lock()

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def in_metric(self, key: Any, metric: Any) -> NewRows:
        """Return the rows in a metric; `key` tells it from others."""
        with self._lock:
            if key not in self._by_metric:
                self._by_metric[key] = NewRows(self.matrix, partial(self._find, metric), self._as_given)
            return self._by_metric[key]

    def _find(self, metric: Any, k: int) -> Neighbors:
        told = {"called": "X_new", "made_by": "X"}
        data = self._data()
        k = min(max(k, NEAREST_SEARCHED), data.shape[0])
        if self._distances:
            return nearest_by_distances(self.matrix, k, **told)
        return nearest_by_metric(
            self.matrix,
            data,
            k,
            metric=metric,
            params=self._params,
            search=self._search,
            index=self._index,
            pool=self._pool,
            **told,
        )


@dataclass(frozen=True, eq=False)
class Placed:
    """New rows on one layout of a map.

    Attributes
    ----------
    run, epoch, iteration : int
        The map, and its layout.
    number : int
        The number of the new rows.
    points : ndarray of shape (n_new, 2), float32
        Their positions.
    nearest : Neighbors
        The rows of the data nearest to them, and the distances, in the map's metric.
    reach : float or None
        The largest distance of a row of the data from its nearest; None before it is known.
    """

    run: int
    epoch: int
    iteration: int
    number: int
    points: np.ndarray
    nearest: Neighbors
    reach: float | None = None


def reach_of(data: InMetric | None) -> float | None:
    """Return the largest finite distance of a row from its nearest; None before the neighbours are known."""
    known = None if data is None else data.neighbors
    if known is None:
        return None
    nearest = known.distances[:, 0]
    finite = nearest[np.isfinite(nearest)]
    return float(finite.max()) if len(finite) else None


class Placing:
    """Places the new rows on each resting layout of one map, in another thread, one layout at a time."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._target: tuple[GivenRows, Layout, Any] | None = None
        self._task: _Task | None = None
        #: The rows where they have been placed; None before, and once the map moves.
        self.placed: Placed | None = None
        #: Why they could not be placed; empty if they could, or will be.
        self.why = ""

    @property
    def busy(self) -> bool:
        """Whether rows are being placed."""
        return self._task is not None

    def look_at(
        self,
        rows: GivenRows | None,
        layout: Layout | None,
        key: Any,
        begin: Callable[[GivenRows], Callable[[], tuple[np.ndarray, Neighbors]]],
        data: InMetric | None,
    ) -> None:
        """Begin to place rows on a layout, unless this is done; no layout: the map is not at rest.

        `key` is the metric, and `begin` asks the map's method for the way to place rows, in this thread.
        """
        if rows is None or layout is None:
            self.drop()
            return
        before = self._target
        if before is None or before[0] is not rows or before[1] is not layout or before[2] != key:
            self.drop()
            self._target = rows, layout, key
            try:
                self._task = _Task(begin(rows), rows.turn)
            except Exception as error:
                self.why = error_in_words(error)
        if self.placed is not None and self.placed.reach is None:
            reach = reach_of(data)
            self.placed = self.placed if reach is None else replace(self.placed, reach=reach)

    def work(self) -> None:
        """Glance at the other thread, and take what it has found."""
        task = self._task
        if task is None or not task.ended.wait(GLANCE_SECONDS) or self._target is None:
            return
        self._task = None
        rows, layout, _ = self._target
        if task.error is not None:
            self.why = error_in_words(task.error)
        else:
            points, nearest = task.result
            self.placed = Placed(self._run, layout.epoch, layout.iteration, rows.number, points, nearest)

    def drop(self) -> None:
        """Forget what was placed, and the result of what is being placed."""
        if self._task is not None:
            self._task.dropped = True
        self._target = self._task = self.placed = None
        self.why = ""


class _Task:
    """Places rows once, in a thread of its own; nobody waits for the end if it is dropped."""

    def __init__(self, place: Callable[[], Any], turn: threading.Lock):
        self.ended = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None
        self.dropped = False
        threading.Thread(
            target=self._work, args=(place, turn), name="tsne-widget-placing", daemon=True
        ).start()

    def _work(self, place: Callable[[], Any], turn: threading.Lock) -> None:
        try:
            with turn:
                if not self.dropped:
                    self.result = place()
        except BaseException as error:  # what an estimator raises, whatever it is
            self.error = error
        finally:
            self.ended.set()


def places_of(place: Placer, rows: NewRows, n: int) -> tuple[np.ndarray, Neighbors]:
    """Place rows, and find the rows nearest to them among n.

    Raises
    ------
    ValueError
        The positions have another shape, or are not finite.
    """
    points = np.ascontiguousarray(place(rows), np.float32)
    if points.shape != (len(rows), 2):
        raise ValueError(f"positions of new rows must have the shape {(len(rows), 2)}, not {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError(
            f"the position of new row {int(np.argmin(np.isfinite(points).all(axis=1)))} is not finite"
        )
    return points, rows.nearest(min(NEAREST_TOLD, n))
