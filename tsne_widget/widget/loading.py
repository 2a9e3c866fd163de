"""Reads the file of a widget, and makes another that goes on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data import Source
from ..data.checksum import Checksum, stamp_of
from ..data.placed_rows import PlacedRows
from ..errors import (
    DataError,
    InvalidValueError,
    SavingWarning,
    UnknownColumnError,
    UnknownParameterError,
    invalid_type,
)
from ..export.files import path_of
from ..export.maps_file import read_maps, whole
from ..export.saved_maps import SpecsRead, checkpoint_of, grid_of
from ..export.saved_rows import columns_of, filter_of, groups_of, rows_of, suggestions_of
from ..maps.checkpoint import Checkpoint
from ..parameters.checks import GIVEN, reject_unknown
from ..parameters.defaults import Settings
from ..parameters.warn import warn_user
from .colors import Colors
from .density import Density
from .driver import Driver
from .map_set import MapSet
from .row_set import RowSet, Standing
from .saving import neighbors_tree
from .suggesting import Suggesting

#: The keyword by which the constructor gets what a file holds; no user's.
SAVED = "_saved"
#: Parameters of the host that a file does not hold.
_OF_THE_HOST = ("layout",)


class Saved:
    """What the file of a widget holds, and what the user has given again with it.

    Parameters
    ----------
    path : path-like
    metric, metric_params, neighbors : object
        What no file holds, as in the constructor; None if it is not given again.
    placed : path-like or None
        The folder of all rows, as in `from_sample`.

    Attributes
    ----------
    path : Path
    stamp : tuple of int
        When the file was written that was read.

    Raises
    ------
    DataError
        The file is damaged, or none of ours.
    OSError
        It cannot be read.
    InvalidValueError, InvalidTypeError
        Something has to be given again, or has not.
    """

    def __init__(
        self, path: str | os.PathLike[str], metric: Any, metric_params: Any, neighbors: Any, placed: Any
    ):
        self.path: Path = path_of(path)
        self.stamp = stamp_of(self.path)
        self._tree = read_maps(self.path)
        self._metrics: dict[str, Any] = whole(self.path, lambda: self._metrics_of(metric))
        self._params = whole(self.path, lambda: self._params_of(metric_params))
        self._neighbors = whole(self.path, lambda: self._neighbors_of(neighbors))
        self._placed = whole(self.path, lambda: self._placed_of(placed))

    # --- for the constructor --------------------------------------------------------------------------

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the constructor that make the same widget, but for its maps."""
        return dict(whole(self.path, self._arguments))

    def _arguments(self) -> dict[str, Any]:
        tree, specs = self._tree, self._tree["specs"]["specs"]
        numbers = [number for _, number in tree["grid"]["entries"]]
        of_tsne = [specs[number]["values"] for number in numbers if not specs[number]["name"]]
        metrics = list(dict.fromkeys(map(self._metric_named, (values["metric"] for values in of_tsne))))
        perplexities = list(dict.fromkeys(values["perplexity"] for values in of_tsne))
        settings = dict(tree["settings"])
        unknown = settings.keys() - Settings.__dataclass_fields__.keys()
        if unknown:
            raise DataError(
                f"{str(self.path)!r} has settings that this tsne_widget has not: {sorted(unknown)}"
            )
        settings["multiscale"] = settings["multiscale"] or None
        palette = tree["color"]["palette"]
        if isinstance(palette, Mapping):
            palette = dict(palette["pairs"])
        return {
            **settings,
            "metric": metrics[0] if len(metrics) == 1 else metrics,
            "perplexity": perplexities,
            "init": "random",  # `restore_maps` brings their own
            "metric_params": self._params,
            "neighbors": self._neighbors,
            "palette": palette,
            "name_by": tree["name_by"],
            "tooltip_columns": tree["tooltip_columns"],
            SAVED: self,
        }

    def require_fitting(self, source: Source) -> None:
        """Raise if the rows are others, or something is missing that the file refers to."""
        whole(self.path, lambda: self._require_fitting(source))

    def _require_fitting(self, source: Source) -> None:
        data = self._tree["data"]
        there = Checksum(data["rows"], data["columns"], data["kind"], tuple(data["blocks"]))
        differs = there.difference(Checksum.of(source.embedded))
        if differs:
            features = ", ".join(map(repr, self._tree["features"][:8]))
            raise DataError(
                f"{str(self.path)!r} holds maps of other data: {differs}. It takes X, features= and use_rep= "
                f"as they were; the features were {features}"
                f"{', ...' if len(self._tree['features']) > 8 else ''}"
            )
        missing = [
            f"{column!r} ({use})" for column, use in self._columns.items() if column not in source.columns
        ]
        if missing:
            raise UnknownColumnError(
                f"{str(self.path)!r} refers to columns that are neither in X nor given: "
                f"{', '.join(missing)}; give labels= and data= again"
            )
        if self._tree["images"] and source.image is None:
            if self._tree["settings"]["show_images"]:
                raise InvalidValueError("the points of these maps are pictures: give image= again")
            warn_user("the widget that was saved had pictures: image= brings them back", SavingWarning)

    @property
    def _columns(self) -> dict[str, str]:
        """The columns that the file refers to, and for what."""
        tree = self._tree
        uses = [
            ("colours", [tree["color"]["column"]]),
            ("names", [tree["name_by"]] if tree["name_by"] != "groups" else []),
            ("tooltip", tree["tooltip_columns"]),
            ("filter", columns_of(tree["rows"]["filters"])),
        ]
        return {column: use for use, columns in reversed(uses) for column in columns if column is not None}

    # --- for the parts --------------------------------------------------------------------------------

    def restore_maps(self, maps: MapSet) -> None:
        """Let the maps be those of the file."""
        whole(self.path, lambda: self._restore_maps(maps))

    def _restore_maps(self, maps: MapSet) -> None:
        tree = self._tree
        if isinstance(tree["neighbors"], list) and neighbors_tree(maps.given.neighbors) != tree["neighbors"]:
            raise DataError(f"{str(self.path)!r} holds maps of other neighbors=")
        specs = SpecsRead(tree["specs"], maps.facts, self._metrics)
        grid = grid_of(tree["grid"], specs)
        if len({*grid.runs}) < len(grid.runs) or tree["reference"] not in grid.runs or not grid.of_tsne:
            raise ValueError("its maps do not go together")
        maps.restore(grid, tree["reference"])
        self.checkpoints: dict[int, Checkpoint] = {
            run: checkpoint_of(tree["runs"][str(run)], maps.n_rows, specs) for run in grid.runs
        }

    def density(self, driver: Driver, maps: MapSet) -> Density | None:
        """Return the density below the map that it belongs to; None if there is none."""
        placed, held = self._placed, self._tree["density"]
        if placed is None:
            return None
        return whole(self.path, lambda: Density(driver, placed, int(held["run"]), int(held["iteration"])))

    @property
    def density_tree(self) -> Any:
        """What the file says of the density, whether it is shown or not."""
        return self._tree["density"]

    def restore_rows(self, rows: RowSet, source: Source) -> None:
        """Let selection, filter, groups and their past be those of the file."""
        whole(self.path, lambda: self._restore_rows(rows, source))

    def _restore_rows(self, rows: RowSet, source: Source) -> None:
        tree, n = self._tree["rows"], source.n
        filters = [filter_of(one, source) for one in tree["filters"]]

        def standing(one: Mapping[str, Any]) -> Standing:
            number = one["filter"]
            return Standing(rows_of(one["selection"], n), None if number is None else filters[number])

        past, future = ([standing(one) for one in tree[name]] for name in ("past", "future"))
        rows.restore(standing(tree["now"]), past, future, groups_of(tree["groups"], n))

    def restore_looks(self, colors: Colors, suggesting: Suggesting, maps: MapSet) -> None:
        """Let colours and suggestions be those of the file; say what it did not hold."""
        tree, n = self._tree, maps.n_rows
        whole(self.path, lambda: colors.restore(tree["color"], len(maps.grid.runs)))
        if tree["rows"]["suggestions"] is not None:
            found = whole(self.path, lambda: suggestions_of(tree["rows"]["suggestions"], n))
            suggesting.suggestions.replace(*found)
        if tree["unmade"]:
            names = ", ".join(map(repr, tree["unmade"]))
            warn_user(f"{self.path} does not hold {names}, which was being made", SavingWarning)

    # --- what is given again --------------------------------------------------------------------------

    def _metrics_of(self, given: Any) -> dict[str, Any]:
        """Return the functions that the file needs, by name."""
        names = self._tree["specs"]["metrics"]
        if given is None and not names:
            return {}
        if not names:
            raise InvalidValueError("metric has no effect: the file holds the names of its metrics")
        needed = ", ".join(map(repr, names))
        many = names if len(names) > 1 else []
        allowed = f"the function {needed}" if not many else f"a dict of the functions {needed} by name"
        if given is None:
            raise InvalidValueError(
                f"these maps need functions that no file holds: give metric= again, {allowed}"
            )
        functions = given if isinstance(given, Mapping) else {names[0]: given}
        if (many and not isinstance(given, Mapping)) or not all(map(callable, functions.values())):
            raise invalid_type("metric", given, allowed)
        if functions.keys() != set(names):
            raise InvalidValueError(f"metric must be {allowed}; found {', '.join(map(repr, functions))}")
        return dict(functions)

    def _metric_named(self, value: Any) -> Any:
        return self._metrics[value["given"]] if isinstance(value, Mapping) else value

    def _params_of(self, given: Any) -> Any:
        held = self._tree["metric_params"]
        if isinstance(held, list) and given is None:
            names = ", ".join(held)
            raise InvalidValueError(
                f"no file holds these parameters of the metric: give metric_params= again ({names})"
            )
        if not isinstance(held, list) and given is not None:
            raise InvalidValueError("metric_params has no effect: the file holds them, or there are none")
        return given if isinstance(held, list) else held

    def _neighbors_of(self, given: Any) -> Any:
        held = self._tree["neighbors"]
        if isinstance(held, list) and given is None:
            raise InvalidValueError("these maps are of neighbours that were given: give neighbors= again")
        if not isinstance(held, list) and given is not None:
            raise InvalidValueError("neighbors has no effect: these maps search their neighbours")
        return given if isinstance(held, list) else held

    def _placed_of(self, given: Any) -> PlacedRows | None:
        held = self._tree["density"]
        of_map = None if held is None else str(held["map"])
        if given is None:
            if of_map is not None:
                told = "the widget that was saved had the density of all rows: placed= brings it back"
                warn_user(told, SavingWarning)
            return None
        if of_map is None:
            raise InvalidValueError("placed has no effect: from_sample() has not made these maps")
        placed = PlacedRows(given)
        if placed.map != of_map:
            raise DataError(f"the rows in {placed.path} were placed on another map than that in {self.path}")
        return placed


def reject_held(others: Mapping[str, Any]) -> None:
    """Raise for parameters that a file holds, and for unknown ones."""
    for name in others:
        if name in (*Settings.__dataclass_fields__, *GIVEN) and name not in _OF_THE_HOST:
            raise UnknownParameterError(
                f"{name!r} is no parameter of load(): the file holds it, and you may set it on the widget"
            )
    reject_unknown({name: value for name, value in others.items() if name not in _OF_THE_HOST})
