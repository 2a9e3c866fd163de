"""Numbers about maps and data: stability, neighbours, distances, groups, contrasts."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ..data import Column, Source
from ..errors import DataError, InvalidValueError, NotComputedError, SelectionError, StabilityWarning
from ..maps.grid import Spec
from ..maps.in_metric import InMetric
from ..maps.run import Run
from ..measures.contrast import Numbers, as_columns, numbers, shares, texts, words
from ..measures.effect_sizes import Share
from ..measures.given_distances import GivenDistances
from ..measures.group_distances import GroupDistances, MapState, group_distances
from ..measures.measure import Data
from ..measures.neighborhoods import Nearest
from ..measures.original_space import OriginalSpace, check_row, neighbors_on_map
from ..measures.stability import AGREE_BY_CONSTRUCTION, stability_in_steps
from ..measures.words import Words
from ..parameters.axes import AXES
from ..parameters.axis import Needs, name_of
from ..parameters.constants import NEIGHBORS_LISTED, stability_neighbors
from ..parameters.limits import Limit, check_one_of, check_runs, runs_allowed
from ..parameters.warn import warn_user
from ..tsne.steps import result_of
from .colors import Colors
from .driver import Driver
from .handle import RunHandle, layout_of
from .map_set import MapSet
from .row_set import RowSet

if TYPE_CHECKING:
    from ..tsne.affinities import Affinities
    from ..tsne.nearest import Neighbors

#: Where to look for neighbours.
SPACES = ("original", "map")
_NOT_SEARCHED = "the neighbours have not been searched yet: wait() waits for them"
#: The names of some sets of rows, and their positions.
Named: TypeAlias = tuple[list[str], list[np.ndarray]]


class Measurements:
    """Numbers about the maps of a widget and its data, from the other parts of the widget."""

    def __init__(self, source: Source, driver: Driver, maps: MapSet, rows: RowSet, colors: Colors):
        self._source, self._driver = source, driver
        self._maps, self._rows, self._colors = maps, rows, colors
        self._n = source.n
        #: The lock is held while they change: several threads measure.
        self._spaces: dict[tuple[Any, ...], OriginalSpace] = {}
        self._words: dict[str, Words] = {}
        self._lock = Lock()

    # --- maps against each other ----------------------------------------------------------------------

    def stability(self, k: int | None, runs: Any) -> np.ndarray:
        """Return for each point the share of its nearest neighbours on a map that it has on all maps."""
        limit = Limit(1, self._n - 1, integer=True)
        k = stability_neighbors(self._n) if k is None else limit.check("k", k)
        chosen = self.comparable("stability()", runs)
        layouts = [layout_of(run) for run in chosen]
        if self.lacking(chosen) is not None:
            warn_user(AGREE_BY_CONSTRUCTION, StabilityWarning)
        return result_of(stability_in_steps(layouts, k))

    def comparable(self, what: str, runs: Any) -> list[RunHandle]:
        """Return the maps to compare: those that the user names, or by default all that have a layout.

        If at least two of these are by t-SNE, maps beside them count only if named: a map that keeps few
        neighbours would drag all others down.

        Raises
        ------
        NotComputedError
            A named map has no layout, or fewer than two have one.
        """
        if runs is None:
            with_layouts = self._maps.with_layouts()
            of_tsne = [run for run in with_layouts if not self._maps.grid.spec(run.id).name]
            chosen = of_tsne if len(of_tsne) > 1 else with_layouts
        else:
            chosen = self._chosen(runs)
        if len(chosen) < 2:
            raise NotComputedError(f"{what} needs at least two maps with a layout; found {len(chosen)}")
        return chosen

    def lacking(self, runs: Sequence[RunHandle]) -> Needs | None:
        """Return what maps would need to differ; None if they do not agree by construction."""
        return agree_by_construction([self._maps.grid.spec(run.id) for run in runs]) if runs else None

    def _chosen(self, runs: Any) -> list[RunHandle]:
        """Return the maps that the user names; raise NotComputedError if one has no layout."""
        handles = self._maps.handles
        if isinstance(runs, (list, tuple)):
            runs = [self._maps.position_of("runs", run, runs_allowed(len(handles))) for run in runs]
        positions = check_runs(runs, len(handles))
        for position in positions:
            try:
                layout_of(handles[position])
            except NotComputedError as error:
                raise NotComputedError(f"w.runs[{position}] cannot be compared: {error}") from None
        return [handles[position] for position in positions]

    # --- the original space -------------------------------------------------------------------------

    def data(self, spec: Spec | None = None) -> Data:
        """Return the data for measures, in the metric of a map, by default of the reference."""
        spec = spec or self._maps.reference_spec
        name = "given" if self._source.distances else spec.written["metric"]
        pool = self._driver.session.shared_work.pool
        return Data(name, lambda: self._searched(spec).neighbors, lambda: self.space(spec), pool)

    def data_of(self, run: RunHandle) -> Data:
        """Return the same for a map; the nearest rows are those among the rows that it is made of."""
        data = self.data(self._maps.grid.spec(run.id))
        found = self._maps.run_of(run.id)
        return (
            data if found is None or found.rows is None else replace(data, neighbors=partial(_among, found))
        )

    def affinities(self, spec: Spec) -> Affinities:
        """Return P of a map that is made from it.

        Raises
        ------
        NotComputedError
            It is not known yet.
        """
        found: Affinities | None = self._searched(spec).known_affinities(spec["perplexity"])
        if found is None:
            raise NotComputedError("P has not been computed yet: wait() waits for it")
        return found

    def distances(self, i: Any) -> np.ndarray:
        """Return how far all rows are from one in the original space."""
        return self.space(self._maps.reference_spec).distances(check_row("i", i, self._n))

    def neighbors(self, i: Any, k: int | None, space: Any, run: RunHandle | None = None) -> np.ndarray:
        """Return the nearest rows of a row: on a map, by default the only one; or in its original space."""
        on_map = check_one_of("space", space, SPACES, "'original' or 'map'") == "map"
        if on_map and run is None:
            run = self._maps.only(f"neighbors({i!r})")
        row, k = check_row("i", i, self._n), min(NEIGHBORS_LISTED, self._n - 1) if k is None else k
        if on_map and run is not None:
            return neighbors_on_map(layout_of(run), row, k)[0]
        return self.nearest(row, k, None if run is None else self._maps.grid.spec(run.id))[0]

    def nearest(self, row: int, k: int, spec: Spec | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return positions and distances of the nearest rows of a row in the original space."""
        return self.space(spec or self._maps.reference_spec).neighbors(row, k)

    def nearest_by_metric(self, row: int, k: int) -> list[Nearest]:
        """Return the nearest rows of a row in each metric of the maps.

        A map of a part of the rows has those among its rows; one without the row tells nothing.
        """
        specs: dict[tuple[Any, ...], dict[int, Spec]] = {}
        of_parts = []
        for run, spec in self._maps.grid.entries:
            if self._maps.rows_of(run) is None:
                specs.setdefault(spec.part("neighbors"), {})[run] = spec
            else:
                of_parts.append(run)
        among = (self._nearest_among(row, k, run) for run in of_parts)
        return [*(self._nearest(row, k, found) for found in specs.values()), *filter(None, among)]

    def _nearest(self, row: int, k: int, specs: dict[int, Spec]) -> Nearest:
        spec = next(iter(specs.values()))
        positions, distances = self.nearest(row, k, spec)
        metric = self._metric_told(spec)
        where = f"by {metric} distance" if metric else "in the original space"
        sentence = f"of its {k} nearest {where} are also nearest on the map"
        return Nearest(sentence, [*specs], positions, distances, self._kept(row, positions, specs))

    def _nearest_among(self, row: int, k: int, run: int) -> Nearest | None:
        """Return the nearest of the rows that a map is made of; None if the row is not among them."""
        made = self._maps.run_of(run)
        if made is None or made.rows is None or made.neighbors is None or row not in made.rows:
            return None
        positions = made.neighbors.indices[row, :k].astype(np.int64)
        distances = made.neighbors.distances[row, :k]
        among = f"the {len(made.rows):,} rows on the map"
        sentence = f"of its {len(positions)} nearest among {among} are also nearest there"
        return Nearest(sentence, [run], positions, distances, self._kept(row, positions, [run]))

    def _kept(self, row: int, positions: np.ndarray, runs: Iterable[int]) -> dict[int, np.ndarray]:
        """Return which of some rows are among as many nearest on each map that has a place for the row."""
        layouts = {run.id: layout_of(run) for run in self._maps.with_layouts() if run.id in [*runs]}
        placed = {run: points for run, points in layouts.items() if not np.isnan(points[row]).any()}
        return {
            run: np.isin(positions, neighbors_on_map(points, row, len(positions))[0])
            for run, points in placed.items()
        }

    @property
    def several_metrics(self) -> bool:
        """Whether the maps are in several metrics."""
        return len(self._maps.grid.distinct("metric")) > 1

    def _metric_told(self, spec: Spec) -> str:
        """Return the name of a map's metric if the maps have several; empty if they have one."""
        return self.data(spec).metric if self.several_metrics else ""

    def isolated_rows(self, spec: Spec | None = None) -> np.ndarray:
        """Return the rows that have no neighbours in the metric of a map, of the reference by default."""
        return self._searched(spec or self._maps.reference_spec).isolated.copy()

    def _searched(self, spec: Spec) -> InMetric:
        """Return what the maps in this metric share; raise NotComputedError before the search."""
        known = self._driver.living_session.shared_work.known_in(spec)
        if known is None or known.neighbors is None:
            raise NotComputedError(_NOT_SEARCHED)
        return known

    def space(self, spec: Spec) -> OriginalSpace:
        """Return the original space in a metric; it is kept while a map is in that metric."""
        self._source.require_unchanged()
        key = spec.part("neighbors")
        metrics = {entry.spec.part("neighbors") for entry in self._maps.grid.entries}
        with self._lock:
            space = self._spaces.get(key) or self._new_space(spec)
            known = {**self._spaces, key: space}
            self._spaces = {metric: space for metric, space in known.items() if metric in metrics}
        return space

    def _new_space(self, spec: Spec) -> OriginalSpace:
        if self._source.distances:
            return GivenDistances(self._source.matrix)
        return OriginalSpace(self._source.matrix, spec["metric"], self._maps.given.metric_params)

    def release(self) -> None:
        """Release what was made of the data."""
        with self._lock:
            self._spaces, self._words = {}, {}

    # --- groups of rows -------------------------------------------------------------------------------

    def distances_between(self, run: RunHandle, by: str | None) -> GroupDistances:
        """Compare the distances between labels or groups on one map with those in the original space."""
        return self.distances_of(run, *self.rows_by(by))

    def distances_shown(self, run: RunHandle, by: str) -> GroupDistances:
        """Compare the distances between 'groups', or else the labels that a view shows, in the same way."""
        return self.distances_of(run, *(self.by_group() if by == "groups" else self.by_shown_label()))

    def distances_of(self, run: RunHandle, names: list[str], rows: list[np.ndarray]) -> GroupDistances:
        """Compare the distances between some sets of rows on one map with those in the original space."""
        if len(names) < 2:
            raise InvalidValueError(f"measuring between groups needs at least two groups, found {len(names)}")
        if self._source.distances:
            raise DataError("X holds distances, not rows: groups have no means to measure between")
        state: MapState = "settled" if run.settled else "moving" if run.iteration else "initial"
        spec = self._maps.grid.spec(run.id)
        found = group_distances(self.space(spec), layout_of(run), names, rows)
        return replace(found, library=self._source.library, state=state, metric=self._metric_told(spec))

    def rows_by(self, by: str | None) -> Named:
        """Return the sets of rows that a user names: the categories of a column, or the groups."""
        if isinstance(by, str) and by == "groups" and "groups" not in self._source.columns:
            return self.by_group()
        if by is not None:
            return self._by_column(by)
        labels = self._with_categories(self._colors.default_labels)
        if labels is None and len(self._rows.groups):
            return self.by_group()
        return self._by_labels(labels)

    def by_group(self) -> Named:
        """Return the groups."""
        return list(self._rows.groups), list(self._rows.groups.values())

    def by_shown_label(self) -> Named:
        """Return the labels that a view shows: the column that colours, else the first of `labels`.

        Only columns with categories count.
        """
        return self._by_labels(self.label_column_shown)

    def labels_shown(self) -> Named:
        """Return the same; nothing if there are none."""
        column = self.label_column_shown
        return ([], []) if column is None else self._by_column(column)

    @property
    def label_column_shown(self) -> str | None:
        """The column of these labels; None if there is none."""
        shown = () if self._colors.column is None else (self._colors.column,)
        return self._with_categories((*shown, *self._source.colorings))

    def _by_labels(self, column: str | None) -> Named:
        if column is None:
            raise InvalidValueError(
                "there are neither labels with categories nor groups: name a column with by="
            )
        return self._by_column(column)

    def _by_column(self, name: str) -> Named:
        column = self._source.column(name)
        if "categories" not in column.kinds:
            why = column.why_not or f"{column.called} is of type {column.type}"
            raise DataError(f"{why}: it has no categories")
        categories = column.categories()
        order = np.argsort(categories.codes, kind="stable")
        rows = np.split(order, np.cumsum(categories.counts)[:-1])
        n = len(rows) - categories.has_missing
        return categories.names[:n], rows[:n]

    def _with_categories(self, names: Sequence[str]) -> str | None:
        """Return the first column that has categories."""
        return next((name for name in names if "categories" in self._source.column(name).kinds), None)

    # --- what sets rows apart -----------------------------------------------------------------------

    def contrast(self, selection: Any, against: Any, selected_now: np.ndarray) -> Any:
        """Return as a frame what sets some rows apart, strongest first."""
        chosen = selected_now if selection is None else self._rows.given("selection", selection)
        rest = isinstance(against, str) and against == "rest" and "rest" not in self._rows.groups
        selected, other = self.sides(chosen, None if rest else self._rows.given("against", against))
        table = as_columns(*result_of(self.contrast_in_steps(selected, other)))
        return self._source.new_frame(table, indexed=False)

    def contrast_in_steps(
        self, selected: np.ndarray, other: np.ndarray
    ) -> Generator[None, None, tuple[Numbers, list[Share], list[Share]]]:
        """Compare both sides in steps: numbers, categories, and words of texts."""
        compared = numbers(self._source, selected, other)
        yield
        categories = shares(self._source, selected, other)
        counted = [self.words_of(column) for column in texts(self._source)]
        for one in counted:
            yield
            one.count()
        yield
        return compared, categories, words(counted, selected, other)

    def words_of(self, column: Column) -> Words:
        """Return the words of a column of texts, which are counted once."""
        with self._lock:
            return self._words.setdefault(column.name, Words(column))

    def sides(self, selected: np.ndarray, against: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows on both sides of a contrast; None means the rest."""
        others = np.arange(self._n) if against is None else against
        other = np.setdiff1d(others, selected, assume_unique=True)
        if not len(selected):
            raise SelectionError("nothing is selected: select the rows to compare")
        if not len(others):
            raise SelectionError("against holds no rows: there is nothing to compare the selection with")
        if not len(other):
            whom = "all rows" if against is None else "all rows to compare them with"
            raise SelectionError(f"{whom} are selected: none are left on the other side")
        return selected, other


def _among(run: Run) -> Neighbors:
    known = run.neighbors
    if known is None:
        raise NotComputedError(_NOT_SEARCHED)
    return known


def agree_by_construction(specs: Sequence[Spec]) -> Needs | None:
    """Return what maps that agree by construction would need to differ; None for other maps."""
    first, *others = specs
    if any(other.method != first.method for other in others):
        return None
    names = {name for other in others for name in other.changed(first) if name in AXES}
    needs = AXES[names.pop()].needs if len(names) == 1 else None
    lacking = needs and needs.axis in first.values and name_of(first.values[needs.axis]) != needs.value
    return needs if lacking else None
