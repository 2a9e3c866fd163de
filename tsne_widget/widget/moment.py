"""What may be read from one map as it is at one moment."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

from ..errors import NotComputedError, TSNEWidgetError
from ..honesty import words
from ..honesty.beside import clump_beside
from ..honesty.clumps import Clumps, Gap, clumps_in_steps
from ..honesty.contrast import contrast
from ..honesty.findings import Finding, FoundGap
from ..honesty.links import LINKS
from ..honesty.noise import QUICK_ROWS, Noise, noise_in_steps, seconds_of_noise
from ..honesty.sample import NoAnswerError, Sampled
from ..honesty.verdict import Verdict, seconds_of_verdict, verdict_in_steps
from ..maps.grid import Spec
from ..maps.status import Layout
from ..measures.measure import Data
from ..measures.neighborhoods import has_place, map_neighbors_in_steps
from ..parameters.constants import KEPT_NEIGHBORS, LINEUP_PANELS

Result = TypeVar("Result")
#: Seconds of a map, per row.
_SECONDS_OF_MAP = 1e-3
#: Work in slices; the caller may abandon it after any.
Slices: TypeAlias = Generator[Any, None, Result]


class NamedRows(NamedTuple):
    """Some rows, and their name as a sentence has it."""

    name: str
    rows: np.ndarray


class Moment:
    """One map at one moment; each answer is computed once.

    Parameters
    ----------
    layout : Layout
        The map.
    spec : Spec
        Its parameters.
    data : Data
        The rows in its metric.
    sampled : Sampled
        The same, to take samples from.
    measure : callable
        Takes the name of a measure, and returns the steps that compute its values on this map.
    rows : ndarray, optional
        The rows that the map is made of; by default all. The answers are about these alone, as if there were
        no others; `data` and `sampled` are of all rows.
    """

    def __init__(
        self,
        layout: Layout,
        spec: Spec,
        data: Data,
        sampled: Sampled,
        measure: Callable[[str], Slices[np.ndarray]],
        rows: np.ndarray | None = None,
    ):
        self.layout, self.spec = layout, spec
        self.sampled, self._data, self._measure = sampled, data, measure
        #: From here on a row is a position among those that the map is made of.
        self._rows = rows
        self.points = layout.points if rows is None else layout.points[rows]
        if rows is not None:
            self.sampled = sampled.of(rows)
            self._data = replace(data, neighbors=lambda: data.neighbors().among(rows))
        self._known: dict[str, Any] = {}

    # --- the map --------------------------------------------------------------------------------------

    @property
    def searched(self) -> bool:
        """Whether the nearest rows are known, without which nothing can be told."""
        try:
            self._data.neighbors()
        except NotComputedError:
            return False
        return True

    def fits(self, group: NamedRows | None = None) -> Slices[Finding]:
        """Tell how many of the nearest rows are kept, on the whole map or around a group."""
        name = group.name if group else ""
        shares: dict[str, float] = {}
        for measure in ("kept", "missing", "false"):
            try:
                shares[measure] = float(np.nanmean((yield from self._of(measure, group))))
            except (TSNEWidgetError, NoAnswerError) as error:
                if measure != "false":  # which needs more neighbours than the others
                    return words.unknown("fits", name, str(error))
        return words.fits(name, shares["kept"], shares["missing"], shares.get("false"), self._neighbors_kept)

    def torn(self, group: NamedRows | None = None, null: float | None = None) -> Slices[Finding]:
        """Tell how many rows lie far from their nearest rows; `null` is the median on a map of noise."""
        name = group.name if group else ""
        try:
            reach = yield from self._of("reach", group)
        except (TSNEWidgetError, NoAnswerError) as error:
            return words.unknown("torn", name, str(error))
        reach = reach[~np.isnan(reach)]
        return words.torn(name, float((reach > words.TORN).mean()), float(np.median(reach)), null)

    def noise(self, most: int | None = None) -> Slices[Noise]:
        """Compare the data with structureless clouds, measuring so many rows at most."""
        most = min(self._n, self.sampled.most if most is None else most)
        return self.once(f"noise {most}", partial(noise_in_steps, self.sampled, self._n, most))

    def quick_noise(self) -> Slices[Noise]:
        """Do the same with a thousand rows, and with more only if these look like noise."""
        found = yield from self.noise(QUICK_ROWS)
        if not found.structure and found.measured < self._n:
            found = yield from self.noise()
        return found

    def gaps(self) -> Slices[tuple[FoundGap, ...]]:
        """Tell of each gap of the map whether the data have it, the deepest first."""
        return self.once("gaps", self._judge_gaps)

    def clumps(self) -> Slices[list[np.ndarray]]:
        """Find the clumps of the map, and return the rows of each."""
        clumps = yield from self._clumps()
        return [self._among_all(clumps.rows(clump)) for clump in range(clumps.count)]

    def seconds(self) -> Slices[dict[str, float]]:
        """Estimate how long the costly questions take."""
        clumps = yield from self._clumps()
        count = np.bincount(clumps.of[clumps.of >= 0], minlength=clumps.count)
        return {
            "noise": seconds_of_noise(self._n, self.sampled),
            "gaps": sum(
                seconds_of_verdict(count[gap.first] + count[gap.second], self.sampled) for gap in clumps.gaps
            ),
            "torn": self._n * _SECONDS_OF_MAP,
            "lineup": (LINEUP_PANELS - 1) * self._n * _SECONDS_OF_MAP,
        }

    # --- groups ---------------------------------------------------------------------------------------

    def verdict(self, first: NamedRows, second: NamedRows | None = None) -> Slices[Verdict]:
        """Tell whether two groups are apart in the data; by default one and the clump beside it.

        Raises
        ------
        NoAnswerError
            Nobody can tell, for the reason in its message.
        """
        close = second is not None
        one = self._here(first)
        other = (yield from self._beside(one)) if second is None else self._here(second)
        found = yield from verdict_in_steps(self.sampled, self._links(), one.rows, other.rows, close=close)
        return replace(found, names=(one.name, other.name), links=self._among_all(found.links))

    def _beside(self, group: NamedRows) -> Slices[NamedRows]:
        """Find the clump beside a group."""
        clumps = yield from self._clumps()
        return NamedRows("the clump beside it", clump_beside(self._links(), clumps, group.rows))

    def strong(self, group: NamedRows, others: list[NamedRows]) -> Slices[Finding]:
        """Tell how far away the nearest of other groups is; without any, the clump beside it."""
        try:
            group = self._here(group)
            there = [self._here(other) for other in others]
            rivals = there or [(yield from self._beside(group))]
            found = []
            for rival in rivals:
                found.append((self._contrast(group.rows, rival.rows), rival.name))
                yield
            found = [one for one in found if np.isfinite(one[0])]
            if not found:
                raise NoAnswerError("all of its rows are equal")
            value, name = min(found)
            return words.strong(group.name, value, name)
        except NoAnswerError as error:
            return words.unknown("strong", group.name, str(error))

    # --- what they stand on ---------------------------------------------------------------------------

    @property
    def _n(self) -> int:
        return len(self.points)

    def _here(self, group: NamedRows) -> NamedRows:
        """Return those rows of a group of which the map is made.

        Raises
        ------
        NoAnswerError
            It is made of none of them.
        """
        if self._rows is None:
            return group
        found = np.flatnonzero(np.isin(self._rows, group.rows))
        if not len(found):
            raise NoAnswerError("none of its rows are on this map")
        return group._replace(rows=found)

    def _among_all(self, rows: np.ndarray) -> np.ndarray:
        """Return the positions of some rows among all rows of the data."""
        return rows if self._rows is None else self._rows[rows]

    def _clumps(self) -> Slices[Clumps]:
        return self.once("clumps", self._find_clumps)

    @property
    def _neighbors_kept(self) -> int:
        return min(KEPT_NEIGHBORS, self._data.neighbors().indices.shape[1])

    def _links(self) -> np.ndarray:
        """Return the nearest rows of every row; raise NotComputedError before they are known."""
        return self._data.neighbors().indices[:, :LINKS].astype(np.int64)

    def _of(self, measure: str, group: NamedRows | None) -> Slices[np.ndarray]:
        """Return the values of a measure, of all rows or of a group."""
        values = yield from self.once(measure, partial(self._measure, measure))
        here = values if self._rows is None else values[self._rows]
        return here if group is None else here[self._here(group).rows]

    def _find_clumps(self) -> Slices[Clumps]:
        points = self.points
        k = min(LINKS, int(has_place(points).sum()) - 1)
        neighbors = yield from map_neighbors_in_steps(points, k)
        return (yield from clumps_in_steps(points, neighbors))

    def _judge_gaps(self) -> Slices[tuple[FoundGap, ...]]:
        clumps = yield from self._clumps()
        found = []
        for gap in clumps.gaps:
            found.append((yield from self._judge(gap, clumps)))
        return tuple(found)

    def _judge(self, gap: Gap, clumps: Clumps) -> Slices[FoundGap]:
        sides = clumps.rows(gap.first), clumps.rows(gap.second)
        among_all = [self._among_all(side) for side in sides]
        lines = [line.astype(np.float32) for line in gap.lines]
        try:
            found = yield from verdict_in_steps(self.sampled, self._links(), *sides, close=False)
        except NoAnswerError as error:
            return FoundGap(None, words.no_answer(str(error)), {"depth": gap.depth}, lines, *among_all)
        return FoundGap(found.answer, found.sentence, {**found.values, "depth": gap.depth}, lines, *among_all)

    def _contrast(self, first: np.ndarray, second: np.ndarray) -> float:
        rows = np.concatenate([first, second])
        places = self.sampled.places(rows)
        return contrast(places[: len(first)], places[len(first) :])

    def once(self, name: str, begin: Callable[[], Slices[Result]]) -> Slices[Result]:
        """Return what the steps return, computed at the first call."""
        if name not in self._known:
            self._known[name] = yield from begin()
        result: Result = self._known[name]
        return result
