"""Run steps on one thread of BLAS."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import wraps
from typing import ParamSpec, TypeVar

from ..tsne.pool import one_blas_thread

Given = ParamSpec("Given")
Told = TypeVar("Told")
Result = TypeVar("Result")


def on_one_thread(
    begin: Callable[Given, Generator[Told, None, Result]],
) -> Callable[Given, Generator[Told, None, Result]]:
    """Make steps use one thread of BLAS.

    Matrices here are small, and beside running maps more threads wait for each other: ten times as long.
    """

    @wraps(begin)
    def steps(*args: Given.args, **kwargs: Given.kwargs) -> Generator[Told, None, Result]:
        work = begin(*args, **kwargs)
        while True:
            with one_blas_thread():
                try:
                    told = next(work)
                except StopIteration as end:
                    return end.value
            yield told

    return steps
