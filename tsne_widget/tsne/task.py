"""The task of a worker: a slice of a map, from a state to a state.

It is a pure function. So a worker may die, and whoever manages the tasks does the slice again anywhere: the
same input gives the same bits, on equal processors.
"""

from __future__ import annotations

from .nearest import Neighbors
from .slices import VERSION, Absent, Failure, Order, Slice
from .state import State


def advance(order: Order, state: State, neighbors: Neighbors | None) -> Slice | Absent | Failure:
    """Do a slice; on a worker.

    Parameters
    ----------
    order : Order
        What to do.
    state : State
        Where to go on; of the same map, at any perplexity and exaggeration.
    neighbors : Neighbors or None
        The neighbours, unless this worker may have them already.
    """
    try:
        if order.version != VERSION:
            why = f"a worker has tsne_widget {VERSION}, the notebook has {order.version}: maps could differ"
            return Failure(ImportError(why))
        from . import worker  # only where it is done: it loads kernels

        return worker.advance(order, state, neighbors)
    except Exception as error:
        return Failure(error)
