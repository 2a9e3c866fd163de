"""Work in steps: generators that yield their progress and return a result."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")


def result_of(steps: Generator[Any, None, Result]) -> Result:
    """Take all steps, whatever the progress, and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
