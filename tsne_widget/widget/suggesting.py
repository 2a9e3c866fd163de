"""Suggests groups: clumps that are found, and names for them, for groups and for labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..data import Source, is_name
from ..data.columns import distinct_names
from ..data.groups import checked_name
from ..data.suggestions import READING, Origin, Suggestion, Suggestions, rest_in_words
from ..errors import InvalidValueError, invalid_type
from ..maps.methods import method_of
from ..measures.clumps import NO_CLUMP, data_clumps_in_steps, default_size, map_clumps_in_steps
from ..measures.names import names_in_steps
from ..measures.neighborhoods import has_place
from ..parameters.limits import Limit, check_one_of
from ..tsne.steps import result_of
from ..wire import news, protocol
from ..wire.desk import Answer
from .driver import Driver
from .handle import RunHandle, newest_layout
from .map_set import MapSet
from .measurements import Measurements
from .moment import Slices
from .row_set import RowSet

#: What a clump is called that nothing sets apart.
CLUMP = "clump"


class Suggesting:
    """The suggested groups of a widget; `shown` is the widget, whose clients hear of changes."""

    def __init__(
        self,
        shown: Any,
        driver: Driver,
        source: Source,
        maps: MapSet,
        rows: RowSet,
        measurements: Measurements,
    ):
        self._shown, self._driver, self._source = shown, driver, source
        self._maps, self._rows, self._measurements = maps, rows, measurements
        self.suggestions = Suggestions(rows.groups, self._show, shown.hold_trait_notifications)

    # --- clumps -------------------------------------------------------------------------------------

    def find(self, on: Any, min_size: Any, run: Any) -> Suggestions:
        """Suggest the clumps of a map or of the data, in place of what was suggested."""
        self._driver.require_open()
        place = check_one_of("on", on, protocol.PLACES)
        size = self._check_size(min_size)
        self._suggest(*result_of(self._steps(place, self._chosen(run), size)))
        return self.suggestions

    def find_for_client(
        self, query: protocol.FindClumps, leave: Callable[[Callable[[], None]], None]
    ) -> Slices[Answer]:
        """Do the same for a client, in slices; stop once the widget is closed."""
        steps = self._steps(query.on, RunHandle(self._maps, query.run), None)
        while True:
            self._driver.require_open()
            try:
                next(steps)
            except StopIteration as end:
                leave(partial(self._suggest, *end.value))
                return None, []
            yield

    def _suggest(self, found: Sequence[Suggestion], origin: Origin) -> None:
        with self._driver.lock:
            self.suggestions.replace(found, origin)

    def _steps(
        self, on: str, run: RunHandle, min_size: int | None
    ) -> Slices[tuple[list[Suggestion], Origin]]:
        layout, spec = newest_layout(run), self._maps.grid.spec(run.id)
        placed = int(has_place(layout.points).sum())
        if on == "map":
            clumps = yield from map_clumps_in_steps(layout.points, min_size or default_size(placed))
        else:
            neighbors = self._measurements.data(spec).neighbors().indices.astype(np.int64)
            clumps = yield from data_clumps_in_steps(neighbors, min_size or default_size(self._source.n))
            placed = self._source.n
        sets = [np.flatnonzero(clumps == number) for number in range(clumps.max() + 1)]
        for rows in sets:
            rows.flags.writeable = False
        names = yield from names_in_steps(self._source, sets, None, self._measurements.words_of)
        called = distinct_names([one.name or f"{CLUMP} {i + 1}" for i, one in enumerate(names)])
        found = [Suggestion(name, rows, one.why) for name, rows, one in zip(called, sets, names, strict=True)]
        words = self._map_in_words(run) if on == "map" else self._data_in_words(run)
        in_none = placed - int((clumps != NO_CLUMP).sum())
        moment = run.id, layout.epoch, layout.iteration
        return found, Origin(on, *moment, words, in_none, self._source.n - placed)

    def _map_in_words(self, run: RunHandle) -> str:
        title = f"the map '{run.title}'" if len(self._maps.handles) > 1 else "the map"
        if not method_of(self._maps.grid.spec(run.id)).live:
            return f"clumps of {title}"
        unsettled = "" if run.settled else ", which has not settled"
        return f"clumps of {title} at iteration {newest_layout(run).iteration}{unsettled}"

    def _data_in_words(self, run: RunHandle) -> str:
        metric = self._measurements.data(self._maps.grid.spec(run.id)).metric
        return f"clumps of rows that share nearest rows in the data ({metric})"

    def _check_size(self, min_size: Any) -> int | None:
        if min_size is None:
            return None
        size: int = Limit(2, self._source.n // 2, integer=True).check("min_size", min_size)
        return size

    def _chosen(self, run: Any) -> RunHandle:
        """Return the map that a user names; by default the reference."""
        handles = self._maps.handles
        if run is None:
            return handles[self._maps.reference]
        limit = Limit(0, len(handles) - 1, integer=True)
        position = self._maps.position_of("run", run, f"{limit}, or one of w.runs")
        return handles[limit.check("run", position)]

    # --- names --------------------------------------------------------------------------------------

    def name_groups(self, by: Any, namer: Any, of: Any) -> dict[str, str]:
        """Name suggestions, groups, or the labels of a column; return the new names by the old ones."""
        self._driver.require_open()
        if namer is not None and by is not None:
            raise InvalidValueError(f"by={by!r} has no effect: namer gives the names")
        if namer is not None and not callable(namer):
            raise invalid_type("namer", namer, "a function that takes rows and returns a name")
        kind, (names, sets) = self._to_name(of)
        if namer is None:
            column = of if kind == "labels" else None
            told = result_of(names_in_steps(self._source, sets, by, self._measurements.words_of, column))
            return self._rename(kind, {old: one for old, one in zip(names, told, strict=True) if one.name})
        given, failures = self._ask(namer, names, sets)
        renamed = self._rename(kind, {name: (to, "") for name, to in given.items()})
        if failures:
            told_of = "; ".join(
                f"{name!r}: {type(error).__name__}: {error}" for name, error in failures.items()
            )
            kept = "; all others have their new names" if given else ""
            raise InvalidValueError(f"namer has no name for {told_of}{kept}") from next(
                iter(failures.values())
            )
        return renamed

    def _to_name(self, of: Any) -> tuple[str, tuple[list[str], list[np.ndarray]]]:
        """Return what is to be named, "suggestions", "groups" or "labels", with names and rows."""
        if of is None:
            of = "suggestions" if len(self.suggestions) else "groups"
            if of == "groups" and not len(self._rows.groups):
                raise InvalidValueError(
                    "there is nothing to name: find_clumps() suggests groups, of= names a column's labels"
                )
        if not is_name(of):
            raise invalid_type("of", of, "'suggestions', 'groups', the name of a column, or None")
        if of == "suggestions" and of not in self._source.columns:
            return "suggestions", (list(self.suggestions), list(self.suggestions.values()))
        kind = "groups" if of == "groups" and of not in self._source.columns else "labels"
        return kind, self._measurements.rows_by(of)

    def _ask(
        self, namer: Callable[[Any], Any], names: Sequence[str], sets: Sequence[np.ndarray]
    ) -> tuple[dict[str, str], dict[str, Exception]]:
        """Have a user's function name rows; return names, and errors, by the names there were."""
        given: dict[str, str] = {}
        failures: dict[str, Exception] = {}
        for name, rows in zip(names, sets, strict=True):
            try:
                given[name] = checked_name(namer(self._source.take(rows)))
            except Exception as error:  # a user's function may raise anything
                failures[name] = error
        return given, failures

    def _rename(self, kind: str, told: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """Show new names, which all differ; labels stay as the data have them."""
        all_names = {"suggestions": list(self.suggestions), "groups": list(self._rows.groups)}.get(kind, [])
        kept = [name for name in all_names if name not in told]
        names = dict(zip(told, distinct_names([name for name, _ in told.values()], kept), strict=True))
        with self._driver.lock:
            if kind == "suggestions":
                self.suggestions.name_anew({old: (names[old], told[old][1]) for old in names})
            elif kind == "groups":
                self._rows.groups.rename_several(names)
        return names

    # --- for clients --------------------------------------------------------------------------------

    def do(self, wish: protocol.SuggestionWish) -> None:
        """Do what the user asks for in a view."""
        match wish:
            case protocol.AcceptSuggestions(names):
                self.suggestions.accept(None if names is None else list(names))
            case protocol.RenameSuggestion(name, to):
                self.suggestions.rename(name, to)
            case protocol.MergeSuggestions(names):
                self.suggestions.merge(*names)
            case protocol.DropSuggestions(names):
                self.suggestions.drop(*(names or ()))

    def told(self) -> Answer:
        """Tell a client the suggestions; their rows are one buffer."""
        with self._driver.lock:
            origin, found = self.suggestions.origin, self.suggestions.all
        if origin is None:
            return None, []
        told = {
            "on": origin.on,
            "run": origin.run,
            "epoch": origin.epoch,
            "iteration": origin.iteration,
            "words": origin.words,
            "reading": READING[origin.on],
            "rest": rest_in_words(origin),
        }
        return news.suggestions_result(told, found)

    def _show(self) -> None:
        with self._driver.lock:
            self._shown._suggested += 1
