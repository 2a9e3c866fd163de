"""Work in steps: generators that yield their progress and return a result."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")

_STEP_SECONDS = 0.02


def result_of(steps: Generator[Any, None, Result]) -> Result:
    """Run all steps and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def at(progress: float, steps: Generator[Any, None, Result]) -> Generator[float, None, Result]:
    """Run steps that are a small part of the work, whose progress stays at a number meanwhile."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield progress


def next_size(size: int, seconds: float) -> int:
    """Return a size that makes the next step take about 20 ms, from the size and time of the last."""
    pace = _STEP_SECONDS / max(seconds, 1e-6)
    return max(1, int(size * min(max(pace, 0.25), 2.0)))
