"""Durations in words: '3 d 4 h', '1 min 2.5 s', '12 ms'."""

from __future__ import annotations

import re

import numpy as np

#: Units that take no fraction, in seconds.
WHOLE_UNITS = {"d": 86_400, "h": 3_600, "min": 60}
#: The other units: a second divided by powers of 1,000.
FINE_UNITS = ("s", "ms", "µs", "ns", "ps", "fs", "as")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(d|h|min|s|ms|[uµμ]s|ns|ps|fs|as)(?:\s+|$)")


def duration_in_words(ticks: int, per_second: int) -> str:
    """Write a duration exactly.

    Parameters
    ----------
    ticks : int
        How many ticks the duration has.
    per_second : int
        How many ticks make a second, a power of ten.

    Examples
    --------
    >>> duration_in_words(273_600, 1), duration_in_words(12_500, 10**6), duration_in_words(-62_500, 1_000)
    ('3 d 4 h', '12.5 ms', '-1 min 2.5 s')
    """
    sign = "-" if ticks < 0 else ""
    seconds, rest = divmod(abs(ticks), per_second)
    if not seconds and rest:
        return sign + _fine(rest, per_second)
    parts = []
    for unit, size in WHOLE_UNITS.items():
        count, seconds = divmod(seconds, size)
        parts += [f"{count} {unit}"] if count else []
    if seconds or rest or not parts:
        parts.append(f"{_decimal(seconds, rest, per_second)} s")
    return sign + " ".join(parts)


def read_duration(text: str) -> np.timedelta64:
    """Read a duration from its words.

    Raises
    ------
    ValueError
        It is not a duration, or timedelta64 in nanoseconds cannot hold it.
    """
    written = text.strip()
    sign, written = (-1, written[1:]) if written.startswith("-") else (1, written)
    parts = [match.groups() for match in _PART.finditer(written)]
    if not parts or _PART.sub("", written):
        raise ValueError(f"{text!r} is not a duration such as '3 d 4 h'")
    ticks = sum(_ticks(amount, unit) for amount, unit in parts)
    try:
        return np.timedelta64(sign * ticks, "ns")
    except OverflowError as error:
        raise ValueError(f"{text!r} is too long for a duration") from error


def _fine(rest: int, per_second: int) -> str:
    """Write less than a second in the largest unit that fits."""
    thousands = next(power for power in range(1, 7) if rest * 1_000**power >= per_second)
    whole, rest = divmod(rest * 1_000**thousands, per_second)
    return f"{_decimal(whole, rest, per_second)} {FINE_UNITS[thousands]}"


def _decimal(whole: int, rest: int, per_unit: int) -> str:
    if not rest:
        return str(whole)
    digits = len(str(per_unit)) - 1
    return f"{whole}.{rest:0{digits}}".rstrip("0")


def _ticks(amount: str, unit: str) -> int:
    """Return nanoseconds."""
    whole, _, fraction = amount.partition(".")
    if unit in WHOLE_UNITS:
        size = WHOLE_UNITS[unit] * 10**9
    else:
        power = FINE_UNITS.index("µs" if unit in ("us", "μs") else unit)
        size = 10**9 // 1_000**power
    return int(whole) * size + (int(fraction) * size // 10 ** len(fraction) if fraction else 0)
