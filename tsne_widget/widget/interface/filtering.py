"""Having rows stand out by their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...parameters.limits import NOT_GIVEN
from ..filtering import Filtering
from ..row_set import RowSet

if TYPE_CHECKING:
    from typing_extensions import Self


class FilteringInterface:
    """The public methods about the filter."""

    _filtering: Filtering
    _row_set: RowSet

    def filter(
        self,
        where: Any = NOT_GIVEN,
        /,
        *,
        exclude: Mapping[str, Any] | None = None,
        any: bool = False,
        **columns: Any,
    ) -> Self:
        """Have only some rows stand out, by their values; the others stand back on the maps.

        It replaces the filter that there was, and `undo` brings that back. The selection stays:
        ``w.select(w.filtered)`` selects the rows that pass.

        Parameters
        ----------
        where : mask, positions, mapping or None
            Rows, named as in `select`; or conditions by column, for names that are no keywords. None clears
            the filter.
        exclude : mapping, optional
            Conditions by column that rows must not meet.
        any : bool
            Whether rows pass that meet any of the conditions, rather than all.
        **columns
            Conditions by column. A tuple is a range of numbers, dates or durations, ends included, in which
            None is no limit: ``(20, 40)``, ``(None, "2024-05-31")``. Anything else is a value, or a list of
            values; None is a missing one. Rows without a value lie in no range.

        Returns
        -------
        TSNEWidget
            The widget itself.

        Raises
        ------
        UnknownColumnError, SelectionError, DataError, InvalidTypeError, InvalidValueError
            There is no such column or row, or a column has no such range or value; the filter stays.

        Examples
        --------
        >>> w.filter(age=(20, 40), kind=["cat", "dog"])
        >>> w.filter({"petal length": (None, 2)}, exclude={"kind": None})
        >>> w.filter(age=(60, None), ill=True, any=True)
        >>> w.filter(w.measure("kept") < 0.1)
        >>> w.filter(None)
        """
        self._filtering.filter(where, exclude, any, columns)
        return self

    @property
    def filtered(self) -> np.ndarray:
        """Positions of the rows that pass the filter, int64, sorted; all rows if there is none."""
        filter = self._row_set.filter
        return np.arange(self._row_set.n) if filter is None else filter.rows
