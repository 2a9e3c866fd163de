"""Maps of their own for rows that the user chooses, and the names of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Source
from ..errors import (
    InvalidValueError,
    SelectionError,
    UnknownParameterError,
    invalid_type,
    invalid_value,
)
from ..maps.grid import Spec
from ..maps.methods import METHODS, axis_of
from ..maps.selection_method import SelectionMethod, chosen, chosen_rows
from ..parameters.axes import check_values
from ..parameters.given import unused
from ..parameters.perplexity import require_perplexity_among
from .handle import RunHandle
from .map_set import MapSet
from .measurements import Measurements
from .row_set import RowSet

#: A name tells the labels of rows if so few make up this share of them.
_LABELS_TOLD, _MOST = 3, 0.9


class Choosing:
    """Makes maps of chosen rows.

    Parameters
    ----------
    shown : object
        The widget's traits.
    source, maps, rows, measurements : object
        Other parts of the widget.
    """

    def __init__(self, shown: Any, source: Source, maps: MapSet, rows: RowSet, measurements: Measurements):
        self._shown, self._source, self._maps = shown, source, maps
        self._rows, self._measurements = rows, measurements

    def map(
        self, rows: Any, values: Mapping[str, Any], *, without: bool = False, name: Any = None
    ) -> RunHandle:
        """Show a map of some rows, by default of those selected, or of all others."""
        if rows is None:
            rows = self._shown.selection
            if not len(rows):
                raise SelectionError("nothing is selected: select the rows to map, or give rows=")
        spec = self._spec(rows, values, without=without, called=name)
        if spec not in self._maps.beside.values():
            self._maps.set_beside({**self._maps.beside, spec.name: spec})
        return RunHandle(self._maps, self._maps.grid.beside[spec.name].run)

    def begin_with(self, subset: Any) -> None:
        """Let the rows that the constructor got have maps from the start."""
        if subset is None:
            return
        named = subset if isinstance(subset, Mapping) else {None: subset}
        for name, given in named.items():
            values = dict(given) if isinstance(given, Mapping) else {"rows": given}
            rows = values.pop("rows", None)
            if rows is None:
                raise invalid_value("subset", subset, "rows, a dict of rows, or a dict of dicts with 'rows'")
            unknown = [one for one in values if one not in {axis.name for axis in SelectionMethod.axes}]
            if unknown:
                raise UnknownParameterError(f"subset has {unknown[0]!r}, which is no parameter of such a map")
            self._maps.begin_with(self._spec(rows, values, called=name, asked="subset"))

    # --- which map ------------------------------------------------------------------------------------

    def _spec(
        self,
        rows: Any,
        values: Mapping[str, Any],
        *,
        without: bool = False,
        called: Any = None,
        asked: str = "rows",
    ) -> Spec:
        """Return the map of some rows; raise if there can be none."""
        some = self._rows.given(asked, rows)
        of = np.setdiff1d(np.arange(self._maps.n_rows), some, assume_unique=True) if without else some
        if len(of) == self._maps.n_rows:
            raise SelectionError(f"{asked} holds all rows, which have a map already")
        if not len(of):
            left = "all rows are left out" if without else f"{asked} holds no rows"
            raise SelectionError(f"{left}: there is nothing to map")
        first, settings = self._maps.grid.of_tsne[0].spec, self._maps.given
        origin = chosen_rows(of, settings, self._source.matrix)
        spec = replace(SelectionMethod.spec_beside("", first), origin=origin)
        for name, value in values.items():
            if value is not None:
                spec = spec.with_value(name, self._checked(spec, name, value))
        asked_of = [
            *(("multiscale", each) for each in settings.multiscale),
            ("perplexity", spec["perplexity"]),
        ]
        for parameter, perplexity in asked_of:
            require_perplexity_among(perplexity, len(of), origin.most_neighbors, parameter)
        return self._named(spec, called, self._name_of(rows, some, without=without))

    def _checked(self, spec: Spec, name: str, value: Any) -> Any:
        (checked, *more) = check_values(axis_of(spec, name), value, self._maps.facts)
        if more:
            raise invalid_type(name, value, "a single value, as this is one map")
        return checked

    def _named(self, spec: Spec, called: Any, proposed: str) -> Spec:
        """Return the map with its name, or the same map that is shown already."""
        beside = self._maps.beside
        if called is None:
            known = (one for one in beside.values() if _is_the_same(one, spec))
            return next(known, replace(spec, name=unused(proposed, beside)))
        if not isinstance(called, str):
            raise invalid_type("name", called, "a text")
        if not called or called == METHODS["tsne"].label:
            raise invalid_value("name", called, "a text that is not empty and does not name the main maps")
        there = beside.get(called)
        if there is not None and not _is_the_same(there, spec):
            raise InvalidValueError(f"name={called!r} is that of another map of this widget")
        return there or replace(spec, name=called)

    # --- its name -------------------------------------------------------------------------------------

    def _name_of(self, given: Any, rows: np.ndarray, *, without: bool) -> str:
        """Say which rows they are: the group, or how many they are and of which labels."""
        group = given if isinstance(given, str) else self._group_of(rows)
        if group is not None:
            return f'all but group "{group}"' if without else f'group "{group}"'
        count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
        labels = self._labels_of(rows)
        return f"all but {count}{labels}" if without else f"{count}{labels}"

    def _group_of(self, rows: np.ndarray) -> str | None:
        groups = self._rows.groups
        return next((name for name, some in groups.items() if np.array_equal(some, rows)), None)

    def _labels_of(self, rows: np.ndarray) -> str:
        """Say which labels make up rows: ' of digit 6 and 9'; empty if that tells little."""
        column = self._measurements.label_column_shown
        if column is None:
            return ""
        categories = self._source.column(column).categories()
        counts = np.bincount(categories.codes[rows], minlength=len(categories.names))
        order = np.argsort(-counts, kind="stable")
        share = counts[order].cumsum() / len(rows)
        told, whole = int(np.searchsorted(share, _MOST)) + 1, int((counts > 0).sum())
        if told > _LABELS_TOLD or told == len(counts):
            return ""
        names = [categories.names[code] for code in sorted(order[:told].tolist())]
        *others, last = names
        listed = f"{', '.join(others)} and {last}" if others else last
        what = listed if all(map(_speaks_for_itself, names)) else f"{column} {listed}"
        return f" of {what}" if told == whole else f", mostly {what}"


def _is_the_same(one: Spec, other: Spec) -> bool:
    """Tell whether two maps are of the same rows, with the same parameters."""
    return (
        one.method == other.method
        and chosen(one).makes_the_same_as(other.origin)
        and one.values == other.values
    )


def _speaks_for_itself(name: str) -> bool:
    """Tell whether a label needs no name of its column, as numbers and truth values do."""
    return any(letter.isalpha() for letter in name) and name.lower() not in ("true", "false", "yes", "no")
