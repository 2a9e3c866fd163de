"""What colours the points: a column, groups, or a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from threading import RLock
from typing import Any

from ..data import Categories, Column, Scale, Source, hint, is_name
from ..data.colors import category_colors, checked_color
from ..data.features import listed
from ..data.palette import check_palette, encoded
from ..errors import (
    DataError,
    InvalidValueError,
    NoEffectWarning,
    TSNEWidgetError,
    UnknownColumnError,
    invalid_type,
)
from ..measures.registry import measures
from ..parameters.constants import TOOLTIP_COLUMNS
from ..parameters.limits import NOT_GIVEN, check_one_of
from ..parameters.warn import warn_user
from ..wire import protocol, traits
from .names import check_name_by, names_trait

#: A file holds categories of these types; others by the texts that a palette has for them.
_NAMES_KEPT = (str, int, float, bool)


class Colors:
    """What colours the points of a widget.

    Parameters
    ----------
    shown : object
        The widget's traits.
    lock : RLock
        Held while a thread sets traits.
    source : Source
        The data.
    given : str, None or not given
        As in the constructor.
    palette : object
        As in the constructor.
    maps : int
        How many maps there are at first.
    name_by : str or None
        As in the constructor.

    Attributes
    ----------
    mode : str
        "labels", "groups" or the name of a measure.
    column : str or None
        The column that colours, or coloured before a measure did; None if there is none.
    labels : dict or None
        How that column is encoded, as clients are told.
    palette : Palette
        The user's own colours.
    """

    def __init__(
        self,
        shown: Any,
        lock: RLock,
        source: Source,
        given: Any,
        palette: Any,
        maps: int,
        name_by: Any,
    ):
        self._shown, self._lock, self._source = shown, lock, source
        self.palette = check_palette(palette)
        mode, column = _at_first(source, given, maps)
        self._take("labels", column)
        self.mode = mode
        self.name_by = check_name_by(source, name_by)
        self._warn_of_unknown()

    @property
    def by(self) -> str | None:
        """The value of `color_by`."""
        return self.column if self.mode == "labels" else self.mode

    @property
    def kind(self) -> str | None:
        """How the column colours: as 'categories' or a 'scale'."""
        return self.labels["kind"] if self.labels else None

    @property
    def scale(self) -> Scale | None:
        """The scale of the column that colours; None if it colours by categories."""
        return self._source.column(self.column).scale() if self.kind == "scale" else None

    @property
    def traits(self) -> dict[str, Any]:
        """The traits that tell clients about it."""
        return {
            "_labels": self.labels,
            "_color": traits.color_trait(self.mode, self.column, self._kinds, self._transforms),
            "_names": self.names,
        }

    @property
    def names(self) -> str | dict[str, Any] | None:
        """The names on the maps, as clients are told."""
        return names_trait(self._source, self.name_by, self.mode, self.labels)

    def take_name_by(self, value: str | None) -> None:
        """Name points by what a checked `name_by` says."""
        with self._lock:
            self.name_by = value
            self._shown._show({"_names": self.names})

    def set_palette(self, value: Any) -> None:
        """Take other colours of the user's own, or None."""
        palette = check_palette(value)
        with self._lock:
            self.palette = palette
            mode, kind = self.mode, self.kind
            self._take("labels", self.column, kind)
            self.mode = mode
            self._shown._show(self.traits)
        self._warn_of_unknown()

    def of_categories(self) -> list[str]:
        """Return the colours of the categories as '#rrggbb', on light and on dark; of a scale none."""
        if self.labels is None or self.kind != "categories":
            return []
        return sorted({color for dark in (False, True) for color in category_colors(self.labels, dark)})

    def color_by(self, value: Any, maps: int) -> None:
        """Colour by what a user names, in a widget with so many maps."""
        self.take(*mode_and_column(self._source, value), maps=maps)

    def color_as(self, kind: str) -> None:
        """Colour by the same column in another way."""
        if self.column is None:
            raise InvalidValueError(f"color_as={kind!r} has no effect: no column colours the points")
        self.take("labels", self.column, kind)

    def take(self, mode: str, column: str | None, kind: str | None = None, *, maps: int = 2) -> None:
        """Colour by a mode and, for "labels", a column; any other mode keeps the column."""
        _require_maps(mode, maps)
        with self._lock:
            before = self.column, self.kind
            self._take(mode, column, kind)
            traits = self.traits
            if (self.column, self.kind) != before:
                traits["color_scale"] = "linear"
            self._shown._show(traits)

    @property
    def chosen(self) -> dict[str, Any]:
        """What colours now, for `restore`."""
        palette: Any = self.palette.given
        if isinstance(palette, Mapping):
            named = self.palette.by_name.items()
            palette = {"pairs": [[name, color] for name, color in named if type(name) in _NAMES_KEPT]}
        elif self.palette.in_order:
            palette = list(self.palette.in_order)
        return {
            "mode": self.mode,
            "column": self.column,
            "kind": self.kind,
            "scale": self._shown.color_scale,
            "palette": palette,
        }

    def restore(self, chosen: Mapping[str, Any], maps: int) -> None:
        """Colour as another widget of so many maps did; the palette is that of the constructor."""
        self.take("labels", chosen["column"], chosen["kind"], maps=maps)
        if chosen["mode"] != "labels":
            self.take(chosen["mode"], None, maps=maps)
        self._shown.color_scale = chosen["scale"]

    def mind_the_maps(self, count: int) -> None:
        """Go back to the column if one map is left and the measure that colours compares several."""
        if count == 1 and compares_maps(self.mode):
            self.take("labels", self.column)

    def check_scale(self, value: Any) -> str:
        """Check how numbers of the column go to colours; "linear" may be said of any column, and of none."""
        check_one_of("color_scale", value, protocol.TRANSFORMS)
        if value == "linear":
            return value
        scale = self.scale
        if scale is None:
            raise InvalidValueError(
                f"color_scale={value!r} has no effect: no numeric column colours on a scale"
            )
        if why_not := scale.why_not_log:
            raise InvalidValueError(
                f"color_scale={value!r} is not possible for the column {self.column!r}: {why_not}"
            )
        return value

    @property
    def default_labels(self) -> tuple[str, ...]:
        """The columns that 'the labels' mean; a choice in a menu must not change them.

        Only if `labels` gave none, it is the column that colours.
        """
        if self._source.colorings or self.column is None:
            return self._source.colorings
        return (self.column,)

    def label_column(self) -> str:
        """Return the column in which labels are looked up by default."""
        column = next(iter(self.default_labels), None)
        if column is None:
            raise InvalidValueError("label needs by=, the name of a column, as the widget has no labels")
        return column

    def _take(self, mode: str, column: str | None, kind: str | None = None) -> None:
        if mode == "labels":
            found = None if column is None else self._source.column(column)
            encoding = None if found is None else encoding_of(found, kind_of(found, kind))
            self.column = None if found is None else found.name
            self.labels = traits.labels_trait(self.column, encoding, self._own_colors(encoding))
            self._kinds = () if found is None else found.kinds
            self._transforms = encoding.transforms if isinstance(encoding, Scale) else ()
        self.mode = mode

    def _own_colors(self, encoding: Categories | Scale | None) -> Sequence[str | int]:
        """Return the user's colours for a column as its trait has them; those of X's own come second."""
        if isinstance(encoding, Scale):
            return self.palette.stops
        if encoding is None or self.column is None:
            return []
        return encoded(encoding, self._colors_in_data(self.column) | self.palette.own_colors(encoding))

    def _colors_in_data(self, column: str) -> dict[str, str]:
        try:
            came = self._source.colors_of(column)
            return {name: checked_color(f"the colour of {name!r}", color) for name, color in came.items()}
        except TSNEWidgetError as error:
            warn_user(f"the colours in uns of {column!r} are not used: {error}", NoEffectWarning)
            return {}

    def _warn_of_unknown(self) -> None:
        """Warn of colours by name that the column that colours has no use for."""
        if self.kind != "categories" or self.column is None:
            return
        unknown = self.palette.unknown_to(self._source.column(self.column).categories())
        if unknown:
            warn_user(
                f"palette has colours for {listed(unknown)}: these are no categories of {self.column!r}",
                NoEffectWarning,
            )


