"""What may differ between the maps of a widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set, ValuesView
from typing import Any

import numpy as np

from ..data import Index
from ..errors import (
    InvalidValueError,
    invalid_type,
)
from .init import check_init, inits_allowed
from .limits import LIMITS, require_distinct, several_of
from .perplexity import check_perplexity

#: What may differ between the runs of a widget, in the order of the panels: the last one changes fastest.
AXES = ("perplexity", "init", "random_state")


def check_axis(
    name: str, value: Any, n: int, *, init_scale: bool = True, index: Index | None = None
) -> tuple[Any, ...]:
    """Check a value, or a list of values, of what may differ between the runs.

    Parameters
    ----------
    name : str
        One of `AXES`.
    value : object
        One value, or several: a list, a tuple, a range or a 1-D array. A perplexity among several may be
        too large for the rows: that run is then out of range. Seeds that are None are drawn.
    n : int
        Rows of the data.
    init_scale, index
        See `check_init`.

    Returns
    -------
    tuple
        The values, each once; of length 1 where one value was given.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        With the parameter's name, the value and what is allowed.
    """
    _reject_without_order(name, value, n)
    values = _several_inits(value) if name == "init" else several_of(value)
    if values is None:
        values = [value]
    if not values:
        raise InvalidValueError(f"{name} is an empty list: {name} must be a value or a list of at least one")
    if name == "init":
        checked = [check_init(value, n, scale=init_scale, index=index) for value in values]
    elif name == "perplexity":
        checked = [check_perplexity(value, n, alone=len(values) == 1) for value in values]
    else:
        checked = _check_seeds(values)
    require_distinct(name, checked)
    return tuple(checked)


def _reject_without_order(name: str, value: Any, n: int) -> None:
    """Raise for several values that are no list: sets, whose order is none, dicts, and what is read once."""
    if isinstance(value, (Set, Mapping, ValuesView, Iterator)):
        allowed = {
            "perplexity": "a number or a list of numbers",
            "random_state": "an integer, None, or a list of these",
            "init": f"{inits_allowed(n)}, or a list of these",
        }
        raise invalid_type(name, value, allowed[name])


def _several_inits(value: Any) -> list[Any] | None:
    # Coordinates are a list too: of pairs.
    values = several_of(value)
    several = values is not None and (not values or any(map(_is_an_init, values)))
    return values if several else None


def _is_an_init(value: Any) -> bool:
    try:
        return isinstance(value, str) or np.ndim(value) == 2
    except ValueError:  # its rows differ in length
        return False


def _check_seeds(values: list[Any]) -> list[int]:
    checked = [LIMITS["random_state"].check("random_state", value) for value in values]
    for position, seed in enumerate(checked):
        while seed is None or (values[position] is None and checked.count(seed) > 1):
            seed = checked[position] = fresh_seed()
    return checked


def fresh_seed() -> int:
    """Draw a seed from the operating system; short enough to be read and typed again."""
    return int(np.random.default_rng().integers(1_000_000))
