"""Values coded as positions among the sorted distinct values."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

_DIGITS = re.compile(r"\d{1,15}")


@dataclass(frozen=True)
class Coded:
    """The distinct values of a column, in order, and the value of each row.

    Attributes
    ----------
    codes : ndarray of int32, shape (n_samples,)
        The position of each row's value in `values`; -1 if it is missing.
    values : sequence
        As they were given; some may be unused.
    names : sequence of str
        How the view shows them.
    """

    codes: np.ndarray
    values: Sequence[Any]
    names: Sequence[str]

    @cached_property
    def _codes_by_value(self) -> dict[Any, int]:
        by_name = {name: code for code, name in enumerate(self.names)}
        by_value = {value: code for code, value in enumerate(self.values) if isinstance(value, Hashable)}
        return {**by_name, **by_value}

    def rows_of(self, value: Any) -> np.ndarray:
        """Tell which rows have a value, in its own type or as the view shows it."""
        code = self._codes_by_value.get(value, -2) if isinstance(value, Hashable) else -2
        return self.codes == code


def code_texts(texts: Sequence[str | None], values: Sequence[Any] | None = None) -> Coded:
    """Code texts in their natural order; None is missing.

    `values` are the values that the texts represent; if several look alike, only the first stays.
    """
    distinct = dict.fromkeys(texts)
    names = sorted((name for name in distinct if name is not None), key=natural)
    position: dict[str | None, int] = {name: code for code, name in enumerate(names)}
    position[None] = -1
    codes = np.fromiter(map(position.__getitem__, texts), np.int32, len(texts))
    if values is None:
        return Coded(codes, names, names)
    standing = dict(zip(reversed(texts), reversed(values), strict=True))
    return Coded(codes, [standing[name] for name in names], names)


def code_sorted(array: np.ndarray, missing: np.ndarray) -> Coded:
    """Code numbers or times in their own order; numpy writes their names."""
    distinct, positions = np.unique(array[~missing], return_inverse=True)
    codes = np.full(len(array), -1, np.int32)
    codes[~missing] = positions
    return Coded(codes, list(distinct), [shown(value) for value in distinct])


def shown(value: Any) -> str:
    """Write a value as its owner would: integers that a NaN turned into floats lose their '.0'."""
    if isinstance(value, str):
        return whole(str(value))
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 1e15:
        return str(int(value))
    return value.decode(errors="replace") if isinstance(value, bytes) else whole(str(value))


def whole(text: str) -> str:
    r"""Return a text that can be sent: half a surrogate pair becomes Python's escape, such as '\ud83d'."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def is_whole(text: str) -> bool:
    """Tell whether a text can be sent, see `whole`."""
    return text.isascii() or whole(text) == text


def natural(name: str) -> tuple[str, str]:
    """Sort 'c10' after 'c9'."""
    return _DIGITS.sub(lambda digits: digits.group().zfill(15), name), name
