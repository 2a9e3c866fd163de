"""Computes the measures of the registry for one widget."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..errors import InvalidTypeError, InvalidValueError, NotComputedError, shortened
from ..maps.grid import Spec
from ..maps.methods import method_of
from ..measures.measure import Context, Map, Measure, Measured, measure_in_steps
from ..measures.original_space import check_row
from ..measures.registry import measure_named, measures
from ..parameters.warn import warn_user
from ..tsne.steps import result_of
from ..wire.protocol import MeasureRows
from .handle import RunHandle, layout_of
from .map_set import MapSet
from .measurements import Measurements


class Measuring:
    """Measures rows: for users, for clients, and for saved pictures and pages."""

    def __init__(self, maps: MapSet, measurements: Measurements):
        self._maps, self._measurements = maps, measurements

    def measure(self, name: Any, runs: Any, row: Any) -> np.ndarray:
        """Return the values for `w.measure()`."""
        measure = measure_named(name)
        if measure.needs == "maps":
            chosen = self._measurements.comparable(name, runs)
        elif runs is not None:
            raise InvalidValueError(f"runs={shortened(runs)} has no effect: {name!r} does not compare maps")
        else:
            chosen = [self._maps.only(f"measure({name!r})")] if measure.needs == "map" else []
        return self._values(measure, chosen, row)

    def measure_on(self, run: RunHandle, name: Any, row: Any) -> np.ndarray:
        """Return the values for `w.runs[i].measure()`."""
        measure = measure_named(name)
        if measure.needs == "maps":
            raise InvalidValueError(f"name={name!r} compares maps: ask w.measure({name!r})")
        return self._values(measure, [run], row)

    def steps(self, query: MeasureRows) -> Generator[None, None, Measured]:
        """Measure what a client asks for, in steps."""
        handles = [RunHandle(self._maps, run) for run in query.runs]
        return measure_in_steps(measure_named(query.measure), self.context(handles, query.row))

    def shown(self, mode: str, selection: np.ndarray) -> Measured | None:
        """Compute the measure that colours; None if none does, or the row to measure from is unknown."""
        measure = measures().get(mode)
        if measure is None or (measure.needs == "row" and len(selection) != 1):
            return None
        handles: Sequence[RunHandle] = ()
        if measure.needs == "maps":
            handles = self._measurements.comparable(mode, None)
        elif measure.needs == "map":
            handles = self._maps.with_layouts()
            if not handles:
                raise NotComputedError(f"{mode} needs a map with a layout; found none")
        row = int(selection[0]) if measure.needs == "row" else None
        return result_of(measure_in_steps(measure, self.context(handles, row)))

    def _values(self, measure: Measure, handles: Sequence[RunHandle], row: Any) -> np.ndarray:
        if measure.needs == "row" and row is None:
            raise InvalidTypeError(f"{measure.name!r} needs row=, the position of a row")
        if measure.needs == "row":
            row = check_row("row", row, self._maps.n_rows)
        elif row is not None:
            raise InvalidValueError(
                f"row={shortened(row)} has no effect: {measure.name!r} does not measure from a row"
            )
        found = result_of(measure_in_steps(measure, self.context(handles, row)))
        if found.caution is not None:
            warn_user(found.caution.text, found.caution.warning)
        return found.values[0]

    def context(self, handles: Sequence[RunHandle], row: int | None = None) -> Context:
        """Return the inputs of a measure on some maps as they are now."""
        spec = self._maps.grid.spec
        data = self._measurements.data(spec(handles[0].id) if len(handles) == 1 else None)
        maps = tuple(self._map(run, spec(run.id)) for run in handles)
        lacking, several = self._measurements.lacking(handles), self._measurements.several_metrics
        return Context(self._maps.n_rows, data, maps, row, lacking, several)

    def _map(self, run: RunHandle, spec: Spec) -> Map:
        use = method_of(spec).use(spec, self._maps.n_rows)
        from_p = use is not None and use.perplexity is not None
        affinities = partial(self._measurements.affinities, spec) if from_p else None
        data = self._measurements.data_of(run)
        rows = self._maps.rows_of(run.id)
        made_of = None if rows is None else len(rows)
        return Map(run.id, run.title, layout_of(run), data, affinities, made_of)
