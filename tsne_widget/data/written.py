"""Write values in words, as `js/src/view/figures.ts` does for values that only the view has."""

from __future__ import annotations

import math
import re
import sys
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from .durations import FINE_UNITS, WHOLE_UNITS, duration_in_words
from .encodings import Scale

#: Digits of a number; numbers that are large relative to their range get more, to tell them apart.
_DIGITS = 4
#: All the digits of a float64.
_MOST_DIGITS = 17
#: Outside these limits numbers have an exponent.
_SMALL, _LARGE = 1e-4, 1e15
#: The precision of a duration, as a share of its range.
_PART = 50
_DAY = 86_400
#: A minus as wide as a plus.
MINUS = "\N{MINUS SIGN}"
_ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$")


def value_in_words(value: float, span: float | None = None, scale: Scale | None = None) -> str:
    """Write a value with enough digits to tell it from the others.

    Parameters
    ----------
    value : float
        In the scale's own unit: seconds for times and durations.
    span : float, optional
        The width of the range of the values.
    scale : Scale, optional
        The scale of the value; by default a plain number.
    """
    if scale is not None and scale.quantity == "duration":
        return duration(value, span)
    if scale is None or scale.origin is None:
        return number(value, span)
    if scale.quantity == "moment":
        return moment(value, scale.origin, span or 0.0)
    return "missing" if math.isnan(value) else str(int(scale.origin) + round(value))


def number(value: float, span: float | None = None) -> str:
    """Write a number from a range of width `span`."""
    if math.isnan(value):
        return "missing"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    digits = _digits(value, span)
    size = abs(float(f"{value:.{digits}g}"))
    sign = "-" if value < 0 else ""
    if size and not _SMALL <= size < _LARGE:
        mantissa, exponent = f"{Decimal(repr(size)):e}".split("e")
        return f"{sign}{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent):+d}"
    whole, _, fraction = repr(size).partition(".")
    return f"{sign}{int(whole):,}" + ("" if fraction in ("", "0") else f".{fraction}")


def signed(value: float, decimals: int) -> str:
    """Write a difference with its sign, and round halves up."""
    sign = "+" if value > 0 else MINUS
    if abs(value) >= _LARGE:
        return sign + number(abs(value))
    digits = Decimal(abs(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{sign if digits else ''}{digits}"


def mean_in_words(value: float, low: float, high: float) -> str:
    """Write a mean, to a hundredth of the colour range."""
    if not math.isfinite(value):
        return number(value)
    decimals = max(0, min(_MOST_DIGITS, 2 - _magnitude((high - low) or 1.0)))
    least = 10.0**-decimals
    return f"< {number(least)}" if 0 < value < least / 2 else f"{value:,.{decimals}f}"


def duration(seconds: float, span: float | None = None) -> str:
    """Write a duration from a range of `span` seconds."""
    if not math.isfinite(seconds):
        return number(seconds)
    own = abs(seconds)
    within = min(span or own, own)
    coarse = next((size for size in WHOLE_UNITS.values() if size * _PART <= within), None)
    if coarse is not None:
        return _signed(seconds, duration_in_words(math.floor(own / coarse + 0.5) * coarse, 1))
    power = 0 if own >= 1 or own == 0 else min(len(FINE_UNITS) - 1, -math.floor(math.log10(own) / 3))
    decimals = max(0, _digits(own, within) - 1 - _magnitude((own or 1.0) * 1_000.0**power)) + 3 * power
    ticks = int((Decimal(own) * 10**decimals).to_integral_value(ROUND_HALF_UP))
    return _signed(seconds, duration_in_words(ticks, 10**decimals))


def moment(seconds: float, origin: str, span: float) -> str:
    """Write a time in the zone of `origin`, where seconds start, as precisely as a range needs."""
    if not math.isfinite(seconds):
        return number(seconds)
    local, _, fraction = _ZONE.sub("", origin).partition(".")
    decimals = 0 if span >= 60 else 3 if span >= 1 else min(9, 3 - _magnitude(span or 1.0))
    ticks = math.floor((seconds + float(f"0.{fraction or 0}")) * 10**decimals + (0.5 if decimals else 0))
    whole, rest = divmod(ticks, 10**decimals)
    text = str(np.datetime64(local, "s") + np.timedelta64(whole, "s"))
    if span >= 3 * _DAY:
        return text[:-9]
    if span >= 3_600:
        return text[:-3].replace("T", " ")
    return text[-8:] + (f".{rest:0{decimals}}" if decimals else "")


def _signed(value: float, text: str) -> str:
    return f"-{text}" if value < 0 else text


def _digits(value: float, span: float | None) -> int:
    if not value or not span:
        return _DIGITS
    return min(_MOST_DIGITS, _DIGITS + max(0, _magnitude(value) - _magnitude(span)))


def _magnitude(value: float) -> int:
    return math.floor(math.log10(min(abs(value), sys.float_info.max)))
