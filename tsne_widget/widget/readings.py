"""What may be read from the maps: answers to questions about a map, a group of rows, or two of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..data import Source
from ..errors import DataError, InvalidValueError, SelectionError, shortened
from ..honesty import words
from ..honesty.findings import Finding, Found, FoundGap
from ..honesty.links import LINKS
from ..honesty.noise import Noise
from ..honesty.report import Report
from ..honesty.sample import NoAnswerError, Sampled
from ..honesty.verdict import Verdict
from ..maps.engine import engine
from ..maps.status import Layout
from ..measures.measure import measure_in_steps
from ..measures.reach import reach_in_steps
from ..measures.registry import measure_named
from ..parameters.constants import LINEUP_PANELS_MAX, REPORT_NOISE_ROWS
from ..parameters.limits import Limit
from ..tsne.neighbors import find_neighbors
from ..tsne.steps import result_of
from ..wire import protocol
from .colors import Colors
from .handle import RunHandle, newest_layout
from .lineup import LineUp, Panels
from .lining_up import SEEDS, aloud, panels_in_steps
from .luck import Repeating
from .map_set import MapSet
from .measurements import Measurements
from .measuring import Measuring
from .moment import Moment, NamedRows, Slices
from .null_maps import NullMaps
from .row_set import RowSet


class Readings:
    """Answers what users and clients ask about the honesty of a map."""

    def __init__(
        self,
        shown: Any,
        source: Source,
        maps: MapSet,
        rows: RowSet,
        colors: Colors,
        measurements: Measurements,
        measuring: Measuring,
        repeating: Repeating,
    ):
        self._shown, self._source = shown, source
        self._maps, self._rows, self._colors = maps, rows, colors
        self._measurements, self._measuring = measurements, measuring
        self._repeating = repeating
        self._null_maps = NullMaps(source, maps)
        #: The last moment of each map that was asked about.
        self._moments: dict[int, Moment] = {}

    def release(self) -> None:
        """Forget what was found, and the data."""
        self._moments = {}

    # --- for clients ----------------------------------------------------------------------------------

    def steps(self, query: protocol.Read) -> Slices[Found]:
        """Answer a client's question, in slices."""
        moment = self._moment(RunHandle(self._maps, query.run))
        found = partial(Found, query.run, moment.layout.epoch, moment.layout.iteration)
        match query.question:
            case "map" if not moment.searched:
                return found(())
            case "map":
                findings, advice = yield from self._about_the_map(moment, query.run)
                return found(findings, advice=advice, seconds=(yield from moment.seconds()))
            case "torn":
                return found(((yield from self._torn_beside_noise(moment, query.run)),))
            case "noise":
                return found(((yield from self._noise(moment.noise())),))
            case "gaps":
                gaps = yield from moment.gaps()
                return found((words.gaps(gaps),), gaps=gaps)
            case "group":
                group = self._asked(query.first)
                return found((yield from self._about_group(moment, query.run, group, [])))
            case "verdict":
                second = None if query.second is None else self._asked(query.second)
                return (yield from self._verdict_found(moment, self._asked(query.first), second, found))
        raise AssertionError(query.question)

    def panels(self, query: protocol.LineUp) -> Generator[float, None, tuple[Layout, Panels]]:
        """Put a map among maps of noise for a client, in slices; tell also which layout it had."""
        run = RunHandle(self._maps, query.run)
        moment = self._moment(run)
        return moment.layout, (yield from self._panels(run, moment, query.n, None))

    def _asked(self, subject: protocol.Subject | None) -> NamedRows:
        """Return the rows that a client names."""
        if subject is None or subject.name is None:
            return self._selection()
        if subject.of == "group":
            return NamedRows(f"'{subject.name}'", self._rows.groups[subject.name])
        return self._labeled(subject.name, self._colors.column)

    def _verdict_found(
        self, moment: Moment, first: NamedRows, second: NamedRows | None, found: Any
    ) -> Slices[Found]:
        _require_apart(first, second)
        try:
            verdict = yield from moment.verdict(first, second)
        except NoAnswerError as error:
            return found((words.unknown("apart", first.name, str(error)),))
        return found((words.apart(verdict),), links=verdict.links)

    # --- for Python -----------------------------------------------------------------------------------

    def verdict(self, run: RunHandle | None, a: Any, b: Any) -> Verdict:
        """Tell whether two groups of rows are apart; without b, whether one is from the clump beside it."""
        first = self._given("a", a)
        second = None if b is None else self._given("b", b)
        _require_apart(first, second)
        if run is None:
            alone = second is None  # then the clumps of a map matter
            run = self._maps.only("verdict()") if alone else self._maps.handles[self._maps.reference]
        try:
            return result_of(self._moment(run).verdict(first, second))
        except NoAnswerError as error:
            raise DataError(words.no_answer(str(error))) from None

    def gaps(self, run: RunHandle) -> tuple[FoundGap, ...]:
        """Tell of each gap of a map whether the data have it."""
        return result_of(self._moment(run).gaps())

    def lineup(self, run: RunHandle, n: Any, seed: Any) -> LineUp:
        """Put a map among maps of noise; print the progress if it takes long."""
        n = Limit(2, LINEUP_PANELS_MAX, integer=True).check("n", n)
        seed = Limit(0, SEEDS - 1, integer=True, also=(None,)).check("seed", seed)
        return LineUp(aloud(self._panels(run, self._moment(run), n, seed), "maps of noise"))

    def report(self, run: RunHandle, by: str | None) -> Report:
        """Tell what may be read from a map, and from the selection and the groups, or from labels."""
        moment = self._moment(run)
        fits, torn, _, *luck = result_of(self._about_the_map(moment, run.id))[0]
        gaps = result_of(moment.gaps())
        if self._source.n <= REPORT_NOISE_ROWS:
            beside_noise = result_of(self._torn_beside_noise(moment, run.id))
            torn = beside_noise if beside_noise.values else torn
        told = [fits, torn, result_of(self._noise(moment.noise())), words.gaps(gaps), *luck]
        for group, others in self._groups(by):
            told += result_of(self._about_group(moment, run.id, group, others))
        where = "" if run.settled else ", which has not settled"
        title = f"What may be read from this map ({run.title}, iteration {moment.layout.iteration}{where})"
        return Report(title, tuple(told), gaps, partial(self._source.new_frame, indexed=False))

    def _groups(self, by: str | None) -> Sequence[tuple[NamedRows, list[NamedRows]]]:
        """Return the groups to report on, each with the others of its kind."""
        if by is not None:
            names, rows = self._measurements.rows_by(by)
            groups = [NamedRows(f"'{name}'", some) for name, some in zip(names, rows, strict=True)]
        else:
            groups = [NamedRows(f"'{name}'", rows) for name, rows in self._rows.groups.items()]
        several = [(group, [one for one in groups if one is not group]) for group in groups]
        if by is None and 0 < len(self._shown.selection) < self._source.n:
            several.insert(0, (self._selection(), []))
        return several

    def _given(self, name: str, value: Any) -> NamedRows:
        """Return the rows of a group or of a label by its name, or the given rows."""
        if isinstance(value, str):
            if value in self._rows.groups:
                return NamedRows(f"'{value}'", self._rows.groups[value])
            return self._labeled(value, self._colors.label_column())
        rows = self._rows.given(name, value)
        if not len(rows):
            raise SelectionError(f"{name} holds no rows")
        return NamedRows("", rows)

    # --- answers --------------------------------------------------------------------------------------

    def _about_the_map(self, moment: Moment, run: int) -> Slices[tuple[tuple[Finding, ...], Finding | None]]:
        """Return the cheap findings, and the most important one."""
        fits = yield from moment.fits()
        torn = yield from moment.torn()
        noise = yield from self._noise(moment.quick_noise())
        luck = yield from self._luck_of_clumps(moment, run)
        findings = tuple(filter(None, (fits, torn, noise, luck)))
        return findings, words.advice(noise, torn, fits, luck)

    def _torn_beside_noise(self, moment: Moment, run: int) -> Slices[Finding]:
        """Tell how torn a map is, beside a map of structureless data of the same shape."""
        try:
            null = yield from moment.once("null", partial(self._reach_of_noise, moment, run))
        except NoAnswerError as error:
            return words.unknown("torn", "", str(error))
        return (yield from moment.torn(null=null))

    def _reach_of_noise(self, moment: Moment, run: int) -> Slices[float]:
        """Return the median reach on a map of structureless data."""
        rows, points = yield from self._null_maps.steps(run, moment.sampled, 0)
        found = yield from find_neighbors(rows, LINKS, pool=engine().pool)
        return float(np.median((yield from reach_in_steps(found.indices, points))))

    def _panels(
        self, run: RunHandle, moment: Moment, n: int, seed: int | None
    ) -> Generator[float, None, Panels]:
        try:
            noise = self._noise(moment.noise())
            return (yield from panels_in_steps(self._null_maps, run.id, moment, noise, n, seed))
        except NoAnswerError as error:
            raise DataError(words.no_answer(str(error))) from None

    def _noise(self, steps: Slices[Noise]) -> Slices[Finding]:
        try:
            return words.noise((yield from steps))
        except NoAnswerError as error:
            return words.unknown("noise", "", str(error))

    def _luck_of_clumps(self, moment: Moment, run: int) -> Slices[Finding | None]:
        """Tell how many clumps come apart on repetitions of the map; None without, and while they move."""
        clumps = yield from moment.clumps()
        if len(clumps) < 2 or not self._is_repeated(run):
            return None
        luck = yield from self._repeating.compare([""] * len(clumps), ([""] * len(clumps), clumps))
        return words.luck_of_clumps(luck) if luck.maps else None

    def _luck(self, run: int, group: NamedRows) -> Slices[Finding | None]:
        """Tell whether a group stays together on repetitions; None without any, and while they move."""
        if not self._is_repeated(run):
            return None
        luck = yield from self._repeating.compare([""], ([group.name], [group.rows]))
        return words.luck(group.name, luck) if luck.maps else None

    def _is_repeated(self, run: int) -> bool:
        """Tell whether repetitions, which have come to rest, would be of this map."""
        return run == self._repeating.base and self._repeating.at_rest

    def _about_group(
        self, moment: Moment, run: int, group: NamedRows, others: list[NamedRows]
    ) -> Slices[tuple[Finding, ...]]:
        fits = yield from moment.fits(group)
        strong = yield from moment.strong(group, others)
        try:
            apart = words.apart((yield from moment.verdict(group)))
        except NoAnswerError as error:
            apart = words.unknown("apart", group.name, str(error))
        luck = yield from self._luck(run, group)
        return tuple(filter(None, (fits, luck, apart, strong)))

    # --- what they stand on ---------------------------------------------------------------------------

    def _moment(self, run: RunHandle) -> Moment:
        """Return a map as it is now; what was found about it since it last moved is known."""
        layout = newest_layout(run)
        spec = self._maps.grid.spec(run.id)
        known = self._moments.get(run.id)
        if known is None or known.layout is not layout or known.spec != spec:
            space = self._measurements.space(spec)
            sampled = Sampled(space.matrix, space.metric, space.params)
            measure = partial(self._measured, run, layout.points)
            data, rows = self._measurements.data_of(run), self._maps.rows_of(run.id)
            known = Moment(layout, spec, data, sampled, measure, rows)
            held = {one.id for one in self._maps.handles}
            self._moments = {**{i: one for i, one in self._moments.items() if i in held}, run.id: known}
        return known

    def _measured(self, run: RunHandle, points: np.ndarray, name: str) -> Slices[np.ndarray]:
        """Compute a measure on a map as it was at that moment."""
        context = self._measuring.context([run])
        context = replace(context, maps=(replace(context.maps[0], points=points),))
        found = yield from measure_in_steps(measure_named(name), context)
        return found.values[0]

    def _selection(self) -> NamedRows:
        selection = self._shown.selection
        if not len(selection):
            raise SelectionError("nothing is selected: circle the rows to ask about")
        return NamedRows("the selection", selection)

    def _labeled(self, name: str | None, column: str | None) -> NamedRows:
        """Return the rows of a label."""
        names, rows = self._measurements.rows_by(column)
        if name not in names:
            raise InvalidValueError(f"{shortened(name)} is neither a group nor a label of {column!r}")
        return NamedRows(f"'{name}'", rows[names.index(name)])


def _require_apart(first: NamedRows, second: NamedRows | None) -> None:
    """Raise if two groups share rows."""
    if second is None:
        return
    both = len(np.intersect1d(first.rows, second.rows))
    if both:
        raise SelectionError(f"the two groups share {both} rows: each row must be in one of them")
