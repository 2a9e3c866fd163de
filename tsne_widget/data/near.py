"""Suggest the names that a mistyped name may mean."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable
from typing import Any

#: Up to this many names we compare letter by letter, in about 20 µs each; beyond, only case may differ.
COMPARED = 5_000
#: How many names we list if none is similar.
LISTED = 5


def hint(value: Any, known: Iterable[str]) -> str:
    """Return the end of a message: '; did you mean ...?', or '; there are ...' if nothing is similar."""
    names = list(known)
    near = _near(str(value), names)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    if not names:
        return "; there are none"
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return f"; there are {', '.join(map(repr, names[:LISTED]))}{more}"


def _near(text: str, names: list[str]) -> list[str]:
    folded = text.strip().casefold()
    alike = (name for name in names if name.strip().casefold() == folded)
    found = list(itertools.islice(alike, 3))
    return found or difflib.get_close_matches(text, names[:COMPARED], 3)