def _at_first(source: Source, value: Any, maps: int) -> tuple[str, str | None]:
    """Return the mode and the column to begin with; the column is the first of the labels by default."""
    labels = next(iter(source.colorings), None)
    if value is NOT_GIVEN:
        return "labels", labels
    mode, column = mode_and_column(source, value)
    _require_maps(mode, maps)
    return mode, column if mode == "labels" else labels


def _require_maps(mode: str, maps: int) -> None:
    """Raise InvalidValueError if a mode compares maps and there is only one."""
    if maps < 2 and compares_maps(mode):
        raise InvalidValueError(f"color_by={mode!r} compares maps: this widget shows only one")


def mode_and_column(source: Source, value: Any) -> tuple[str, str | None]:
    """Return the mode and the column of a `color_by`: a column comes before a measure; None is no colour.

    The name of a column may be an integer or a tuple, as in the user's frame.

    Raises
    ------
    UnknownColumnError, InvalidTypeError
        It is neither; the message suggests similar names.
    """
    if value is None:
        return "labels", None
    computed = ("groups", *measures())
    if not is_name(value):
        raise invalid_type("color_by", value, f"the name of a column, one of {', '.join(computed)}, or None")
    if value in computed and value not in source.columns:
        return value, None
    if str(value) not in source.columns:
        near = hint(value, [*source.columns, *computed])
        raise UnknownColumnError(f"color_by={value!r} is neither a column nor a measure{near}")
    return "labels", source.column(value).name


def compares_maps(mode: str) -> bool:
    """Return whether a mode is a measure that compares maps."""
    return mode in measures() and measures()[mode].needs == "maps"


def kind_of(column: Column, kind: str | None) -> str:
    """Return how a column colours: the way asked for, or by default the better one.

    Raises
    ------
    DataError, InvalidValueError
        It cannot colour, or not that way.
    """
    if not column.kinds:
        raise DataError(f"{column.why_not}: it cannot colour the points")
    if kind is None:
        return column.kinds[0]
    allowed = " or ".join(map(repr, column.kinds))
    return check_one_of("color_as", kind, column.kinds, f"{allowed} for the column {column.name!r}")


def encoding_of(column: Column, kind: str) -> Categories | Scale:
    """Return the categories, or the scale, by which a column colours."""
    return column.categories() if kind == "categories" else column.scale()


def check_columns(source: Source, name: str, value: Any) -> list[str]:
    """Return the names of columns; raise if one does not exist."""
    scalar = not hasattr(value, "__iter__") or getattr(value, "ndim", 1) == 0
    if scalar or isinstance(value, (str, bytes, memoryview, Mapping, Set)):
        raise invalid_type(name, value, "a list of column names")
    return [source.column(name).name for name in value]


def default_tooltip(source: Source) -> list[str]:
    """Return the columns that tooltips show by default: neither features nor labels."""
    features = set(source.contrast_names)
    others = (name for name in source.columns if name not in features)
    return [name for name in others if name not in source.colorings[:1]][:TOOLTIP_COLUMNS]
