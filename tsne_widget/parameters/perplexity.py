"""Check a perplexity, and say how many neighbours it needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from ..errors import (
    InvalidValueError,
    PerplexityWarning,
    invalid_type,
    invalid_value,
)
from .constants import (
    FAR_NEIGHBORS,
    KEPT_NEIGHBORS,
    NEIGHBORS_HEADROOM,
    NEIGHBORS_HEADROOM_MAX_ROWS,
    NEIGHBORS_PER_PERPLEXITY,
)
from .defaults import Settings
from .limits import is_finite, require_distinct, several_of
from .warn import warn_user


def check_perplexity(value: Any, n: int, *, alone: bool = True) -> float:
    """Check a perplexity against the number of rows.

    A Gaussian over n - 1 others has a perplexity between 1 and n - 1. If it is not `alone`, it may be larger.
    """
    return checked_perplexity("perplexity", value, n, perplexities_allowed(n), alone=alone)


def checked_perplexity(name: str, value: Any, n: int, allowed: str, *, alone: bool) -> float:
    """Return a perplexity as a float, or raise; if not `alone`, it may be too large for the rows."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise invalid_type(name, value, allowed)
    if not is_finite(value) or float(value) <= 1 or (alone and float(value) >= n - 1):
        raise invalid_value(name, value, allowed)
    return float(value)


def why_out_of_range(perplexity: float, n: int) -> str:
    """Say why a map cannot have a perplexity; empty if it can."""
    if perplexity < n - 1:
        return ""
    return str(invalid_value("perplexity", _plain(perplexity), perplexities_allowed(n)))


def require_one_in_range(perplexities: Sequence[float], n: int) -> None:
    """Raise InvalidValueError if all perplexities are too large for the rows: no map would show."""
    if all(why_out_of_range(perplexity, n) for perplexity in perplexities):
        raise InvalidValueError(
            f"perplexity={listed(perplexities)} puts every map out of range: "
            f"at least one must be {perplexities_allowed(n)}"
        )


def listed(numbers: Sequence[float]) -> str:
    """Write numbers as a list."""
    return ", ".join(repr(_plain(number)) for number in numbers)


def _is(numbers: Sequence[float]) -> str:
    return "is" if len(numbers) == 1 else "are"


def perplexities_allowed(n: int) -> str:
    """Say which perplexities `n` rows allow."""
    return f"a number above 1 and below n - 1 = {n - 1} for {n} rows"


def _plain(number: float) -> float:
    return int(number) if number.is_integer() else number


def warn_if_doubtful(perplexities: Sequence[float], n: int) -> None:
    """Warn once of perplexities above a third of the other rows, once of those too large for a map."""
    outside = [perplexity for perplexity in perplexities if why_out_of_range(perplexity, n)]
    doubtful = [
        perplexity
        for perplexity in perplexities
        if perplexity not in outside and perplexity > (n - 1) / NEIGHBORS_PER_PERPLEXITY
    ]
    if doubtful:
        warn_user(
            f"perplexity={listed(doubtful)} {_is(doubtful)} more than a third of the {n - 1} other rows: "
            f"each point is attracted to nearly all others, and the map shows little structure; {_usual(n)}",
            PerplexityWarning,
        )
    if outside:
        empty = "that map stays empty" if len(outside) == 1 else "those maps stay empty"
        warn_user(
            f"perplexity={listed(outside)} {_is(outside)} not allowed: "
            f"perplexity must be {perplexities_allowed(n)}; {empty}",
            PerplexityWarning,
        )


def _usual(n: int) -> str:
    most = (n - 1) / NEIGHBORS_PER_PERPLEXITY
    return f"up to {most:.4g} is usual" if most > 1 else f"{n} rows are too few for a smaller one"


def neighbors_wanted(perplexity: float, n: int) -> int:
    """Return how many neighbours a perplexity needs."""
    return min(n - 1, math.floor(NEIGHBORS_PER_PERPLEXITY * perplexity))


def check_multiscale(value: Any, affinity: str, n: int) -> tuple[float, ...]:
    """Check further perplexities and return them as a tuple; empty if there are none."""
    several = [] if value is None else several_of(value)
    if several is None:
        raise invalid_type("multiscale", value, f"a list of perplexities, each {perplexities_allowed(n)}")
    if several and affinity == "uniform":
        raise InvalidValueError(
            f"multiscale={value!r} mixes Gaussians, and affinity='uniform' has none: give only one of the two"
        )
    checked = tuple(
        checked_perplexity(
            "multiscale", one, n, f"a list of numbers, each {perplexities_allowed(n)}", alone=True
        )
        for one in several
    )
    require_distinct("multiscale", list(checked))
    return checked


def weights_in_words(settings: Settings) -> str:
    """Say how P is made; empty if it comes from one perplexity."""
    if settings.affinity == "uniform":
        return "uniform weights"
    return f"mixed with perplexity {listed(settings.multiscale)}" if settings.multiscale else ""


def most_perplexity(neighbors: int) -> float:
    """Return the largest perplexity for which so many neighbours of each row are enough."""
    return neighbors / NEIGHBORS_PER_PERPLEXITY


def require_perplexity_among(perplexity: float, rows: int, neighbors: int, name: str = "perplexity") -> None:
    """Raise unless some rows, each with so many neighbours among them, are enough for a perplexity.

    Raises
    ------
    InvalidValueError
        It names the largest that they allow.
    """
    most = most_perplexity(neighbors)
    if perplexity <= most:
        return
    wanted = math.floor(NEIGHBORS_PER_PERPLEXITY * perplexity)
    largest = math.floor(most) if most >= 2 else math.floor(10 * most) / 10
    needs = (
        f"at least {wanted + 1:,} rows; these are {rows:,}"
        if neighbors == rows - 1
        else f"{wanted:,} neighbours of each row among these {rows:,}, and some have {neighbors:,}"
    )
    possible = f"at most {largest}" if largest > 1 else "too few for any map"
    raise InvalidValueError(f"{name}={_plain(perplexity)!r} needs {needs}: {possible}")


def neighbors_to_search(wanted: int, n: int, *, exact: bool) -> int:
    """Return how many neighbours to search where so many are wanted, with headroom for measures and later.

    If the search is not `exact`, more neighbours would be others, and the map with them.
    """
    headroom = NEIGHBORS_HEADROOM if n <= NEIGHBORS_HEADROOM_MAX_ROWS else 0
    measured = max(KEPT_NEIGHBORS, FAR_NEIGHBORS if exact else 0)
    return max(wanted, min(n - 1, max(headroom, measured)))
