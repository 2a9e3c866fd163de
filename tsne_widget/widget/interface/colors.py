"""What colors the points."""

from __future__ import annotations

from ..colors import Colors
from ..map_set import MapSet


class ColorsInterface:
    """What users ask of the colors."""

    _colors: Colors
    _maps: MapSet

    @property
    def color_by(self) -> str | None:
        """What colours the points; it may be set at any time. Another column's scale is linear at first.

        The name of a column (of `labels`, `data` or X), 'groups', the name of a measure, or None. `measures`
        tells which there are: 'stability' is across several maps, and labels are shown where only one is
        left; 'kept' is of each map; 'density' of the original space; 'distance' in it to what is pointed at.

        Raises
        ------
        UnknownColumnError, InvalidTypeError, InvalidValueError, DataError
            When set: there is no such column, or it cannot colour.
        """
        return self._colors.by

    @color_by.setter
    def color_by(self, value: str | None) -> None:
        self._colors.color_by(value, maps=len(self._maps.handles))

    @property
    def color_as(self) -> str | None:
        """As what the column colours: 'categories' or 'scale'; it may be set where it can be both.

        Raises
        ------
        InvalidValueError
            When set: the column cannot colour so, or none colours.
        """
        return self._colors.kind

    @color_as.setter
    def color_as(self, kind: str) -> None:
        self._colors.color_as(kind)
