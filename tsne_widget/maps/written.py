"""Write estimators as code."""

from __future__ import annotations

import inspect
import re
import sys
from ast import literal_eval
from dataclasses import dataclass, field
from itertools import count
from keyword import iskeyword
from typing import Any

import numpy as np

from ..parameters.given import Given

#: The most rows or ranges of rows that code writes out.
_LONGEST_INDEX = 1_000


@dataclass
class Written:
    """The code of an estimator.

    Attributes
    ----------
    code : str
        An expression.
    imports : dict of str
        The lines that import its classes, in order.
    yours : list of str
        Names in the expression that stand for the user's own objects and classes.
    classes : dict of type
        The classes in the expression, by name; code of several estimators shares them.
    """

    code: str = ""
    imports: dict[str, None] = field(default_factory=dict)
    yours: list[str] = field(default_factory=list)
    classes: dict[str, type] = field(default_factory=dict)

    def name_of(self, kind: type) -> str:
        """Return a name that no other class has; import it, unless only the user's code can know it."""
        own = kind.__name__
        names = (own if number == 1 else f"{own}_{number}" for number in count(1))
        name = next(name for name in names if self.classes.setdefault(name, kind) is kind)
        if kind.__module__ == "__main__" or kind.__qualname__ != own:
            self.yours.append(name)
        else:
            self.imports[f"from {_module_of(kind)} import {own}{'' if name == own else f' as {name}'}"] = None
        return name


def written(estimator: Any, called: str = "estimator", classes: dict[str, type] | None = None) -> Written:
    """Write an unfitted estimator as code, with those parameters that differ from their defaults.

    One without parameters that can be read is a variable of the user's, `called` so. Code that stands in one
    place shares `classes`, as two packages may each have a class of the same name.
    """
    found = Written() if classes is None else Written(classes=classes)
    found.code = _code(called, estimator, found)
    return found


def variable(name: str) -> str:
    """Turn the name of a map into that of a variable."""
    plain = re.sub(r"\W+", "_", name).strip("_").lower()
    return plain if plain.isidentifier() and not iskeyword(plain) else f"map_{plain}"


def written_value(name: str, value: Any) -> str:
    """Write the value of an axis: the user's own function by its name, coordinates by that of the axis."""
    if not isinstance(value, Given):
        return repr(value)
    return value.name if callable(value.value) else name


def is_literal(code: str) -> bool:
    """Tell whether code is a plain value."""
    try:
        literal_eval(code)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _code(name: str, value: Any, found: Written) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        parts = [_code(name, part, found) for part in value]
        inside = ", ".join(parts)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(parts) == 1 else f"({inside})"
    if callable(getattr(value, "get_params", None)) and not isinstance(value, type):
        return _call(value, found)
    code = repr(value)
    if is_literal(code):
        return code
    found.yours.append(name)
    return name


def _call(estimator: Any, found: Written) -> str:
    kind = type(estimator)
    called = found.name_of(kind)
    defaults = inspect.signature(kind.__init__).parameters
    given = []
    for name, value in estimator.get_params(deep=False).items():
        default = defaults[name].default if name in defaults else inspect.Parameter.empty
        if default is inspect.Parameter.empty or not _is(value, default):
            given.append(f"{name}={_code(name, value, found)}")
    return f"{called}({', '.join(given)})"


def _is(value: Any, default: Any) -> bool:
    return type(value) is type(default) and repr(value) == repr(default)


def _module_of(kind: type) -> str:
    """Return the shortest module from which a class can be imported: 'umap', not 'umap.umap_'."""
    parts = kind.__module__.split(".")
    modules = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    known = (name for name in modules if getattr(sys.modules.get(name), kind.__name__, None) is kind)
    return next(known, kind.__module__)


def rows_in_code(called: str, rows: np.ndarray) -> Written:
    """Write positions of rows, which ascend, as an index: a range, slices, or a list.

    Rows that would take more than a page are a variable of the user's, `called` so.
    """
    begins = np.flatnonzero(np.diff(rows, prepend=-2) > 1)
    first, last = rows[begins].tolist(), rows[np.append(begins[1:], len(rows)) - 1].tolist()
    if len(first) == 1:
        return Written(f"range({first[0]}, {last[0] + 1})")
    if len(first) > _LONGEST_INDEX:
        return Written(called, yours=[f"{called} (the positions of {len(rows):,} rows)"])
    if 2 * len(first) > len(rows):
        return Written(repr(rows.tolist()))
    parts = (f"{a}:{b + 1}" if b > a else f"{a}" for a, b in zip(first, last, strict=True))
    return Written(f"np.r_[{', '.join(parts)}]", {"import numpy as np": None})
