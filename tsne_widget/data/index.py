"""Turn the labels of rows in a frame's index into positions, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError, SelectionError
from .coded import whole
from .missing import is_missing, missing_among
from .near import hint

#: The way out if the user's data have changed.
_NEW = "its rows may have changed; make a new widget of it"
#: Characters of a day in ISO 8601.
DAY = 10


class Index:
    """The labels of the rows; several rows may share a label.

    Parameters
    ----------
    index : pandas.Index
        Or an object that behaves like one.
    """

    def __init__(self, index: Any):
        self.native = index
        self.name = _name_of(index)

    def __len__(self) -> int:
        return len(self.native)

    def labels(self, positions: np.ndarray) -> list[str]:
        """Return the labels of some rows as the view shows them; several levels stand side by side.

        If all times are whole days, they appear without midnight.
        """
        return [self._shown(label) for label in self.native[positions].tolist()]

    def find(self, labels: Iterable[Any]) -> np.ndarray:
        """Return the positions of all rows that have one of some labels, sorted and unique.

        Parameters
        ----------
        labels : iterable
            As in the index, tuples if it has several levels; or as the view shows them.

        Raises
        ------
        SelectionError
            No row has a label; the message names it and similar labels.
        """
        found: list[int] = []
        for label in labels:
            rows = self._rows_of(label)
            if not rows:
                near = hint(_shown(label), self.texts)
                if isinstance(label, (bool, np.bool_)):
                    near = "; to select by a mask use mask="
                raise SelectionError(f"no row has the label {label!r} in {self.name!r}{near}")
            found.extend(rows)
        return np.unique(np.array(found, np.int64))

    def _rows_of(self, label: Any) -> Sequence[int]:
        if is_missing(label):
            return self._rows.of(None)
        rows = self._rows.of(label)
        if isinstance(label, (bool, np.bool_)) and bool not in self._types:
            rows = ()  # to Python True equals 1
        return rows or self._rows_by_text.of(_shown(label))

    def containing(self, text: str) -> np.ndarray:
        """Return the positions of all rows whose label contains a text, ignoring case."""
        wanted = text.casefold()
        return np.flatnonzero([wanted in label.casefold() for label in self.texts])

    def require_order_of(self, other: Index, called: str, mine_called: str) -> None:
        """Raise DataError if another index has labels of this one in another order.

        It would then be unclear what belongs to which row. Indexes without a common label say nothing about
        that; neither does an index that only counts the rows, unless all labels are the same.
        """
        if len(self) != len(other) or self.native.equals(other.native):
            return
        common = self._common_with(other)
        if common == 1 or (common and not (self.counts_rows or other.counts_rows)):
            raise self._in_disorder(other, common, called, mine_called)

    def order_of(self, other: Index, called: str, mine_called: str) -> np.ndarray | None:
        """Return where another index has the labels of the rows; None if in this order, or unknown.

        Raises
        ------
        DataError
            The order differs, and the labels are not the same or some occur more than once.
        """
        mine, others = self.native, other.native
        if len(mine) != len(others) or mine.equals(others):
            return None
        if mine.is_unique and others.is_unique and self._common_with(other) == 1:
            return others.get_indexer(mine)
        self.require_order_of(other, called, mine_called)
        return None

    @cached_property
    def counts_rows(self) -> bool:
        """Whether it is 0, 1, 2, ..., the default index of a frame."""
        own = getattr(self.native, "dtype", None)
        return getattr(own, "kind", "") in "iu" and np.array_equal(self.native, np.arange(len(self)))

    def _common_with(self, other: Index) -> float:
        """Return the share of labels that another index also has."""
        if getattr(self.native, "nlevels", 1) != getattr(other.native, "nlevels", 1):
            return 0.0
        mine, others = self.native, other.native
        return float(min(mine.isin(others).mean(), others.isin(mine).mean()))

    def _in_disorder(self, other: Index, common: float, called: str, mine_called: str) -> DataError:
        pairs = enumerate(zip(self.native.tolist(), other.native.tolist(), strict=True))
        row, mine, others = next((row, *pair) for row, pair in pairs if _key(pair[0]) != _key(pair[1]))
        same = "the same index in another order" if common == 1 else "indexes that share labels but differ"
        return DataError(
            f"{called} and {mine_called} have {same}: row {row} is "
            f"{_shown(others)!r} in {called} and {_shown(mine)!r} in {mine_called}; "
            "reorder one with .reindex(), or drop its index with .reset_index(drop=True)"
        )

    @cached_property
    def texts(self) -> list[str]:
        """Return all labels as the view shows them."""
        return [self._shown(label) for label in self.native.tolist()]

    @cached_property
    def _rows(self) -> _Rows:
        labels = self.native.tolist()
        for row in np.flatnonzero(missing_among(labels)).tolist():
            labels[row] = None
        return _Rows(labels)

    @cached_property
    def _rows_by_text(self) -> _Rows:
        return self._rows if self._types <= {str} else _Rows(self.texts)

    @cached_property
    def _types(self) -> set[type]:
        return set(map(type, self.native.tolist()))

    @cached_property
    def _are_days(self) -> bool:
        return bool(getattr(self.native, "is_normalized", False))

    def _shown(self, label: Any) -> str:
        return _shown(label)[:DAY] if self._are_days else _shown(label)


class _Rows:
    """The rows of each label; if all labels differ, a million lists would take seconds."""

    def __init__(self, labels: Sequence[Any]):
        self._last = {label: row for row, label in enumerate(labels)}
        self._all: defaultdict[Any, list[int]] = defaultdict(list)
        if len(self._last) < len(labels):
            for row, label in enumerate(labels):
                self._all[label].append(row)

    def of(self, label: Any) -> Sequence[int]:
        """Return the rows of a label; none if it cannot be hashed."""
        try:
            if label in self._all:
                return self._all[label]
            return [self._last[label]] if label in self._last else []
        except TypeError:
            return []


def require_the_same(called: str, n_now: int, index_now: Any, n: int, index: Index | None) -> None:
    """Raise DataError if the user's data now has other rows, for example a frame sorted in place.

    Positions would then refer to other rows.
    """
    if n_now != n:
        raise DataError(f"{called} now has {n_now} rows and had {n} when the widget was made: {_NEW}")
    if index is None or index_now is index.native or index.native.equals(index_now):
        return
    raise DataError(f"{called} no longer has the index that it had when the widget was made: {_NEW}")


def index_of(native: Any) -> Index | None:
    """Return the index of a frame or Series, if its library has one."""
    index = nw.maybe_get_index(nw.from_native(native, allow_series=True))
    return None if index is None else Index(index)


def index_of_rows(value: Any) -> Index | None:
    """Return the index of a frame; None if its library has none, or the value is not a frame."""
    frame = nw.from_native(value, eager_only=True, pass_through=True)
    return index_of(value) if isinstance(frame, nw.DataFrame) else None


def _key(label: Any) -> Any:
    return None if is_missing(label) else label


def _name_of(index: Any) -> str:
    names = [str(name) for name in getattr(index, "names", [index.name]) if name is not None]
    return whole(", ".join(names) or "index")


def _shown(label: Any) -> str:
    return whole(", ".join(map(str, label)) if isinstance(label, tuple) else str(label))
