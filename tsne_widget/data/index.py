"""The labels of rows in a frame's index -> positions, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DataError, SelectionError
from .missing import is_missing
from .near import hint


class Index:
    """The labels of the rows, of which several rows may have the same one.

    Parameters
    ----------
    index : pandas.Index
        Or what behaves like it.
    """

    def __init__(self, index: Any):
        self.native = index
        self.name = _name_of(index)

    def __len__(self) -> int:
        return len(self.native)

    def labels(self, positions: np.ndarray) -> list[str]:
        """Return the labels of some rows as they are shown; those of several levels stand side by side."""
        return [_shown(label) for label in self.native[positions].tolist()]

    def find(self, labels: Iterable[Any]) -> np.ndarray:
        """Return the positions of all rows that have one of some labels, sorted, each once.

        Parameters
        ----------
        labels : iterable
            As they are in the index; tuples for one of several levels.

        Raises
        ------
        SelectionError
            Names the first label that no row has, and what is near it.
        """
        found: list[int] = []
        for label in labels:
            try:
                rows = self._positions.get(_key(label), ())
            except TypeError:  # it cannot be hashed
                rows = ()
            if not rows:
                near = hint(_shown(label), self.texts)
                raise SelectionError(f"no row has the label {label!r} in {self.name!r}{near}")
            found.extend(rows)
        return np.unique(np.array(found, np.int64))

    def containing(self, text: str) -> np.ndarray:
        """Return the positions of all rows whose label contains a text in any case."""
        wanted = text.casefold()
        return np.flatnonzero([wanted in label.casefold() for label in self.texts])

    def require_order_of(self, other: Index, called: str, mine_called: str) -> None:
        """Raise DataError where another index has the same labels in another order.

        What belongs to which row would then be a matter of opinion. Labels that occur more than once, and
        those that are not the same ones, say nothing of it.
        """
        mine, others = self.native, other.native
        if len(mine) != len(others) or mine.equals(others) or not (mine.is_unique and others.is_unique):
            return
        if mine.isin(others).all():
            row = int(np.argmax(np.asarray(mine != others)))
            raise DataError(
                f"{called} and {mine_called} have the same index in another order: row {row} is "
                f"{_shown(others[row])!r} in {called} and {_shown(mine[row])!r} in {mine_called}; "
                "reorder one by .reindex(), or drop its index by .reset_index(drop=True)"
            )

    @cached_property
    def texts(self) -> list[str]:
        """Return all labels as they are shown."""
        return [_shown(label) for label in self.native.tolist()]

    @cached_property
    def _positions(self) -> dict[Any, Sequence[int]]:
        labels = [_key(label) for label in self.native.tolist()]
        unique: dict[Any, Sequence[int]] = dict(
            zip(labels, ((row,) for row in range(len(labels))), strict=True)
        )
        if len(unique) == len(labels):
            return unique
        positions: dict[Any, list[int]] = {label: [] for label in unique}
        for position, label in enumerate(labels):
            positions[label].append(position)
        return dict(positions)


def _key(label: Any) -> Any:
    return None if is_missing(label) else label


def _name_of(index: Any) -> str:
    names = [str(name) for name in getattr(index, "names", [index.name]) if name is not None]
    return ", ".join(names) or "index"


def _shown(label: Any) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)
