"""Saves a widget into a file, from which another goes on; by itself every now and then, if asked to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Source
from ..data.checksum import Checksum, stamp_of
from ..errors import SavingWarning, invalid_type, invalid_value
from ..export.files import path_of, require_folder
from ..export.maps_file import Packed, write_maps
from ..export.saved_maps import SpecsWritten, checkpoint_tree, grid_tree, without_unmade
from ..export.saved_rows import FiltersWritten, groups_tree, suggestions_tree
from ..maps.checkpoint import Checkpoint, Reading
from ..maps.grid import Grid
from ..maps.origin import GivenEstimator, GivenPoints, Origin
from ..parameters.axes import AXES
from ..parameters.constants import AUTOSAVE_SECONDS
from ..parameters.defaults import Settings
from ..parameters.limits import Limit
from ..parameters.warn import warn_user
from .autosave import Autosave, FileOfOthersError
from .colors import Colors
from .driver import Driver
from .map_set import MapSet
from .row_set import RowSet, Standing
from .suggesting import Suggesting

#: The settings that are no text or number, or may differ between maps.
SPECIAL = {*AXES, "metric_params", "neighbors"}
_ALLOWED = "a file's path, a pair of a path and seconds such as ('maps.tsne', 60), or None"
_SECONDS = Limit(1)


@dataclass(frozen=True, eq=False)
class _Moment:
    """A widget at one moment: what its file holds besides the maps, as nested dicts, and its maps."""

    tree: Mapping[str, Any]
    next_run: int
    reference: int
    reading: Reading


class Saving:
    """The file of a widget; `shown` are its traits."""

    def __init__(
        self,
        shown: Any,
        driver: Driver,
        source: Source,
        maps: MapSet,
        rows: RowSet,
        colors: Colors,
        suggesting: Suggesting,
        density_tree: Any,
    ):
        self._shown, self._driver, self._source = shown, driver, source
        self._maps, self._rows, self._colors = maps, rows, colors
        self._suggesting, self._density_tree = suggesting, density_tree
        self._autosave: Autosave | None = None
        self._checksum: Checksum | None = None
        #: What autosave has written last, and has told of.
        self._written: tuple[Packed, list[Any]] | None = None
        self._told: set[str] = set()
        #: The files that this widget has written, or goes on from, and when they were written.
        self._own: dict[Path, tuple[int, int]] = {}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything into a file; warn of what it cannot hold."""
        self._driver.require_open()
        target = path_of(path)
        require_folder(target)
        left_out = self._write(target, self._moment())
        if left_out:
            warn_user(f"{target} does not hold everything: {'; '.join(left_out)}", SavingWarning)
        return target

    # --- by itself ------------------------------------------------------------------------------------

    @property
    def autosave(self) -> Any:
        """The file and the seconds, as they may be given again; None if the widget does not save itself."""
        one = self._autosave
        return None if one is None or one.ended else (one.path, one.seconds)

    def set_autosave(self, value: Any) -> None:
        """Save into another file from now on, or no longer."""
        checked = check_autosave(value)
        if checked is not None and checked == self.autosave:
            return
        self._end_autosave()
        if checked is not None:
            path, seconds = checked
            self._written = None
            self._autosave = Autosave(path, seconds, self._save_if_changed, self._tell, self._is_of_others)

    def close(self) -> None:
        """Save the last changes, if the widget saves itself."""
        self._end_autosave()

    def _end_autosave(self) -> None:
        if self._autosave is not None:
            self._autosave.close()
            self._autosave = None
            self._tell("")

    def _save_if_changed(self, path: Path) -> bool:
        """Write everything into a file if something has changed since the last time; tell whether it has."""
        now = self._marks()
        if self._written is not None and now[0].is_as(self._written[0]) and now[1] == self._written[1]:
            return False

        def look() -> None:
            if self._is_of_others(path):
                raise FileOfOthersError(f"another program has written {path} meanwhile: choose another file")

        look()
        for words in self._write(path, self._moment(), look):
            if words not in self._told:
                self._told.add(words)
                self._shown._event_log.say("%s does not hold everything: %s", path.name, words)
        self._written = now
        return True

    def _marks(self) -> tuple[Packed, list[Any]]:
        """Return what tells whether something has changed."""
        with self._driver.lock:
            tree = Packed(self._tree())
            runs = [*self._driver.session.runs]
            grid = self._maps.grid, self._shown._reference
        said = [(run.number, run.status) for run in runs]
        states = [
            (number, status.epoch, status.iteration, status.playing, status.ended, status.kind == "failed")
            for number, status in said
        ]
        return tree, [*states, grid]

    def _tell(self, problem: str) -> None:
        """Say on the map what keeps the widget from being saved; empty: nothing."""
        with self._driver.lock:
            if not self._driver.closed:
                self._shown._saving_problem = problem

    # --- what is written ------------------------------------------------------------------------------

    def _moment(self) -> _Moment:
        """Return the widget as it is now; maps that run move on meanwhile."""
        with self._driver.lock:
            tree, next_run, reading = self._tree(), self._maps.grid.next_run, Reading()
            self._driver.read(reading)
            reference = self._shown._reference
        reading.done.wait()
        if reading.error is not None:
            raise reading.error
        return _Moment(tree, next_run, reference, reading)

    def _tree(self) -> dict[str, Any]:
        """Return what the file holds besides the maps, without copying it."""
        filters = FiltersWritten()

        def standing(one: Standing) -> dict[str, Any]:
            return {"selection": one.selection, "filter": filters.number(one.filter)}

        past, future = self._rows.undo_states
        suggestions = self._suggesting.suggestions
        rows = {
            "now": standing(self._rows.standing),
            "past": [standing(one) for one in past],
            "future": [standing(one) for one in future],
            "groups": groups_tree(self._rows.groups.all),
            "suggestions": suggestions_tree(suggestions.all, suggestions.origin),
        }
        settings, images = self._maps.settings, self._source.image is not None
        plain = [field.name for field in fields(Settings) if field.name not in SPECIAL]
        return {
            "settings": {name: getattr(settings, name) for name in plain},
            "color": self._colors.chosen,
            "name_by": self._shown.name_by,
            "tooltip_columns": self._shown.tooltip_columns,
            "images": images,
            "density": self._density_tree,
            "rows": {**rows, "filters": filters.trees},
        }

    def _write(self, path: Path, moment: _Moment, look: Callable[[], None] = lambda: None) -> list[str]:
        """Write a moment into a file, and return what it does not hold, in words.

        `look` may raise at the last moment, before the file is replaced.
        """
        checkpoints, entries = moment.reading.checkpoints, moment.reading.entries
        origins = {spec.origin: run for run, spec in entries}

        def made(origin: Origin) -> np.ndarray | None:
            if isinstance(origin, GivenPoints):
                return origin.points
            found = checkpoints.get(origins.get(origin, -1))
            return None if found is None or found.layout is None else found.layout.as_given

        grid, unmade = without_unmade(Grid(tuple(entries), moment.next_run), made)
        specs = SpecsWritten(self._maps.facts, made)
        given = self._maps.given
        reference = moment.reference if moment.reference in grid.runs else grid.of_tsne[0].run
        tree = {
            "written_by": f"tsne_widget {version('tsne_widget')}",
            "written_on": f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}",
            "data": self._checksum_of_rows().tree,
            "features": list(self._source.feature_names[:1000]),
            **moment.tree,
            "metric_params": _params_tree(given.metric_params),
            "neighbors": given.neighbors
            if isinstance(given.neighbors, str)
            else neighbors_tree(given.neighbors),
            "grid": grid_tree(grid, specs),
            "reference": reference,
            "runs": {str(run): checkpoint_tree(checkpoints[run], specs) for run in grid.runs},
            "specs": specs.tree,
            "unmade": unmade,
        }
        write_maps(path, tree, look)
        self.note_own(path, stamp_of(path))
        return [*self._left_out(grid, checkpoints), *(f"{name} is not made yet" for name in unmade)]

    def note_own(self, path: Path, stamp: tuple[int, int]) -> None:
        """Note that a file is this widget's own, as it was written then."""
        self._own[path.absolute()] = stamp

    def _is_of_others(self, path: Path) -> bool:
        return path.exists() and stamp_of(path) != self._own.get(path.absolute())

    def _checksum_of_rows(self) -> Checksum:
        if self._checksum is None:
            self._checksum = Checksum.of(self._source.embedded)
        return self._checksum

    def _left_out(self, grid: Grid, checkpoints: Mapping[int, Checkpoint]) -> list[str]:
        lost = []
        for _, spec in grid.entries:
            origin = spec.origin
            if isinstance(origin, GivenEstimator) or (
                isinstance(origin, GivenPoints) and origin.estimator is not None
            ):
                lost.append(f"{spec.name} will be coordinates without the {origin.label} that made them")
        if self._shown._new_rows is not None:
            lost.append("new rows have to be placed again")
        if not isinstance(_params_tree(self._maps.given.metric_params), (dict, type(None))):
            lost.append("metric_params have to be given again")
        return lost


def check_autosave(value: Any) -> tuple[Path, float] | None:
    """Return the file and the seconds between two times, or None.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        They are neither.
    SaveError
        No file can be in its folder.
    """
    if value is None:
        return None
    path, seconds = value if isinstance(value, tuple) and len(value) == 2 else (value, AUTOSAVE_SECONDS)
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise invalid_type("autosave", value, _ALLOWED)
    seconds = _SECONDS.check("autosave[1]", seconds)
    require_folder(Path(path))
    if Path(path).is_dir():
        raise invalid_value("autosave", value, "the path of a file, and this is a folder")
    return Path(path), seconds


def neighbors_tree(neighbors: Any) -> list[dict[str, Any]]:
    """Return what tells neighbours that a user gives from others."""
    return [Checksum.of(part).tree for part in (neighbors.indices, neighbors.distances)]


def _params_tree(params: Any) -> Any:
    """Return the parameters of a metric for a file, their names if it cannot hold them, or None."""
    if not params:
        return None
    try:
        Packed(params)
    except TypeError:
        return sorted(map(str, params))
    return dict(params)
