"""Typed errors; each is also a builtin that users already catch."""

from __future__ import annotations

from typing import Any

__all__ = [
    "BlockingFitWarning",
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
    "PlacingWarning",
    "RunFailedError",
    "SaveError",
    "SavingWarning",
    "ScaleWarning",
    "SelectionError",
    "SeveralRunsError",
    "StabilityWarning",
    "TSNEWidgetError",
    "UnknownColumnError",
    "UnknownMapError",
    "UnknownParameterError",
    "UnstableWarning",
    "WaitTimeoutError",
    "WorkersLostError",
]


class TSNEWidgetError(Exception):
    """Base of every error that this package raises on purpose."""


class InvalidValueError(TSNEWidgetError, ValueError):
    """A parameter has a value that is not allowed."""


class InvalidTypeError(TSNEWidgetError, TypeError):
    """A parameter has a type that cannot be used."""


class UnknownParameterError(TSNEWidgetError, TypeError):
    """A keyword is unknown; the message names the nearest known one."""


class DataError(TSNEWidgetError, ValueError):
    """X or labels cannot be embedded as they are."""


class DivergedError(ArithmeticError):
    """A coordinate of the layout is no longer finite; internal, users get a RunFailedError."""


class UnknownColumnError(DataError, KeyError):
    """There is no column with this name; the message names similar ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class SelectionError(TSNEWidgetError, IndexError):
    """A selected row does not exist."""


class GroupError(TSNEWidgetError, KeyError):
    """There is no group with this name, or the name is already taken."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownMapError(TSNEWidgetError, KeyError):
    """No map beside t-SNE has this name."""

    def __str__(self) -> str:
        return str(self.args[0])


class NotComputedError(TSNEWidgetError, AttributeError):
    """A result does not exist yet."""


class SeveralRunsError(TSNEWidgetError, AttributeError):
    """The result of one map was requested, but the widget shows several."""


class NotRunningError(TSNEWidgetError, RuntimeError):
    """A command is not possible now, for example after `close()`."""


class RunFailedError(TSNEWidgetError, RuntimeError):
    """An optimisation failed; `__cause__` is the original error."""


class WorkersLostError(TSNEWidgetError, RuntimeError):
    """The executor that did the work of a map is gone: the `__cause__` of a RunFailedError.

    `recover()` and then `resume()` go on without it.
    """


class WaitTimeoutError(TSNEWidgetError, TimeoutError):
    """`wait(timeout=...)` ran out of time; the map goes on."""


class SaveError(TSNEWidgetError, OSError):
    """A file cannot be written; `__cause__` is the system's error."""


class MissingDependencyError(TSNEWidgetError, ImportError):
    """An optional package is needed but not installed."""


class PerplexityWarning(UserWarning):
    """The perplexity is allowed but doubtful for this number of rows."""


class PlacingWarning(UserWarning):
    """New rows lie beyond the data, a map cannot place them, or some of what was given is not used."""


class InitWarning(UserWarning):
    """The map starts from coordinates that seldom lead to a good map."""


class SavingWarning(UserWarning):
    """A file of maps does not hold everything, or is there already."""


class ScaleWarning(UserWarning):
    """Some features decide the map unduly by their scale, or are hardly quantities."""


class UnstableWarning(UserWarning):
    """The optimisation gave no usable map: its steps were too long, or all points collapsed into one."""


class IsolatedRowsWarning(UserWarning):
    """Rows have no neighbours, many are copies, or parts of the data have no distances between them."""


class NoEffectWarning(UserWarning):
    """A given parameter has no effect here."""


class OverlapWarning(UserWarning):
    """Rows are in several groups, and only one of them is reported."""


class BlockingFitWarning(UserWarning):
    """An estimator is fitted in the user's cell, which waits for it."""


class StabilityWarning(UserWarning):
    """Stability compares maps that are nearly the same by construction."""


def closed() -> NotRunningError:
    """Build the error for a call that needs an open widget."""
    return NotRunningError("the widget is closed: make a new one to go on")


def invalid_value(name: str, value: Any, allowed: str) -> InvalidValueError:
    """Build the error for a value that is not allowed."""
    return InvalidValueError(f"{name}={shortened(value)} is not allowed: {name} must be {allowed}")


def invalid_type(name: str, value: Any, allowed: str) -> InvalidTypeError:
    """Build the error for a value of the wrong type."""
    kind = type(value).__name__
    return InvalidTypeError(f"{name}={shortened(value)} is of type {kind}: {name} must be {allowed}")


def shortened(value: Any) -> str:
    """Return any value as text of at most 80 characters."""
    try:
        text = repr(value)
    except Exception:  # an integer with more digits than Python prints, or a user's own type
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 80 else text[:77] + "..."
