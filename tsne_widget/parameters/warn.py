"""Warnings that point at the user's line."""

from __future__ import annotations

import sys
import warnings

_OWN = (__name__.split(".")[0], "sklearn", "traitlets")


def warn_user(text: str, category: type[Warning]) -> None:
    """Warn at the user's line, however deep the call of the check."""
    warnings.warn(text, category, stacklevel=_stacklevel())


def _stacklevel() -> int:
    level, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OWN:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level
