"""What a descent needs to continue bit for bit as if it had never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class State:
    """The state of a descent between two iterations, without what it works on, such as P.

    Attributes
    ----------
    arrays : mapping of ndarray
        Copies, in the order of the points, so that they do not depend on how P is stored.
    numbers : mapping
        Values as JSON has them: finite numbers, bool, str, None, and lists of numbers.
    """

    arrays: Mapping[str, np.ndarray]
    numbers: Mapping[str, Any]

    def with_number(self, name: str, value: Any) -> State:
        """Return a state with one more number."""
        return State(self.arrays, {**self.numbers, name: value})

    def of_points(self, name: str, n: int) -> np.ndarray:
        """Return an array with the coordinates of n points; kernels trust its shape.

        Raises
        ------
        ValueError
            It has another shape.
        """
        rows = self.arrays[name]
        if rows.shape != (n, 2):
            raise ValueError(f"the state has {name} of shape {rows.shape}, and the map {n} points")
        return rows

    def joined_by(self, **parts: State) -> State:
        """Return a state that also holds those of some parts."""
        arrays, numbers = dict(self.arrays), dict(self.numbers)
        for name, part in parts.items():
            arrays |= {f"{name}.{key}": rows for key, rows in part.arrays.items()}
            numbers |= {f"{name}.{key}": value for key, value in part.numbers.items()}
        return State(arrays, numbers)

    def part(self, name: str) -> State:
        """Return the state of a part."""
        return State(_within(self.arrays, f"{name}."), _within(self.numbers, f"{name}."))


def _within(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
