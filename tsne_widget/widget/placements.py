"""New rows on the maps of a widget: given once, placed by each map whenever it rests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np

from ..data import NewRowsGiven, Source, as_positions, read_new_rows
from ..data.output import new_frame
from ..errors import NotComputedError, PlacingWarning, invalid_type
from ..maps.engine import engine
from ..maps.grid import Spec
from ..maps.placing import GivenRows, Placed, reach_of
from ..maps.session import Place
from ..maps.titles import column_suffixes
from ..parameters.warn import warn_user
from ..tsne.query_index import QueryIndex
from ..wire import traits
from .driver import Driver
from .map_set import MapSet

#: The name of new rows that the user does not name.
NAME = "new rows"


class Placements:
    """The new rows of a widget; `shown` are its traits."""

    def __init__(self, shown: Any, driver: Driver, source: Source, maps: MapSet):
        self._shown, self._driver, self._source, self._maps = shown, driver, source, maps
        self._numbers = count(1)
        self._index = QueryIndex()
        self._given: NewRowsGiven | None = None
        self._rows: GivenRows | None = None
        self._name = NAME
        self._warned = False

    def place(self, X_new: Any, labels: Any, name: Any) -> None:
        """Place other new rows, or none, on all maps."""
        self._driver.require_open()
        if X_new is None:
            self._take(None, None, NAME)
            return
        if not isinstance(name, str | None):
            raise invalid_type("name", name, "a text, or None")
        given = read_new_rows(self._source, X_new, labels)
        settings = self._maps.given
        rows = GivenRows(
            next(self._numbers),
            self._source.on_scale(given.matrix),
            given.matrix,
            lambda: self._source.matrix,
            distances=self._source.distances,
            params=settings.metric_params,
            search=settings.neighbors,
            index=self._index,
            pool=engine().pool.limited_to(settings.n_jobs),
        )
        self._take(given, rows, name or NAME)
        if given.unknown:
            warn_user(
                f"X_new has columns that X has not, and they are not used: {', '.join(given.unknown)}",
                PlacingWarning,
            )

    def release(self) -> None:
        """Forget the index of the data; what is placed stays."""
        self._index.forget()

    def check_selection(self, value: Any) -> list[int]:
        """Check which new rows are selected, and sort them."""
        n = 0 if self._given is None else len(self._given)
        return as_positions(value, n, "selected_placed").tolist()

    @property
    def placed(self) -> Any:
        """The new rows as a frame; those not placed on a map yet are NaN there."""
        given, rows = self._given, self._rows
        if given is None or rows is None:
            raise NotComputedError("there are no new rows: place(X_new) places some")
        columns: dict[str, Any] = {}
        if given.label is not None:
            columns["label"] = given.label.taken(np.arange(len(given)))
        suffixes, placed = column_suffixes(self._maps.grid), self.placed_on
        for run in self._maps.grid.runs:
            nowhere = np.full((len(given), 2), np.nan, np.float32)
            points = placed[run].points + self._offset(run) if run in placed else nowhere
            columns[f"x{suffixes[run]}"], columns[f"y{suffixes[run]}"] = points.T
        for suffix, spec in self._by_metric().items():
            nearest = self._nearest(spec)
            columns[f"nearest{suffix}"], columns[f"distance{suffix}"] = nearest
            columns[f"beyond{suffix}"] = self._beyond(spec, nearest[1])
        selected = np.zeros(len(given), bool)
        selected[self._shown.selected_placed] = True
        columns["selected"] = selected
        self.warn()
        return new_frame(columns, given.library, given.index)

    def _offset(self, run: int) -> np.ndarray | float:
        """Return how far the coordinates that others made lie from the layout, which centres them."""
        found = self._maps.run_of(run)
        given = None if found is None or found.layout is None else found.layout.as_given
        return 0.0 if given is None else np.nanmean(given.astype(np.float64), axis=0)

    def warn(self) -> None:
        """Warn once of new rows beyond the data, and of maps that cannot place any."""
        if self._rows is None or self._warned:
            return
        runs = [run for run in map(self._maps.run_of, self._maps.grid.runs) if run is not None]
        if len(runs) < len(self._maps.grid.runs) or not all(run.placed or run.place_error for run in runs):
            return
        self._warned = True
        said = [
            f"{self._maps.title_of(run.number)} shows no new rows: {run.place_error}"
            for run in runs
            if run.place_error
        ]
        for suffix, spec in self._by_metric().items():
            beyond = self._beyond(spec, self._nearest(spec)[1])
            rows = np.flatnonzero(np.array(beyond, bool))
            if len(rows):
                metric = f" by {spec.written['metric']} distance" if suffix else ""
                said.append(beyond_in_words(rows, len(self._rows), metric))
        if said:
            warn_user("; ".join(said), PlacingWarning)

    def _take(self, given: NewRowsGiven | None, rows: GivenRows | None, name: str) -> None:
        with self._driver.lock:
            self._given, self._rows, self._name, self._warned = given, rows, name, False
            told = None
            if given is not None and rows is not None:
                saved = self._maps.given.save_state
                names, labels = (given.names, given.label_texts) if saved else (None, None)
                told = traits.new_rows_trait(rows.number, len(given), name, names, labels)
            self._shown.selected_placed = []
            self._shown._new_rows = told
            self._driver.send(Place(rows))

    @property
    def labels(self) -> Sequence[str | None]:
        """The label of each row in words; None if it is missing, or there are none."""
        if self._given is None:
            return ()
        return self._given.label_texts or [None] * len(self._given)

    @property
    def in_words(self) -> str:
        """What the squares on a picture are."""
        n = len(self.labels)
        return f"Squares: {self._name}, {n:,} row{'s' if n != 1 else ''}."

    @property
    def placed_on(self) -> dict[int, Placed]:
        """The present rows on the maps where they are placed, by run."""
        runs = ((run, self._maps.run_of(run)) for run in self._maps.grid.runs)
        known = {run: found.placed for run, found in runs if found is not None}
        number = self._rows and self._rows.number
        return {run: placed for run, placed in known.items() if placed and placed.number == number}

    def _by_metric(self) -> dict[str, Spec]:
        """Return a map of each metric, by the suffix of its columns."""
        specs = {spec.part("neighbors"): spec for _, spec in reversed(self._maps.grid.entries)}
        if len(specs) == 1:
            return {"": next(iter(specs.values()))}
        return {f"_metric_{spec.written['metric']}": spec for spec in reversed(specs.values())}

    def _nearest(self, spec: Spec) -> tuple[np.ndarray, np.ndarray]:
        """Return the row nearest to each new row in the metric of a map, and its distance."""
        assert self._rows is not None
        found = self._rows.in_metric(spec.part("neighbors"), spec["metric"]).nearest(1)
        return found.indices[:, 0].astype(np.int64), found.distances[:, 0]

    def _beyond(self, spec: Spec, distances: np.ndarray) -> Sequence[bool | None]:
        """Tell which new rows lie beyond the data; None for each before the neighbours are known."""
        reach = reach_of(self._driver.session.shared_work.known_in(spec))
        return [None] * len(distances) if reach is None else (distances > reach).tolist()


def beyond_in_words(rows: np.ndarray, n: int, metric: str = "") -> str:
    """Say that new rows lie beyond the data."""
    lie = "lies" if len(rows) == 1 else "lie"
    return (
        f"{len(rows):,} of {n:,} new rows {lie} beyond the data{metric}, first row {rows[0]}: farther from "
        "the nearest row of X than any row of X from its own, so the position means little"
    )
