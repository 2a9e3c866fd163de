"""A worker: it does slices of maps, and keeps the neighbours and the P that it may need again."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .affinities import Affinities, joint_probabilities
from .nearest import Neighbors
from .optimizer import Optimizer
from .ordering import locality_order
from .pool import Pool
from .slices import Absent, Order, Problem, Slice, Told
from .state import State
from .steps import result_of

#: A worker forgets the neighbours and the P that it has not needed for longest, beyond so many bytes.
_KEPT_BYTES = 2**30


def advance(order: Order, state: State, neighbors: Neighbors | None) -> Slice | Absent:
    """Do a slice; see `task.advance`."""
    P = _affinities(order.problem, neighbors)
    return Absent() if P is None else _advance(order, state, P)


def _advance(order: Order, state: State, P: Affinities) -> Slice:
    optimizer = _optimizer(order.problem, state, P)
    for change in order.changes:
        if change == "continue":
            optimizer.continue_with(P)
        else:
            optimizer.extend()
    until = time.monotonic() + order.seconds
    last = math.inf if order.count is None else optimizer.iteration + order.count
    while optimizer.ended is None and optimizer.iteration < last:
        optimizer.step()
        if time.monotonic() >= until:
            break
    return Slice(optimizer.state, Told.by(optimizer))


def _optimizer(problem: Problem, state: State, P: Affinities) -> Optimizer:
    # Some executors hand out arrays that are shared and may not be written to.
    arrays = {name: np.array(rows) for name, rows in state.arrays.items()}
    made: dict[str, Any] = {
        "pool": _pool(problem.n_jobs),
        "repulsion": problem.repulsion,
        "angle": problem.angle,
    }
    if "velocity" in arrays:
        return Optimizer.resume(P, State(arrays, state.numbers), problem.schedule, **made)
    optimizer = Optimizer(P, arrays["layout"], problem.schedule, iteration=state.numbers["iteration"], **made)
    optimizer.limit = state.numbers["limit"]
    return optimizer


def _affinities(problem: Problem, neighbors: Neighbors | None) -> Affinities | None:
    """Return P; None if the neighbours are not known here."""
    key = (problem.data, problem.perplexity, problem.multiscale, problem.affinity)
    with _building:  # several threads of a worker may need the same P
        data: _Data | None = _kept.get((problem.data,))
        if data is None and neighbors is not None:
            data = _Data.of(neighbors)
            _kept.put((problem.data,), data, data.nbytes)
        P: Affinities | None = _kept.get(key)
        if P is None and data is not None:
            P = _fitted(problem, data)
            _kept.put(key, P, P.indptr.nbytes + P.indices.nbytes + P.data.nbytes)
        return P


def _fitted(problem: Problem, data: _Data) -> Affinities:
    return result_of(
        joint_probabilities(
            data.neighbors,
            problem.perplexity,
            pool=_pool(problem.n_jobs),
            multiscale=problem.multiscale,
            affinity=problem.affinity,
            order=data.order,
        )
    )


@dataclass(frozen=True)
class _Data:
    """Neighbours, and the order in which P is stored."""

    neighbors: Neighbors
    order: np.ndarray | None

    @classmethod
    def of(cls, given: Neighbors) -> _Data:
        neighbors = Neighbors(np.array(given.indices), np.array(given.distances))
        return cls(neighbors, result_of(locality_order(neighbors)))

    @property
    def nbytes(self) -> int:
        return int(self.neighbors.indices.nbytes + self.neighbors.distances.nbytes)


class _Kept:
    """What a worker keeps from slice to slice, by key; beyond a number of bytes, the newest."""

    def __init__(self) -> None:
        self._values: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> Any:
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: tuple[Any, ...], value: Any, nbytes: int) -> None:
        self._values[key] = value, nbytes
        while len(self._values) > 2 and sum(size for _, size in self._values.values()) > _KEPT_BYTES:
            self._values.popitem(last=False)


_kept, _building = _Kept(), threading.Lock()


@cache
def _pool(n_jobs: int) -> Pool:
    return Pool(n_jobs)
