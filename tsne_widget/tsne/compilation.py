"""Compile the kernels, or load them from numba's cache, in steps whose progress we can show."""

import os
import threading
from collections.abc import Generator, Mapping, Sequence
from importlib import import_module
from typing import Any

from .metrics import Metric
from .neighbors import modules_of
from .ordering import LEAST_ROWS
from .repulsion import suited_to

# Every kernel has an explicit signature, so importing its module compiles it. The slowest imports are steps
# of their own, so that no step is much longer than the others.
_STEPS = (
    "numba",
    "tsne_widget.tsne.initialization",
    "tsne_widget.tsne.conditional",
    "tsne_widget.tsne.symmetric",
    "tsne_widget.tsne.affinities",
    "tsne_widget.tsne.attraction",
    "tsne_widget.tsne.optimizer",
)
_SEARCHES = (
    *("few_search", "search", "cells", "cell_kernels", "cell_search"),
    *("sparse_search", "precomputed", "query", "cell_index"),
)
_PACKAGE = "tsne_widget.tsne."
_REPULSION = _PACKAGE + "repulsion."

# A child process would wait forever for a module that another thread of its parent was importing.
_importing = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_importing.acquire, after_in_parent=_importing.release, after_in_child=_importing.release
    )


def compile_kernels(
    method: str = "auto",
    n: int | None = None,
    searches: Sequence[str] = _SEARCHES,
    further: Sequence[str] = (),
) -> Generator[float, None, None]:
    """Import the modules that the pipeline needs, one by one; a second call does nothing.

    Parameters
    ----------
    method : str
        How repulsion is computed, one of `repulsion.REPULSIONS`.
    n : int, optional
        The number of points; by default any.
    searches : sequence of str
        Modules for the search for neighbours, see `neighbors.modules_of`; by default all.
    further : sequence of str
        The full names of modules that other methods need.

    Yields
    ------
    float
        The share of the modules that are ready, from 0 to 1.
    """
    yield 0.0
    many = ["walk"] if n is None or n >= LEAST_ROWS else []
    steps = (*_STEPS, *(_PACKAGE + name for name in (*searches, *many)), *_repulsion(method, n), *further)
    for done, module in enumerate(steps, 1):
        load(module)
        yield done / len(steps)


def modules_of_sample(
    X: Any, count: int, method: str, metric: Metric, params: Mapping[str, Any] | None
) -> list[str]:
    """Return the modules that the map of `count` of the rows needs, and those to start all rows from it."""
    searches = modules_of(X[:count], metric, params)
    return [*(_PACKAGE + name for name in (*searches, "query", "hop")), *_repulsion(method, count)]


def load(module: str) -> None:
    """Import a slow module in a separate thread."""
    with _importing:
        for last in (False, False, True):
            try:
                import_module(module)
                return
            except RuntimeError as error:
                # Another package loads kernels in a thread of its own, and numba's registries do not bear it.
                if last or "changed size during iteration" not in str(error):
                    raise


def _repulsion(method: str, n: int | None) -> list[str]:
    if method == "auto" and n is not None:
        method = suited_to(n)
    names = ("exact", "barnes_hut", "mesh", "auto") if n is None else ("barnes_hut", "mesh", "auto")
    return [_REPULSION + name for name in (names if method == "auto" else [method])]
