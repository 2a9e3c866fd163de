"""Typed errors; each is also a builtin that users already catch."""

from __future__ import annotations

from typing import Any

__all__ = [
    "DataError",
    "GroupError",
    "InitWarning",
    "InvalidTypeError",
    "InvalidValueError",
    "IsolatedRowsWarning",
    "MissingDependencyError",
    "NoEffectWarning",
    "NotComputedError",
    "NotRunningError",
    "OverlapWarning",
    "PerplexityWarning",
    "RunFailedError",
    "SaveError",
    "SelectionError",
    "SeveralRunsError",
    "StabilityWarning",
    "TSNEWidgetError",
    "UnknownColumnError",
    "UnknownParameterError",
    "UnstableWarning",
    "WaitTimeoutError",
]


class TSNEWidgetError(Exception):
    """Base of every error that this package raises on purpose."""


class InvalidValueError(TSNEWidgetError, ValueError):
    """A parameter has a value outside of what is allowed."""


class InvalidTypeError(TSNEWidgetError, TypeError):
    """A parameter is of a type that cannot be used."""


class UnknownParameterError(TSNEWidgetError, TypeError):
    """A keyword is not known; the message names the nearest one that is."""


class DataError(TSNEWidgetError, ValueError):
    """X or labels cannot be embedded as they are."""


class DivergedError(ArithmeticError):
    """A coordinate of the layout is not finite any more; internal, users get a RunFailedError."""


class UnknownColumnError(DataError, KeyError):
    """There is no column of that name; the message names those that are near."""

    def __str__(self) -> str:
        return str(self.args[0])


class SelectionError(TSNEWidgetError, IndexError):
    """A selected row does not exist."""


class GroupError(TSNEWidgetError, KeyError):
    """There is no group of that name, or there is one already."""

    def __str__(self) -> str:
        return str(self.args[0])


class NotComputedError(TSNEWidgetError, AttributeError):
    """A result was asked for before there is one."""


class SeveralRunsError(TSNEWidgetError, AttributeError):
    """A result of one map was asked for of a widget that shows several."""


class NotRunningError(TSNEWidgetError, RuntimeError):
    """A command makes no sense in the present state, for instance after `close()`."""


class RunFailedError(TSNEWidgetError, RuntimeError):
    """An optimisation failed; `__cause__` is what it failed with."""


class WaitTimeoutError(TSNEWidgetError, TimeoutError):
    """`wait(timeout=...)` ran out of time; the map goes on."""


class SaveError(TSNEWidgetError, OSError):
    """A file cannot be written; `__cause__` is what the system says."""


class MissingDependencyError(TSNEWidgetError, ImportError):
    """An optional package is needed and not installed."""


class PerplexityWarning(UserWarning):
    """The perplexity is allowed but doubtful for this number of rows."""


class InitWarning(UserWarning):
    """The map is to start from coordinates that seldom lead to a good one."""


class UnstableWarning(UserWarning):
    """The optimisation ended without a map: its steps were too long, or all points fell into one."""


class IsolatedRowsWarning(UserWarning):
    """Rows have no neighbours, or parts of the data no distances between them."""


class NoEffectWarning(UserWarning):
    """A parameter was given that has nothing to do here."""


class OverlapWarning(UserWarning):
    """Rows are in several groups, and only one of them is told."""


class StabilityWarning(UserWarning):
    """A stability was measured of maps that are nearly the same by construction."""


def closed() -> NotRunningError:
    """Build the error for what needs a widget that is not closed."""
    return NotRunningError("the widget is closed: make a new one to go on")


def invalid_value(name: str, value: Any, allowed: str) -> InvalidValueError:
    """Build the error for a value outside of what is allowed."""
    return InvalidValueError(f"{name}={shortened(value)} is not allowed: {name} must be {allowed}")


def invalid_type(name: str, value: Any, allowed: str) -> InvalidTypeError:
    """Build the error for a value of a wrong type."""
    kind = type(value).__name__
    return InvalidTypeError(f"{name}={shortened(value)} is of type {kind}: {name} must be {allowed}")


def shortened(value: Any) -> str:
    """Return a value in words, whatever it is, in at most 80 characters."""
    try:
        text = repr(value)
    except Exception:  # an integer of more digits than Python prints, or a user's own type
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 80 else text[:77] + "..."
