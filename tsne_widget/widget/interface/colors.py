"""What colours the points."""

from __future__ import annotations

from typing import Any

from ..colors import Colors
from ..map_set import MapSet


class ColorsInterface:
    """The public methods about colours."""

    _colors: Colors
    _maps: MapSet

    @property
    def color_by(self) -> str | None:
        """What colours the points; you may set it at any time. Another column's scale starts linear.

        The name of a column (of `labels`, `data` or X), 'groups', the name of a measure, or None. `measures`
        lists the measures: 'stability' compares several maps, and labels show if only one is left; 'kept',
        'distortions', 'missing', 'false', 'reach' and 'second_home' belong to each map, 'density' and
        'isolation' to the original space; 'distance' is measured there from the point under the pointer.

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
    def palette(self) -> Any:
        """Your own colours; you may set them at any time, to None for ours.

        - A dict from categories to colours. Names that are no categories of the column that colours are said
          in a NoEffectWarning; they may belong to another column.
        - A list: colours of the categories in the order of the legend.
        - The name of a colormap of matplotlib, for columns of numbers; measures keep their colours.

        A colour is '#rrggbb', '#rgb' or, with matplotlib, one of its names or (red, green, blue) from 0 to 1.

        Raises
        ------
        InvalidValueError, InvalidTypeError, MissingDependencyError
            When set: something is no colour or colormap, or only matplotlib knows it and is not installed.
        """
        return self._colors.palette.given

    @palette.setter
    def palette(self, value: Any) -> None:
        self._colors.set_palette(value)

    @property
    def color_as(self) -> str | None:
        """How the column colours: as 'categories' or a 'scale'; you may set it if both are possible.

        Raises
        ------
        InvalidValueError
            When set: the column cannot colour that way, or no column colours.
        """
        return self._colors.kind

    @color_as.setter
    def color_as(self, kind: str) -> None:
        self._colors.color_as(kind)
