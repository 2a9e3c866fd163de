"""The limits of single parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from ..errors import (
    InvalidValueError,
    invalid_type,
    invalid_value,
)
from .given import Given

#: What a new selection does with the one before; the first one is the default.
SELECT_MODES = ("replace", "add", "remove", "intersect")


class _NotGiven:
    """The value of a parameter that was left out, which differs from None."""

    def __repr__(self) -> str:
        return "not given"


NOT_GIVEN: Any = _NotGiven()


@dataclass(frozen=True)
class Limit:
    """The limits of a number: `low` and `high` are allowed (`low` unless `open_low`), `never` is not."""

    low: float = -math.inf
    high: float = math.inf
    integer: bool = False
    open_low: bool = False
    never: float | None = None
    also: tuple[Any, ...] = ()

    def __str__(self) -> str:
        kind = "an integer" if self.integer else "a number"
        low = f"above {self.low:.15g}" if self.open_low else f"at least {self.low:.15g}"
        bounds = [] if math.isinf(self.low) else [low]
        bounds += [] if math.isinf(self.high) else [f"at most {self.high:.15g}"]
        bounds += [] if self.never is None else [f"other than {self.never:.15g}"]
        other = "".join(f" or {value!r}" for value in self.also)
        return f"{kind} {' and '.join(bounds)}{other}"

    def check(self, name: str, value: Any) -> Any:
        """Return the value as a plain int or float, or raise."""
        if any(value is other or (isinstance(value, str) and value == other) for other in self.also):
            return value
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral if self.integer else Real):
            raise invalid_type(name, value, str(self))
        if not is_finite(value):
            raise invalid_value(name, value, str(self))
        number = int(value) if self.integer else float(value)  # type: ignore[call-overload] # both convert
        too_low = number <= self.low if self.open_low else number < self.low
        if too_low or number > self.high or number == self.never:
            raise invalid_value(name, value, str(self))
        return number


def is_finite(number: Real) -> bool:
    """Tell whether a float can hold a number."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


LIMITS = {
    "early_exaggeration": Limit(1),
    "early_exaggeration_iter": Limit(0, integer=True),
    # Below 1 repulsion wins at every distance: the points fly apart without end, and there is no map.
    "exaggeration": Limit(1),
    "learning_rate": Limit(0, open_low=True, also=("auto",)),
    "max_iter": Limit(1, integer=True),
    "angle": Limit(0, 1),
    "random_state": Limit(0, 2**32 - 1, integer=True, also=(None,)),
    "n_jobs": Limit(high=1024, integer=True, never=0),
    "height": Limit(120, 10_000, integer=True),
    "point_size": Limit(0, 100, open_low=True, also=("auto",)),
    "opacity": Limit(0, 1, open_low=True, also=("auto",)),
}


def several_of(value: Any) -> list[Any] | None:
    """Return the values of a list, a tuple, a range or a 1-D array; None for anything else."""
    if isinstance(value, (list, tuple, range)):
        return list(value)
    if hasattr(value, "__array__") and np.ndim(value) == 1:
        return list(np.asarray(value))
    return None


def check_runs(value: Any, count: int) -> list[int]:
    """Check positions of runs to compare: at least two of `count`, each once."""
    allowed = runs_allowed(count)
    several = several_of(value)
    if several is None or any(isinstance(one, bool) or not isinstance(one, Integral) for one in several):
        raise invalid_type("runs", value, allowed)
    positions = [int(position) for position in several]
    if len(set(positions) & set(range(count))) < max(2, len(positions)):
        raise invalid_value("runs", value, allowed)
    return positions


def runs_allowed(count: int) -> str:
    """Say which of `count` runs may be compared."""
    return f"at least two positions in w.runs, each once, from 0 to {count - 1}, or the maps themselves"


def check_align(value: Any) -> bool | Literal["selection"]:
    """Check how maps are aligned with the reference."""
    return _yes_no_or("selection", "align", value)


def check_show_names(value: Any) -> bool | Literal["auto"]:
    """Check whether names are on the maps."""
    return _yes_no_or("auto", "show_names", value)


def check_show_images(value: Any, images: Any) -> bool:
    """Check whether points are drawn as their pictures, which `images` holds; None: there are none."""
    shown = check_yes_or_no("show_images", value)
    if shown and images is None:
        raise invalid_value("show_images", value, "False: there are no pictures without image=")
    return shown


def _yes_no_or(word: Any, name: str, value: Any) -> Any:
    allowed = f"True, False or {word!r}"
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if not isinstance(value, str):
        raise invalid_type(name, value, allowed)
    if value != word:
        raise invalid_value(name, value, allowed)
    return word


def check_yes_or_no(name: str, value: Any) -> bool:
    """Return True or False, checked."""
    if not isinstance(value, (bool, np.bool_)):
        raise invalid_type(name, value, "True or False")
    return bool(value)


def check_text(name: str, value: Any) -> str | None:
    """Return a text or None, checked."""
    if value is not None and not isinstance(value, str):
        raise invalid_type(name, value, "a text or None")
    return value


def check_one_of(name: str, value: Any, names: Sequence[str], allowed: str = "") -> str:
    """Return a word, checked to be one of those allowed."""
    allowed = allowed or f"one of {', '.join(map(repr, names))}"
    if not isinstance(value, str):
        raise invalid_type(name, value, allowed)
    if value not in names:
        raise invalid_value(name, value, allowed)
    return str(value)


def require_distinct(name: str, values: list[Any]) -> None:
    """Raise if a value occurs twice."""
    seen = set()
    for value in values:
        if value in seen:
            coordinates = isinstance(value, Given) and isinstance(value.value, np.ndarray)
            shown = "the same coordinates" if coordinates else getattr(value, "name", repr(value))
            raise InvalidValueError(f"{name} holds {shown} more than once: every map of a widget must differ")
        seen.add(value)
