"""The part of the widget that measures: maps against each other and against the original space."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ..errors import (
    DataError,
    InvalidValueError,
    NotComputedError,
    StabilityWarning,
    invalid_type,
    invalid_value,
)
from ..maps.grid import column_suffix
from ..measures.group_distances import GroupDistances, MapState, group_distances
from ..measures.neighborhoods import map_neighbors, shared
from ..measures.original_space import check_row, local_radius, neighbors_on_map
from ..parameters.constants import DENSITY_NEIGHBORS, NEIGHBORS_LISTED, stability_neighbors
from ..parameters.limits import Limit, check_one_of, check_runs, runs_allowed
from ..parameters.warn import warn_user
from .handle import RunHandle, require_layout, why_empty
from .inspecting import Inspecting
from .steering import Steering

#: Where neighbours may be looked for.
SPACES = ("original", "map")


class Measuring(Steering, Inspecting):
    """What may be read from the maps, in numbers, and the maps as tables."""

    def stability(self, k: int | None = None, runs: Any = None) -> np.ndarray:
        """Return for each point the share of its nearest neighbours on a map that are so on all of them.

        By chance it is ``(k / (n_samples - 1)) ** (maps - 1)``. Of maps that differ in their seed alone and
        start from the same layout it says next to nothing: they are nearly the same by construction.

        Parameters
        ----------
        k : int, optional
            Neighbours of a point, from 1 to n_samples - 1.
            By default 15, or n_samples - 1 where that is less.
        runs : sequence of int or of RunHandle, optional
            Positions in `runs`, or maps from it, two at least; by default all maps that have a layout.

        Returns
        -------
        ndarray of float64, shape (n_samples,)
            From 0 to 1: the size of the intersection of the sets of k neighbours, over k.

        Raises
        ------
        NotComputedError
            A map has no layout, or fewer than two have.
        InvalidValueError, InvalidTypeError
            For `k` and `runs`.

        Warns
        -----
        StabilityWarning
            The maps differ in their seed alone and start from the same layout.
        """
        limit = Limit(1, self.n_rows - 1, integer=True)
        k = stability_neighbors(self.n_rows) if k is None else limit.check("k", k)
        chosen = self.two_with_layouts() if runs is None else self._chosen(runs)
        layouts = [run.embedding_ for run in chosen]
        if agree_by_construction(chosen):
            warn_user(
                "these maps differ in their seed alone and start from the same layout, so that they are "
                "nearly the same by construction: init='random' tells how stable they are",
                StabilityWarning,
            )
        return shared([map_neighbors(points, k) for points in layouts])

    # --- the original space -------------------------------------------------------------------------

    def neighbors(
        self, i: int, k: int | None = None, space: Literal["original", "map"] = "original"
    ) -> np.ndarray:
        """Return the nearest rows of a row.

        Parameters
        ----------
        i : int
            Position of the row.
        k : int, optional
            How many, from 1 to n_samples - 1. By default 10, or n_samples - 1 where that is less.
        space : {"original", "map"}
            In the metric of the data, or by euclidean distance on the map; of one map of several:
            `w.runs[0].neighbors(i, k)`.

        Returns
        -------
        ndarray of int64, shape (k,)
            Positions, nearest first; the row itself is not among them.

        Raises
        ------
        SelectionError, InvalidTypeError, InvalidValueError
            There is no such row, or not so many.
        SeveralRunsError, NotComputedError
            On the map: there are several, or it has no layout yet.
        """
        if check_one_of("space", space, SPACES, "'original' or 'map'") == "map":
            return self._only_run(f"neighbors({i!r})").neighbors(i, k)
        return self.nearest(check_row("i", i, self.n_rows), self.neighbors_listed(k))[0]

    def group_distances(self, by: str | None = None) -> GroupDistances:
        """Compare the distances between labels, or groups, on the map with those in the original space.

        Between class means, as Kobak & Berens (2019) have it; of one map of several:
        `w.runs[0].group_distances()`.

        Parameters
        ----------
        by : str, optional
            A column with categories, or 'groups' for those that were saved. By default the first column with
            categories that `labels` gave, whatever colours the points; where no labels were given, the
            column that colours; else the groups.

        Returns
        -------
        GroupDistances
            `sentence` says it, `rho` is the rank correlation, `original` and `on_map` are the distances of
            `pairs` of `names`.

        Raises
        ------
        NotComputedError, SeveralRunsError
            There is no layout yet, or there are several.
        InvalidValueError, DataError
            There are fewer than two groups, the column has no categories, or X holds distances: groups of
            rows that are not known have no means.
        """
        return self._only_run("group_distances()").group_distances(by)

    def local_radius(self) -> np.ndarray:
        """Return how far the nearest rows of each row are in the original space: small where data are dense.

        The mean distance to the 10 nearest (Narayan, Berger & Cho 2021 call it local radius), in the metric
        of the map. t-SNE gives every point the same effective number of neighbours, so that a map does not
        show it.

        Returns
        -------
        ndarray of float32, shape (n_samples,)

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for it.
        """
        return self.radius_of()[1]

    @property
    def isolated_rows(self) -> np.ndarray:
        """The rows that have no neighbours: but for a few copies no row is nearer to them than any other.

        Rows that share nothing with any row, under jaccard distance; those without a row at less than a right
        angle, under cosine distance and correlation; those that a large number sets apart from all others,
        among given distances. Their place on the map says nothing. Under euclidean and manhattan distance,
        and where the neighbours themselves are given, there are none.

        Returns
        -------
        ndarray of int64
            Positions, ascending, such as `selection` takes.

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for it.
        """
        self._require_searched()
        return self._session_set_up().shared_work.isolated.copy()

    @property
    def metric_name(self) -> str:
        """What to call the metric."""
        metric = self.settings.metric
        if self._source.distances:
            return "given"
        return metric if isinstance(metric, str) else getattr(metric, "__name__", "own")

    def radius_of(self) -> tuple[int, np.ndarray]:
        """Return how many neighbours the local radius is of, and the radius of each row."""
        neighbors = self._require_searched()
        k = min(DENSITY_NEIGHBORS, neighbors.distances.shape[1])
        return k, local_radius(neighbors.distances, k)

    def _require_searched(self) -> Any:
        self._require_open()
        neighbors = self._session_set_up().shared_work.neighbors
        if neighbors is None:
            raise NotComputedError("the neighbours have not been searched yet: wait() waits for it")
        return neighbors

    def neighbors_of(self, run: RunHandle, i: int, k: int | None) -> np.ndarray:
        """Return the nearest rows of a row on one map."""
        row, k = check_row("i", i, self.n_rows), self.neighbors_listed(k)
        return neighbors_on_map(run.embedding_, row, k)[0]

    def neighbors_listed(self, k: int | None) -> int:
        """Return how many neighbours to tell: 10 by default, or all where there are fewer."""
        return min(NEIGHBORS_LISTED, self.n_rows - 1) if k is None else k

    def kept_of(self, i: int, neighbors: np.ndarray) -> dict[str, int]:
        """Return by run how many of these rows are among as many nearest on that map."""
        on_maps = {str(run.id): run.neighbors(i, len(neighbors)) for run in self._with_layouts()}
        return {run: len(np.intersect1d(neighbors, nearest)) for run, nearest in on_maps.items()}

    def distances_between(self, run: RunHandle, by: str | None) -> GroupDistances:
        """Compare the distances between labels or groups on one map with those in the original space."""
        return self.distances_of(run, *self.rows_by(by))

    def distances_of(self, run: RunHandle, names: list[str], rows: list[np.ndarray]) -> GroupDistances:
        """Compare the distances between some sets of rows on one map with those in the original space."""
        if len(names) < 2:
            raise InvalidValueError(f"there are {len(names)} groups to measure between: two are needed")
        if self._source.distances:
            raise DataError("X holds distances, not rows: groups have no means to measure between")
        state: MapState = "settled" if run.settled else "moving" if run.iteration else "initial"
        found = group_distances(self._space, run.embedding_, names, rows)
        return replace(found, library=self._source.library, state=state)

    # --- tables -------------------------------------------------------------------------------------

    def to_frame(self) -> Any:
        """Return the maps as a table with the index of your data.

        Returns
        -------
        DataFrame of float32
            In the library of your data (pandas where you gave no frame). Columns 'x' and 'y'; of several maps
            a pair for each that names what tells it from the others, such as 'x_perplexity_5' or
            'x_perplexity_5_seed_1_init_pca'. A map that is out of range is NaN.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        MissingDependencyError
            You gave no frame, and pandas is not installed.
        """
        columns = {}
        for suffix, points in self._coordinates_by_suffix().items():
            columns[f"x{suffix}"], columns[f"y{suffix}"] = points.T
        return self._source.new_frame(columns, indexed=True)

    def to_anndata(self, key_added: str = "X_tsne") -> Any:
        """Write the maps into your AnnData, or make one of other data.

        Parameters
        ----------
        key_added : str
            The key in `obsm`; of several maps with what tells each from the others behind it. Parameters
            are written to `uns` under the same key.

        Returns
        -------
        AnnData
            The one that you gave, else a new one.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        InvalidTypeError, InvalidValueError
            For `key_added`.
        MissingDependencyError
            anndata is not installed.
        """
        if not isinstance(key_added, str):
            raise invalid_type("key_added", key_added, "a text")
        if not key_added:
            raise invalid_value("key_added", key_added, "a text that is not empty")
        maps = {f"{key_added}{suffix}": xy for suffix, xy in self._coordinates_by_suffix().items()}
        return self._source.to_anndata(maps, {key_added: {"params": self._told_parameters()}})

    def _told_parameters(self) -> dict[str, Any]:
        """Return what the maps were made with, as files can hold it."""
        settings = self.settings
        names = ("perplexity", "random_state", "metric", "early_exaggeration", "exaggeration", "max_iter")
        told = {name: getattr(settings, name) for name in names}
        return {
            name: list(value) if isinstance(value, tuple) else value if not callable(value) else repr(value)
            for name, value in told.items()
        }

    def _coordinates_by_suffix(self) -> dict[str, np.ndarray]:
        nowhere = np.full((self.n_rows, 2), np.nan, np.float32)
        return {
            column_suffix(self.grid, run.id, self._coordinates.name): (
                nowhere if why_empty(run) else run.embedding_
            )
            for run in self.runs
        }

    # --- inside -------------------------------------------------------------------------------------

    def _require_several(self) -> None:
        if len(self.runs) < 2:
            raise InvalidValueError("color_by='stability' compares maps: this widget shows one alone")

    def _chosen(self, runs: Any) -> list[RunHandle]:
        """Return the maps that the user wants compared; NotComputedError where one has no layout."""
        count = len(self.runs)
        if isinstance(runs, (list, tuple)):
            runs = [self._position("runs", run, runs_allowed(count)) for run in runs]
        positions = check_runs(runs, count)
        for position in positions:
            try:
                require_layout(self.runs[position])
            except NotComputedError as error:
                raise NotComputedError(f"w.runs[{position}] cannot be compared: {error}") from None
        return [self.runs[position] for position in positions]

    def _with_layouts(self) -> list[RunHandle]:
        return [run for run in self.runs if hasattr(run, "n_iter_")]

    def two_with_layouts(self) -> list[RunHandle]:
        """Return the maps that have a layout; NotComputedError where they are fewer than two."""
        chosen = self._with_layouts()
        if len(chosen) < 2:
            raise NotComputedError(
                f"stability() compares two maps at least: of this widget's {len(chosen)} have a layout"
            )
        return chosen


def agree_by_construction(runs: list[RunHandle]) -> bool:
    """Tell whether maps differ in their seed alone and do not start from it."""
    alike = len({run.perplexity for run in runs}) == 1
    inits = {run.init if isinstance(run.init, str) else id(run.init) for run in runs}
    return alike and len(inits) == 1 and "random" not in inits
