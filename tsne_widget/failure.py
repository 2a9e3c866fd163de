"""Say in words what went wrong with a map."""

from __future__ import annotations

import linecache
from pathlib import PurePath

from .errors import DivergedError, TSNEWidgetError

#: Errors whose message is written for users.
_PLAIN = (TSNEWidgetError, DivergedError)


def failure_in_words(error: BaseException, when: str) -> str:
    """Return a sentence on an error: when it occurred, what it means if known, and its name in Python."""
    if isinstance(error, _PLAIN):
        return str(error)
    called = error_in_words(error)
    if isinstance(error, MemoryError):
        way_out = "close programs that use a lot of it, or map fewer rows"
        return f"{when}, there was not enough memory: {way_out} ({called})"
    return f"{when}: {called}"


def error_in_words(error: BaseException) -> str:
    """Return the type of an error and its text; if it has no text, the line that raised it.

    Examples
    --------
    >>> try:
    ...     assert 1 > 2
    ... except AssertionError as error:
    ...     error_in_words(error)  # doctest: +SKIP
    'AssertionError in line 2 of example.py: assert 1 > 2'
    """
    if isinstance(error, _PLAIN):
        return str(error)
    kind, text = type(error).__name__, str(error).strip()
    if text:
        return f"{kind}: {text}"
    trace = error.__traceback__
    if trace is None:
        return kind
    while trace.tb_next is not None:
        trace = trace.tb_next
    file, number = trace.tb_frame.f_code.co_filename, trace.tb_lineno
    line = linecache.getline(file, number, trace.tb_frame.f_globals).strip()
    where = f"in line {number} of {PurePath(file).name}"
    return f"{kind} {where}: {line}" if line else f"{kind} {where}"
