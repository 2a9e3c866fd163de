"""What went wrong with a map, in words for who looks at it."""

from __future__ import annotations

from .errors import TSNEWidgetError
from .tsne.diverged import DivergedError

#: Errors whose message is written for users.
_PLAIN = (TSNEWidgetError, DivergedError)


def failure_in_words(error: BaseException, when: str) -> str:
    """Return a sentence on an error: when it came, what it means if that is known, what Python calls it."""
    if isinstance(error, _PLAIN):
        return str(error)
    called = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, MemoryError):
        way_out = "close what needs much of it, or map fewer rows"
        return f"{when}, there was not enough memory: {way_out} ({called})"
    return f"{when}: {called}"
